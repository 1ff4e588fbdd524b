"""Whole rules as pages and as data: cases as files, `<name>.toml` with what is expected of it beside it.

`.txt` is the page, `.json` the document; both were read line by line when they were added. `--update-cases` writes what
the converter now says, to be reviewed as a diff.
"""

import json
from pathlib import Path

import pytest

import converter
from converter.describe import document, page

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.toml"))


@pytest.fixture(autouse=True)
def _beside_the_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages name the file that they are about."""
    monkeypatch.chdir(CASES)


def expected(request: pytest.FixtureRequest, file: str, now: str) -> str:
    """What the case expects, first updated if that is asked for."""
    path = CASES / file
    if request.config.getoption("--update-cases"):
        path.write_text(now, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_rule(name: str, request: pytest.FixtureRequest) -> None:
    (rule,) = converter.load(f"{name}.toml")
    assert page(rule) == expected(request, f"{name}.txt", page(rule))


@pytest.mark.parametrize("name", NAMES)
def test_the_document_of_a_rule(name: str, request: pytest.FixtureRequest) -> None:
    (rule,) = converter.load(f"{name}.toml")
    shown = json.dumps(document(rule), indent=1) + "\n"
    assert shown == expected(request, f"{name}.json", shown)


def test_every_case_has_its_rule() -> None:
    assert {path.stem for path in CASES.iterdir()} == set(NAMES)
