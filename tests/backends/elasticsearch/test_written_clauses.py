"""What conditions look like in Query DSL, case by case."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backends.elasticsearch import clause
from converter import convert, parse
from converter.rule import Rule

CASES = tomllib.loads(Path(__file__).with_name("cases").joinpath("clauses.toml").read_text(encoding="utf-8"))


Case = Mapping[str, Any]


def rule(case: Case) -> Rule:
    if "eql" in case:
        return parse(f"any where {case['eql']}", language="eql")
    return parse(case["kql"], language="kuery")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_clause_is_written_so(case: Case) -> None:
    result = convert(rule(case), to="elasticsearch", format="dsl")
    if "refused" in case:
        assert [loss.code for loss in result.losses] == [case["refused"]]
        return
    wanted = {"filter": [json.loads(case["clause"])]} if "clause" in case else json.loads(case["bool"])
    found = json.loads(result.artifacts[0].text)["query"]["bool"]
    assert found in (wanted, {"filter": [{"bool": wanted}]})


def test_objects_of_a_path_that_an_index_does_not_have_are_no_error() -> None:
    written = clause.to_json(clause.Nested("a.b", clause.Term("a.b.c", 1)))
    assert written == {
        "nested": {"path": "a.b", "query": {"term": {"a.b.c": 1}}, "score_mode": "none", "ignore_unmapped": True}
    }


def test_conditions_that_elasticsearch_would_not_take_are_refused() -> None:
    text = 'process.name == "a"'
    for level in range(32):
        text = f'process.pid == {level} and ({text}) or user.name == "{level}"'
    result = convert(parse(f"any where {text}", language="eql"), to="elasticsearch", format="dsl")
    assert [loss.code for loss in result.losses] == ["elasticsearch-depth"]


def test_many_clauses_are_a_note() -> None:
    names = ", ".join(f'"a{number}*"' for number in range(1_100))
    result = convert(parse(f"any where process.name : ({names})", language="eql"), to="elasticsearch", format="dsl")
    assert result.verdict == "exact"
    assert "clause-count" in [note.code for note in result.notes]


def test_cheap_clauses_come_first() -> None:
    text = 'length(user.name) > 5 and user.name : "a*b" and not user.id : "b" and user.id != "c" and process.pid == 4'
    result = convert(parse(f"any where {text}", language="eql"), to="elasticsearch", format="dsl")
    written = json.loads(result.artifacts[0].text)["query"]["bool"]
    assert [kind for item in written["filter"] for kind in item] == ["term", "wildcard", "script"]
    assert [item["term"]["user.id"] for item in written["must_not"]] == ["c", {"value": "b", "case_insensitive": True}]


@pytest.mark.parametrize(("operator", "ending"), [(":", ""), ("like", "*"), ("like", "*b")])
def test_patterns_that_lucene_would_not_take_are_refused(operator: str, ending: str) -> None:
    def codes(length: int) -> list[str]:
        rule = parse(f'any where process.name {operator} "{"a" * length}{ending}"', language="eql")
        return [loss.code for loss in convert(rule, to="elasticsearch", format="dsl").losses]

    assert codes(900) == []
    assert codes(1_001) == ["elasticsearch-pattern-length"]
