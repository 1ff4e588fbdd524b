"""What conditions look like in SPL, case by case, and that the lines select what the condition does."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from converter import convert, parse, verify
from converter.rule import Rule

CASES = tomllib.loads(Path(__file__).with_name("cases").joinpath("searches.toml").read_text(encoding="utf-8"))

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


Case = Mapping[str, Any]


def rule(case: Case) -> Rule:
    if "eql" in case:
        return parse(f"process where {case['eql']}", language="eql")
    return parse(case["kql"], language="kuery")


@every_case
def test_the_search_is_written_so(case: Case) -> None:
    result = convert(rule(case), to="splunk", profile="ecs")
    if "refused" in case:
        assert [loss.code for loss in result.losses] == [case["refused"]]
        return
    lines = [line for line in result.artifacts[0].text.splitlines() if not line.startswith("| table")]
    if "eql" in case:
        assert lines.pop(0) == 'event.category="process"'
    assert [line.removeprefix("  ") if not line.startswith("      ") else line for line in lines] == case["spl"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "spl" in case])
def test_the_search_finds_what_it_should(name: str) -> None:
    proof = verify(rule(CASES[name]), to="splunk", profile="ecs")
    assert all(evidence.agree for evidence in proof.evidence)
    assert proof.evidence
