"""What a page says of a query: one table of queries and sentences, checked by hand."""

import tomllib
from pathlib import Path

import pytest

from converter import parse
from converter.describe import page

CASES = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def found(text: str) -> str:
    """The section of a page that says what the rule finds, without its indentation."""
    section = text.partition("\nWhat it finds\n")[2].partition("\n\n")[0]
    return "".join(f"{line[2:]}\n" for line in section.splitlines())


@pytest.mark.parametrize("name", CASES)
def test_a_query_is_said_in_words(name: str) -> None:
    case = CASES[name]
    rule = parse(case["eql"], "eql") if "eql" in case else parse(case["kql"], "kuery")
    assert found(page(rule)) == case["says"]
