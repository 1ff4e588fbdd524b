"""EQL, KQL and Lucene's query strings as they are written: texts, requests, what each refuses, what is said beside."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backends.elasticsearch.engine import detection_of
from converter import convert, parse, verify
from converter.interpret import interpret
from converter.ir import Events, Field, Range, Test, VersionLiteral
from converter.languages.eql_request import read_request
from converter.languages.settled import mean_the_same
from converter.result import Result
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import default_catalogue

CATALOGUE = default_catalogue()
CASES: list[dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("cases").joinpath("formats.toml").read_text(encoding="utf-8")
)["case"]
FORMATS = {"eql": "text", "kuery": "kuery", "lucene": "lucene"}

DATA: dict[str, Any] = {
    "rule_id": "some-id",
    "name": "A rule",
    "type": "eql",
    "language": "eql",
    "query": 'process where process.name == "a"',
    "index": ["logs-a*", "logs-b*"],
    "from": "now-9m",
    "max_signals": 33,
}
QUIET = [{"meta": {"negate": True}, "query": {"match_phrase": {"message": "all is quiet"}}}]


def rule_of(**data: Any) -> Rule:
    rule = interpret(RawRule(Origin("rule.ndjson"), DATA | data), CATALOGUE)
    if rule.error is not None:
        raise rule.error
    return rule


def written(rule: Rule, format: str, **options: str) -> str:
    result = convert(rule, to="elasticsearch", format=format, options=options)
    assert result.verdict == "exact", result.losses
    (artifact,) = result.artifacts
    assert artifact.text.endswith("\n")
    return artifact.text.removesuffix("\n")


def request(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(rule, "eql", request="true"))
    return found


def codes(result: Result) -> set[str]:
    return {loss.code for loss in result.losses}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["eql"][:60])
def test_cases(case: dict[str, str], format: str) -> None:
    rule = parse(case["eql"], language="eql")
    expected = case[FORMATS[format]].removeprefix("\n")
    result = convert(rule, to="elasticsearch", format=format)
    if result.losses:
        assert codes(result) == {expected}
        return
    (artifact,) = result.artifacts
    assert artifact.text == f"{expected}\n"
    assert rule.detection is not None
    assert mean_the_same(detection_of(artifact, CATALOGUE), rule.detection, CATALOGUE)


@pytest.mark.parametrize(
    ("query", "format"),
    [
        ("process where true", "dsl"),
        ("sequence [process where true] [file where true]", "eql"),
        ("sample by host.id [process where true] [file where true]", "eql"),
    ],
)
def test_the_default_depends_on_the_rule(query: str, format: str) -> None:
    assert convert(parse(query, language="eql"), to="elasticsearch").format == format


# --- requests ------------------------------------------------------------------------------------------------------


def test_a_request_has_the_keys_of_the_rule() -> None:
    rule = rule_of(timestamp_field="event.created", tiebreaker_field="event.sequence")
    assert request(rule) == {
        "query": 'process where process.name == "a"',
        "size": 33,
        "filter": {"bool": {"filter": [{"range": {"@timestamp": {"gte": "now-9m", "lte": "now"}}}]}},
        "fields": ["*"],
        "timestamp_field": "event.created",
        "tiebreaker_field": "event.sequence",
    }


def test_a_category_of_its_own_stays_in_a_request_and_is_a_condition_of_a_text() -> None:
    rule = rule_of(query='start where process.name == "a"', event_category_override="event.type")
    assert request(rule)["query"] == 'start where process.name == "a"'
    assert request(rule)["event_category_field"] == "event.type"
    assert written(rule, "eql") == 'any where event.type == "start" and process.name == "a"'


@pytest.mark.parametrize("falls_back", [True, False])
def test_the_window_is_on_the_rules_clock(falls_back: bool) -> None:
    rule = rule_of(timestamp_override="event.ingested", timestamp_override_fallback_disabled=not falls_back)
    (window,) = request(rule)["filter"]["bool"]["filter"]
    own = {"range": {"event.ingested": {"gte": "now-9m", "lte": "now"}}}
    other = {"range": {"@timestamp": {"gte": "now-9m", "lte": "now"}}}
    late = {"bool": {"filter": [other], "must_not": [{"exists": {"field": "event.ingested"}}]}}
    assert window == ({"bool": {"should": [own, late], "minimum_should_match": 1}} if falls_back else own)


def test_filters_stay_filters_of_a_request_and_are_conditions_of_a_text() -> None:
    plain = rule_of(filters=[{"meta": {"negate": True}, "query": {"term": {"user.name": "root"}}}])
    assert request(plain)["query"] == DATA["query"]
    assert request(plain)["filter"]["bool"]["must_not"] == [{"term": {"user.name": "root"}}]
    assert written(plain, "eql") == 'process where process.name == "a" and user.name != "root"'


def test_what_eql_cannot_say_stands_in_the_filter_of_a_request() -> None:
    rule = rule_of(type="query", language="kuery", query='process.name: a and message: "some words"', filters=QUIET)
    assert codes(convert(rule, to="elasticsearch", format="eql")) == {"eql-analysed-text"}
    assert request(rule)["query"] == 'any where process.name == "a"'
    clauses = request(rule)["filter"]["bool"]
    assert clauses["filter"][1:] == [{"match_phrase": {"message": "some words"}}]
    assert clauses["must_not"] == [{"match_phrase": {"message": "all is quiet"}}]


SEQUENCE = "sequence by host.id [process where true] [file where file.size > 5] until [process where false]"


@pytest.mark.parametrize(
    "rule",
    [
        rule_of(),
        rule_of(timestamp_override="event.ingested", filters=QUIET),
        rule_of(query=SEQUENCE, filters=QUIET),
        rule_of(query="info where true", event_category_override="event.type"),
        rule_of(type="query", language="kuery", query='process.name: a* and not message: "some words"'),
        rule_of(type="query", language="lucene", query="process.name:/a+/ AND NOT user.name:root"),
    ],
    ids=lambda rule: rule.query[:40],
)
def test_a_request_reads_back_as_the_rule(rule: Rule) -> None:
    read = read_request(written(rule, "eql", request="true"), CATALOGUE).detection
    assert rule.detection is not None
    assert mean_the_same(read, rule.detection, CATALOGUE)


def test_a_range_that_is_no_window_is_a_condition() -> None:
    older = {"query": "any where true", "filter": {"range": {"@timestamp": {"lte": "now-1d"}}}}
    newer = {"query": "any where true", "filter": {"range": {"@timestamp": {"gte": "now-1d", "lte": "now"}}}}
    everything = parse("any where true", language="eql").detection
    assert read_request(newer, CATALOGUE).detection == everything
    assert read_request(older, CATALOGUE).detection != everything


# --- what is said beside ---------------------------------------------------------------------------------------------


def test_a_text_says_where_it_goes_and_when() -> None:
    notes = {note.code: note.message for note in convert(rule_of(), to="elasticsearch", format="eql").notes}
    assert "logs-a*,logs-b*/_eql/search" in notes["request-path"]
    assert "now-9m" in notes["run-window"]


def test_a_text_says_which_keys_order_its_events() -> None:
    result = convert(rule_of(tiebreaker_field="event.sequence"), to="elasticsearch", format="eql")
    (note,) = [note for note in result.notes if note.code == "eql-request-keys"]
    assert "`tiebreaker_field`: `event.sequence`" in note.message


def test_fields_that_may_have_no_mapping_are_marked_where_the_rule_finds_nothing_in_them() -> None:
    rule = rule_of(type="query", language="kuery", query="odd.field: x and not odd.other: y*")
    text = written(rule, "eql")
    assert text == 'any where ?odd.field == "x" and not (?odd.other != null and ?odd.other like "y*")'


# --- OpenSearch ----------------------------------------------------------------------------------------------------


def opensearch(query: str, format: str, language: str = "eql") -> Result:
    rule = parse(query, language=language)
    return convert(rule, to="elasticsearch", format=format, options={"distribution": "opensearch"})


@pytest.mark.parametrize("query", ["process where true", "sequence [process where true] [file where true]"])
def test_opensearch_has_no_eql(query: str) -> None:
    assert codes(opensearch(query, "eql")) == {"opensearch-eql"}


def test_opensearch_has_no_detection_rules() -> None:
    assert codes(opensearch("process where true", "rule")) == {"opensearch-rule"}


def test_opensearch_orders_no_versions() -> None:
    newer = Events(Test(Field("agent.version"), (Range(low=VersionLiteral("8.0.0")),)))
    rule = replace(rule_of(), detection=newer, stated=newer)
    result = convert(rule, to="elasticsearch", format="dsl", options={"distribution": "opensearch"})
    assert codes(result) == {"opensearch-version-order"}


def test_opensearch_misreads_backslashes_on_its_wildcard_type() -> None:
    assumed = opensearch('any where process.command_line like "*\\\\W*"', "dsl").assumptions
    assert [(item.code, item.field) for item in assumed] == [("opensearch-wildcard-type", "process.command_line")]
    assert opensearch('any where process.command_line like "*W*"', "dsl").assumptions == ()


def test_opensearch_reads_query_strings_as_elasticsearch_does() -> None:
    assert opensearch('any where process.name : "a*"', "lucene").verdict == "exact"


# --- verification --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["eql", "kuery", "lucene", "rule"])
def test_texts_find_what_the_rule_finds(format: str) -> None:
    rule = rule_of(query='process where process.name == "a" and not user.name like "b*"')
    (evidence,) = verify(rule, "elasticsearch", format=format).evidence
    assert evidence.agree
    assert evidence.observations > 0
    assert evidence.independent is (format == "lucene")


@pytest.mark.parametrize("request_", ["true", "false"])
def test_sequences_find_what_the_rule_finds(request_: str) -> None:
    rule = rule_of(query=SEQUENCE, filters=[{"query": {"exists": {"field": "user.name"}}}])
    (evidence,) = verify(rule, "elasticsearch", options={"request": request_}).evidence
    assert evidence.agree
    assert evidence.observations > 0
