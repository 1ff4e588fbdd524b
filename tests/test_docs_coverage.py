"""The figures in the pages about targets are those of the public rules, where these are at hand."""

import os
import re

import pytest

import converter
from docs import coverage
from tests.shared import shared

pytestmark = pytest.mark.shared

WHOLE = pytest.mark.skipif("CI" not in os.environ, reason="converting every public rule three times takes minutes: CI")


@pytest.mark.parametrize("name", coverage.PAGES)
def test_figures_carry_the_number_of_rules(name: str) -> None:
    text = (coverage.FOLDER / name).read_text(encoding="utf-8")
    stated = {int(number) for number in re.findall(r"Over (\d+) public rules", text)}
    assert stated == {len(coverage.readable(shared("corpus/elastic-rules")))}


@WHOLE
@pytest.mark.parametrize("name", coverage.PAGES)
def test_figures_are_fresh(name: str) -> None:
    text = (coverage.FOLDER / name).read_text(encoding="utf-8")
    rules = coverage.readable(shared("corpus/elastic-rules"))
    assert coverage.filled(text, rules) == text, "run `python -m docs.coverage`"


def test_figures_add_up() -> None:
    """A table over two rules of ours: every rule has one verdict in every profile."""
    rules = [
        converter.parse(query, language="eql")
        for query in (
            'process where host.os.type == "windows" and event.type == "start" and process.name : "nc.exe"',
            'any where data_stream.dataset == "nothing.known"',
        )
    ]
    page = "<!-- coverage of splunk -->\nold\n<!-- end of coverage -->\n"
    found = coverage.filled(page, rules)
    assert "Over 2 public rules" in found
    for profile in ("ta", "cim", "ecs"):
        (row,) = re.findall(rf"^\| `{profile}` \|(.*)\|$", found, re.MULTILINE)
        assert sum(int(cell.split()[0]) for cell in row.split("|")) == 2
