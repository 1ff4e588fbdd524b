"""Rules over data models, case by case: what is written, and that it finds what it should (spec splunk 6.2)."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from converter import convert, parse, verify
from converter.rule import Rule

CASES = tomllib.loads(Path(__file__).with_name("cim_cases").joinpath("searches.toml").read_text(encoding="utf-8"))
WRITTEN = [name for name, case in CASES.items() if "where" in case]
SHAPE = re.compile(
    r"    where (?P<where>.*?)\n    by (?P<by>.*?)\n\| rename (?P<set>\w+)\.\* AS \*\n?(?P<then>.*)", re.DOTALL
)

Case = Mapping[str, Any]


def rule(case: Case) -> Rule:
    return parse(case["eql"], language="eql")


@pytest.mark.parametrize("name", WRITTEN)
def test_the_search_is_written_so(name: str) -> None:
    case = CASES[name]
    text = convert(rule(case), to="splunk", profile="cim").artifacts[0].text
    found = SHAPE.search(text)
    assert found is not None, text
    assert found["where"].split("\n      ") == case["where"]
    assert re.split(r",\s+", found["by"]) == [f"{found['set']}.{field}" for field in case["by"]]
    assert found["then"].splitlines() == case["then"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "refused" in case])
def test_what_is_refused(name: str) -> None:
    result = convert(rule(CASES[name]), to="splunk", profile="cim")
    assert (result.verdict, [loss.code for loss in result.losses]) == ("refused", [CASES[name]["refused"]])


@pytest.mark.parametrize("name", WRITTEN)
def test_the_search_finds_what_it_should(name: str) -> None:
    (evidence,) = verify(rule(CASES[name]), to="splunk", profile="cim").evidence
    assert evidence.holds
    assert evidence.observations > 0


def text_of(query: str, *, language: str = "eql", **options: str) -> str:
    return convert(parse(query, language=language), to="splunk", profile="cim", options=options).artifacts[0].text


def test_events_of_several_datasets_are_appended() -> None:
    query = 'any where event.category in ("file", "registry") and event.type == "creation" and process.name : "x"'
    result = convert(parse(query, language="eql"), to="splunk", profile="cim")
    text = result.artifacts[0].text
    assert [text.count(f"datamodel=Endpoint.{name}") for name in ("Filesystem", "Registry")] == [1, 1]
    assert text.count("| append") == 1
    assert "splunk-subsearch" in {assumption.code for assumption in result.assumptions}


def test_only_accelerated_events_on_demand() -> None:
    query = 'process where process.name : "x"'
    assert "| tstats summariesonly=false " in text_of(query)
    assert "| tstats summariesonly=true " in text_of(query, summaries="only")


def test_what_a_dataset_leaves_out_is_a_loss() -> None:
    def codes(outcome: str) -> set[str]:
        query = f'authentication where event.outcome == "{outcome}" and user.name : "svc*"'
        return {loss.code for loss in convert(parse(query, language="eql"), to="splunk", profile="cim").losses}

    assert "splunk-model-left-out" in codes("success")
    assert "splunk-model-left-out" not in codes("failure")


def test_fields_of_later_versions_are_assumed() -> None:
    def versions(query: str) -> list[str | None]:
        result = convert(parse(query, language="eql"), to="splunk", profile="cim")
        return [one.field for one in result.assumptions if one.code == "splunk-model-version"]

    assert versions('file where event.type == "creation" and process.name : "x"') == ["process_name"]
    assert versions('process where process.name : "x"') == []
