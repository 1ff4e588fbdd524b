"""Exports of detection rules are what Kibana takes, whatever was read, and reading them changes nothing."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from backends.elasticsearch.kibana_keys import OF_TYPE, SHARED
from converter import convert, load
from converter.interpret import interpret
from converter.readers.export import read_export
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

SCHEMA = json.loads(files("backends.elasticsearch").joinpath("kibana-rule.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
SHIPPED = load(Path(__file__).resolve().parents[3] / "rules")

COMMON: dict[str, Any] = {
    "rule_id": "some-id",
    "name": "A rule",
    "description": "What it finds",
    "risk_score": 21,
    "severity": "low",
    "language": "kuery",
    "query": "process.name: a*",
}
RULES: dict[str, dict[str, Any]] = {
    "query": COMMON | {"type": "query", "index": ["logs-*"]},
    "eql": COMMON | {"type": "eql", "language": "eql", "query": 'process where process.name == "a"'},
    "lucene": COMMON | {"type": "query", "language": "lucene", "query": "process.name:a*"},
    "threshold": COMMON | {"type": "threshold", "threshold": {"field": "host.id", "value": 5}},
    "new_terms": COMMON
    | {"type": "new_terms", "new_terms_fields": ["host.id"], "history_window_start": "now-7d", "from": "now-9m"},
    "threat_match": COMMON
    | {
        "type": "threat_match",
        "threat_index": ["ti-*"],
        "threat_mapping": [{"entries": [{"field": "file.hash.md5", "type": "mapping", "value": "md5"}]}],
    },
    "saved_query": COMMON | {"type": "saved_query", "saved_id": "abc"},
}
OF_THE_SERVER = {"id": "1", "revision": 3, "immutable": True, "created_at": "2024-01-01", "updated_by": "me"}
LIST: dict[str, Any] = {
    "list_id": "quiet",
    "type": "detection",
    "name": "Quiet ones",
    "description": "Known programs",
    "namespace_type": "single",
    "id": "9",
    "_version": "WzEsMV0=",
    "created_at": "2024-01-01T00:00:00Z",
}
ITEM: dict[str, Any] = {
    "list_id": "quiet",
    "item_id": "one",
    "name": "Backup",
    "description": "The backup",
    "type": "simple",
    "namespace_type": "single",
    "entries": [{"type": "match", "field": "user.name", "operator": "included", "value": "backup"}],
    "tie_breaker_id": "x",
}
REFERENCE = {"id": "9", "list_id": "quiet", "type": "detection", "namespace_type": "single"}


def rule_of(data: dict[str, Any]) -> Rule:
    rule = interpret(RawRule(Origin("rule.ndjson"), copy.deepcopy(data)), default_catalogue())
    if rule.error is not None:
        raise rule.error
    return rule


def exported(rule: Rule) -> str:
    (artifact,) = convert(rule, to="elasticsearch", format="rule").artifacts
    return artifact.text


def reread(text: str) -> Rule:
    (raw,) = read_export(text, "export.ndjson", "export").rules
    return interpret(raw, default_catalogue())


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def check(text: str) -> None:
    for line in lines(text):
        error = best_match(VALIDATOR.iter_errors(line))
        assert error is None, (error.message, list(error.absolute_path), line)


def export_of(*objects: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(item)}\n" for item in objects)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_and_table_name_the_same_keys() -> None:
    rule = SCHEMA["$defs"]["rule"]
    branches = [part["then"].get("properties", {}) for part in rule["allOf"] if "then" in part]
    in_schema = set(rule["properties"]).union(*branches)
    assert in_schema == {"type"} | set(SHARED).union(*OF_TYPE.values())


@pytest.mark.parametrize("name", RULES)
def test_every_type_is_exported(name: str) -> None:
    text = exported(rule_of(RULES[name] | OF_THE_SERVER))
    check(text)
    rule, summary = lines(text)
    assert rule["type"] == RULES[name]["type"]
    assert not OF_THE_SERVER.keys() & rule.keys()
    assert summary["exported_count"] == summary["exported_rules_count"] == 1


def test_a_threshold_has_lists() -> None:
    rule, _ = lines(exported(rule_of(RULES["threshold"])))
    assert rule["threshold"] == {"field": ["host.id"], "value": 5, "cardinality": []}


def test_a_saved_query_without_its_object_is_a_query() -> None:
    data = {key: value for key, value in RULES["saved_query"].items() if key != "saved_id"}
    rule, _ = lines(exported(rule_of(data)))
    assert rule["type"] == "query"


@pytest.mark.parametrize("container", [[LIST], []])
def test_exceptions_stand_beside_the_rule(container: list[dict[str, Any]]) -> None:
    read = reread(export_of(RULES["query"] | {"exceptions_list": [REFERENCE]}, *container, ITEM))
    text = exported(read)
    check(text)
    rule, exception_list, item, summary = lines(text)
    assert rule["query"] == RULES["query"]["query"]
    assert rule["exceptions_list"] == [REFERENCE]
    assert (exception_list["list_id"], item["item_id"]) == ("quiet", "one")
    assert not {"id", "_version", "created_at", "tie_breaker_id"} & (exception_list.keys() | item.keys())
    counted = {key: summary[key] for key in summary if key.startswith("exported")}
    assert counted == {
        "exported_count": 3,
        "exported_rules_count": 1,
        "exported_exception_list_count": 1,
        "exported_exception_list_item_count": 1,
        "exported_action_connector_count": 0,
    }
    again = reread(text)
    assert again.detection == read.detection
    assert exported(again) == text


def test_what_kibana_does_not_take_is_left_out_and_said() -> None:
    odd = {"nonsense": 1, "risk_score": "many", "severity": "Medium", "timeline_id": "1", "max_signals": 0}
    result = convert(rule_of(RULES["query"] | odd), to="elasticsearch", format="rule")
    check(result.artifacts[0].text)
    rule, _ = lines(result.artifacts[0].text)
    assert (rule["risk_score"], rule["severity"], rule["max_signals"]) == (47, "medium", 100)
    (note,) = [note for note in result.notes if note.code == "rule-key-dropped"]
    assert "`nonsense`" in note.message


def test_a_search_body_with_parts_for_both_is_a_query_and_a_filter() -> None:
    folded = {"wildcard": {"process.name": {"value": "a*", "case_insensitive": True}}}
    body = {"query": {"bool": {"filter": [{"term": {"user.name": "bob"}}, folded]}}}
    rule, _ = lines(exported(rule_of({"name": "n", "type": "query", "language": "dsl", "query": json.dumps(body)})))
    VALIDATOR.validate(rule)
    # EQL says both, so that nothing has to stand in a filter.
    assert (rule["type"], rule["query"]) == ("eql", 'any where user.name == "bob" and process.name : "a*"')


def test_what_no_language_says_is_a_filter() -> None:
    words = {"match_phrase": {"message": "some words"}}
    folded = {"wildcard": {"process.name": {"value": "a*", "case_insensitive": True}}}
    body = {"query": {"bool": {"filter": [words, folded]}}}
    written = exported(rule_of({"name": "n", "type": "query", "language": "dsl", "query": json.dumps(body)}))
    check(written)
    rule, _ = lines(written)
    assert (rule["type"], rule["language"], rule["query"]) == ("query", "kuery", 'message: "some words"')
    assert [item["query"] for item in rule["filters"]] == [
        {"prefix": {"process.name": {"value": "a", "case_insensitive": True}}}
    ]


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 200), st.text(max_size=5), st.sampled_from(["now-1d", "low"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "field"]), inner)),
    max_leaves=4,
)
keys = st.sampled_from(sorted({"type", "nonsense"} | set(SHARED).union(*OF_TYPE.values())))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.sampled_from(sorted(RULES)), st.dictionaries(keys, junk, max_size=4))
def test_an_export_is_valid_whatever_was_read(name: str, odd: dict[str, Any]) -> None:
    rule = interpret(RawRule(Origin("rule.ndjson"), RULES[name] | odd), default_catalogue())
    assume(rule.error is None)
    text = exported(rule)
    check(text)
    assert exported(reread(text)) == text


@cache
def corpus() -> tuple[Rule, ...]:
    return tuple(rule for rule in load(shared("corpus/elastic-rules")) if rule.detection is not None)


def rules_with_shipped_ones() -> Iterator[Rule]:
    yield from SHIPPED
    yield from corpus()


@pytest.mark.shared
def test_public_rules_are_exported_as_kibana_takes_them() -> None:
    for rule in rules_with_shipped_ones():
        text = exported(rule)
        check(text)
        again = reread(text)
        assert again.error is None
        assert again.detection == rule.detection
        assert exported(again) == text
    assert len(corpus()) >= 879
