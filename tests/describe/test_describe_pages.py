"""Whole rules as pages and as data: cases as files, `<name>.toml` with what is expected of it beside it.

`.txt` is the page, `.json` the document; both were read line by line when they were added.
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


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_rule(name: str) -> None:
    (rule,) = converter.load(f"{name}.toml")
    assert page(rule) == (CASES / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_document_of_a_rule(name: str) -> None:
    (rule,) = converter.load(f"{name}.toml")
    assert document(rule) == json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def test_every_case_has_its_rule() -> None:
    assert {path.stem for path in CASES.iterdir()} == set(NAMES)
