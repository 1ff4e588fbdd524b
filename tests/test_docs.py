"""Pages that are made of the code are what the code would make of them now; examples in the README are true."""

import re
from pathlib import Path

import pytest

from docs.generate import EXAMPLE, FOLDER, README, pages, with_outputs

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "name",
    [
        "losses.md",
        "targets.md",
        "support.md",
        "targets/elasticsearch.md",
        "targets/splunk.md",
        "schemas/kibana-rule.schema.json",
    ],
)
def test_generated_pages_are_fresh(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_every_link_between_pages_leads_somewhere() -> None:
    pages_with_links = [README, ROOT / "CONTRIBUTING.md", *sorted(FOLDER.rglob("*.md"))]
    broken = [
        (page.name, link)
        for page in pages_with_links
        for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if not link.startswith("http") and not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_readme_shows_what_its_commands_print() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(EXAMPLE.findall(text)) == 4
    assert with_outputs(text) == text, "run `make docs`"
