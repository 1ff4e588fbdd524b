"""From raw rules to rules: metadata typed, types given a meaning, and what is not understood refused."""

import json
from collections.abc import Mapping

import pytest

from converter import convert, evaluate, parse
from converter.errors import Place, RuleError, UnsupportedError
from converter.interpret import interpret, rule_id_for
from converter.ir import Events, Field, IndicatorMatch, NewTerms, Sample, Sequence, Threshold
from converter.ir.detection import IndicatorEntry, Take
from converter.losses import Direction
from converter.readers.query_text import read_text
from converter.rule import Order, Origin, RawRule, Rule, Schedule, Scope, Suppression, Technique, Threat
from converter.schema.catalogue import default_catalogue

EQL: dict[str, object] = {"name": "N", "rule_id": "id", "type": "eql", "language": "eql", "query": "process where true"}
KQL: dict[str, object] = {"name": "N", "rule_id": "id", "type": "query", "query": "process.name: x"}
TERMS = KQL | {"type": "new_terms", "new_terms_fields": ["host.id"], "history_window_start": "now-7d"}

GROUPS = KQL | {"type": "threshold", "threshold": {"field": ["host.id", "user.name"], "value": 5, "cardinality": []}}
ENTRY: dict[str, object] = {"field": "source.ip", "type": "mapping", "value": "threat.indicator.ip"}
INDICATORS = KQL | {
    "type": "threat_match",
    "threat_index": ["logs-ti_*"],
    "threat_query": "event.kind: enrichment",
    "threat_mapping": [{"entries": [ENTRY]}],
}


def meaning(data: Mapping[str, object], **more: object) -> Rule:
    place = Place("a.toml", 10, 5)
    raw = RawRule(Origin("a.toml", query=place), {**data, **more}, places={"type": Place("a.toml", 3, 8)})
    return interpret(raw, default_catalogue())


def refusal(rule: Rule) -> str:
    assert rule.detection is None
    assert isinstance(rule.error, UnsupportedError)
    return rule.error.code


def failure(rule: Rule) -> str:
    assert rule.detection is None
    assert isinstance(rule.error, RuleError)
    assert not isinstance(rule.error, UnsupportedError)
    return rule.error.code


def odd(rule: Rule) -> list[str]:
    assert rule.error is None
    return [note.message.split("`")[1] for note in rule.notes if note.code == "metadata-odd-value"]


def test_metadata_is_typed() -> None:
    rule = meaning(
        EQL,
        description="D",
        severity="High",
        risk_score="47",
        version=3,
        author="Elastic",
        tags=["OS: Linux"],
        index=["logs-*"],
        interval="1h",
        **{"from": "now-65m"},
        timestamp_override="event.ingested",
        threat=[
            {
                "framework": "MITRE ATT&CK",
                "tactic": {"id": "TA0003", "name": "Persistence"},
                "technique": [{"id": "T1", "name": "A", "subtechnique": [{"id": "T1.1", "name": "B"}]}],
            }
        ],
    )
    assert rule.error is None
    assert rule.notes == ()
    assert (rule.severity, rule.risk_score, rule.version, rule.author) == ("high", 47, 3, ("Elastic",))
    assert rule.scope == Scope(("logs-*",))
    assert rule.schedule == Schedule("1h", "now-65m", timestamp_override="event.ingested")
    assert rule.platforms() == ("linux",)
    below = (Technique("T1.1", "B"),)
    assert rule.threat == (
        Threat("MITRE ATT&CK", "TA0003", "Persistence", techniques=(Technique("T1", "A", None, below),)),
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", "dreadful"),
        ("severity", 3),
        ("risk_score", 101),
        ("risk_score", True),
        ("risk_score", "much"),
        ("version", 0),
        ("tags", {"a": 1}),
        ("tags", ["fine", 7]),
        ("author", 1),
        ("max_signals", -1),
        ("threat", "T1059"),
        ("threat", [{"tactic": "TA0001"}]),
        ("note", ["x"]),
        ("interval", 5),
    ],
)
def test_odd_metadata_is_left_out_with_a_note(key: str, value: object) -> None:
    assert odd(meaning(EQL, **{key: value})) == [key]


def test_a_rule_without_an_id_gets_one_from_its_title() -> None:
    data = {key: value for key, value in EQL.items() if key != "rule_id"}
    rule = meaning(data)
    assert rule.rule_id == rule_id_for("N") == meaning(data).rule_id
    assert [note.code for note in rule.notes] == ["rule-id-absent"]
    assert rule_id_for("M") != rule_id_for("N")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("esql", "esql-unsupported"),
        ("machine_learning", "machine-learning-unsupported"),
    ],
)
def test_types_that_are_not_converted_are_refused(kind: str, code: str) -> None:
    rule = meaning(KQL, type=kind)
    assert refusal(rule) == code
    assert rule.error is not None
    assert rule.error.place == Place("a.toml", 3, 8)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (KQL | {"language": "lucene", "query": "a:b~2"}, "lucene-unsupported"),
        (KQL | {"language": "lucene", "query": "a:b AND c:d OR e:f"}, "lucene-precedence"),
        (KQL | {"type": "saved_query", "saved_id": "a", "query": ""}, "saved-query-unsupported"),
        (INDICATORS | {"threat_language": "lucene", "threat_query": "a:b~2"}, "lucene-unsupported"),
        (EQL | {"filters": [{"query": {"geo_distance": {}}}]}, "rule-filters-unsupported"),
        (EQL | {"filters": [{"query": {"term": {"a": {"value": "b", "odd": 1}}}}]}, "rule-filters-unsupported"),
    ],
)
def test_parts_that_are_not_understood_are_refused(data: Mapping[str, object], code: str) -> None:
    assert refusal(meaning(data)) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"name": "N"}, "rule-type-missing"),
        (EQL | {"type": "magic"}, "rule-type-unknown"),
        (EQL | {"type": ["eql"]}, "rule-type-unknown"),
        (EQL | {"language": "kuery"}, "language-mismatch"),
        (EQL | {"query": " \n"}, "query-missing"),
        (EQL | {"query": 7}, "query-not-text"),
        (TERMS | {"new_terms_fields": []}, "rule-key-invalid"),
        (TERMS | {"new_terms_fields": ["a", "b", "c", "d"]}, "rule-key-invalid"),
        (TERMS | {"new_terms_fields": "host.id"}, "rule-key-invalid"),
        (TERMS | {"history_window_start": None}, "rule-key-invalid"),
        (TERMS | {"history_window_start": "5 days"}, "rule-key-invalid"),
        (EQL | {"filters": "odd"}, "rule-key-invalid"),
        (EQL | {"filters": [{"query": {"term": {}}}]}, "dsl-syntax"),
        (GROUPS | {"threshold": None}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"field": ["a"]}}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"field": ["a"], "value": 0}}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"field": ["a"], "value": True}}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"field": ["a", 1], "value": 1}}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"field": list("abcdef"), "value": 1}}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"value": 1, "cardinality": {"field": "a", "value": 1}}}, "rule-key-invalid"),
        (GROUPS | {"threshold": {"value": 1, "cardinality": [{"field": "a"}]}}, "rule-key-invalid"),
        (INDICATORS | {"threat_index": []}, "rule-key-invalid"),
        (INDICATORS | {"threat_query": 1}, "rule-key-invalid"),
        (INDICATORS | {"threat_query": "a: ("}, "kql-syntax"),
        (INDICATORS | {"threat_mapping": []}, "rule-key-invalid"),
        (INDICATORS | {"threat_mapping": [{"entries": []}]}, "rule-key-invalid"),
        (INDICATORS | {"threat_mapping": [{"entries": [ENTRY | {"type": "other"}]}]}, "rule-key-invalid"),
        (INDICATORS | {"threat_mapping": [{"entries": [ENTRY | {"negate": True}]}]}, "rule-key-invalid"),
    ],
)
def test_rules_that_are_wrong_are_errors(data: Mapping[str, object], code: str) -> None:
    assert failure(meaning(data)) == code


def test_new_terms() -> None:
    detection = meaning(TERMS, **{"from": "now-9m"}).detection
    assert isinstance(detection, NewTerms)
    assert (detection.fields, detection.history, detection.start) == ((Field("host.id"),), "now-7d", "now-9m")


def test_new_terms_without_fields_and_history_are_their_base_rule() -> None:
    rule = meaning(KQL, type="new_terms")
    assert rule.detection == meaning(KQL).detection
    assert [(loss.code, loss.direction) for loss in rule.losses] == [("new-terms-history-unstated", Direction.WIDER)]


def test_the_category_of_eql_may_be_another_field() -> None:
    usual, other = meaning(EQL), meaning(EQL, event_category_override="event.type")
    assert isinstance(usual.detection, Events)
    assert usual.detection != other.detection
    assert "event.type" in repr(other.detection)


def test_queries_over_several_events() -> None:
    sequence = meaning(EQL, query="sequence by host.id with maxspan=1m [any where true] [any where true]").detection
    assert isinstance(sequence, Sequence)
    assert (len(sequence.stages), sequence.maxspan) == (2, 60_000)
    sample = meaning(EQL, query="sample by host.id [any where true] [any where true]").detection
    assert isinstance(sample, Sample)
    taken = meaning(EQL, query="any where true | head 3").detection
    assert isinstance(taken, Events)
    assert taken.take == (Take("head", 3),)


def test_thresholds() -> None:
    base = meaning(KQL).detection
    assert isinstance(base, Events)
    assert meaning(GROUPS, **{"from": "now-9m"}).detection == Threshold(
        base.predicate, (Field("host.id"), Field("user.name")), 5, start="now-9m"
    )
    alone = meaning(GROUPS, threshold={"field": "host.id", "value": 2}).detection
    assert alone == Threshold(base.predicate, (Field("host.id"),), 2, start="now-6m")
    varied = {"field": [], "value": 1, "cardinality": [{"field": "user.name", "value": 3}, {"field": "a", "value": 1}]}
    assert meaning(GROUPS, threshold=varied).detection == Threshold(
        base.predicate, (), 1, (Field("user.name"), 3), start="now-6m"
    )


def test_indicator_matches() -> None:
    negated = {**ENTRY, "field": "user.name", "negate": True}
    rule = meaning(INDICATORS, threat_mapping=[{"entries": [ENTRY, negated]}, {"entries": [ENTRY]}])
    events, indicators = meaning(KQL).detection, meaning(KQL, query="event.kind: enrichment").detection
    assert isinstance(events, Events)
    assert isinstance(indicators, Events)
    plain = IndicatorEntry(Field("source.ip"), Field("threat.indicator.ip"))
    other = IndicatorEntry(Field("user.name"), Field("threat.indicator.ip"), negate=True)
    assert rule.detection == IndicatorMatch(
        events.predicate, ("logs-ti_*",), indicators.predicate, ((plain, other), (plain,))
    )
    assert meaning(INDICATORS, threat_query=None).error is None


def test_a_saved_query_falls_back_on_its_copy() -> None:
    rule = meaning(KQL, type="saved_query", saved_id="a")
    assert rule.detection == meaning(KQL).detection
    assert [(loss.code, loss.direction) for loss in rule.losses] == [("saved-query-elsewhere", Direction.DIFFERENT)]


def test_what_travels_besides_the_meaning() -> None:
    rule = meaning(
        EQL,
        event_category_override="event.type",
        timestamp_field="event.created",
        tiebreaker_field="event.sequence",
        building_block_type="default",
        timestamp_override="event.ingested",
        timestamp_override_fallback_disabled=True,
        alert_suppression={
            "group_by": ["host.id"],
            "duration": {"value": 5, "unit": "h"},
            "missing_fields_strategy": "doNotSuppress",
        },
    )
    assert rule.order == Order("event.created", "event.sequence", "event.type")
    assert rule.suppression == Suppression(("host.id",), "5h", missing=False)
    assert rule.building_block
    assert not rule.schedule.override_falls_back
    assert rule.notes == ()
    assert meaning(EQL).suppression is None
    assert odd(meaning(EQL, alert_suppression="host.id")) == ["alert_suppression"]
    assert odd(meaning(EQL, alert_suppression={"duration": "5m"})) == ["alert_suppression"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (EQL | {"query": "process where a = 1"}, Place("a.toml", 10, 21)),
        (EQL | {"query": "process where\n a = 1"}, Place("a.toml", 11, 4)),
    ],
)
def test_errors_in_the_query_point_into_the_file(data: Mapping[str, object], place: Place) -> None:
    error = meaning(data).error
    assert error is not None
    assert error.place == place
    shown = (error.caret() or "").split("\n")
    assert shown[0][shown[1].index("^")] == "="


def test_bare_queries_know_their_place() -> None:
    raw = read_text("\n\n  any where true\n", "eql", "name", "a.eql")
    assert raw.origin.query == Place("a.eql", 3, 3)
    with pytest.raises(RuleError) as caught:
        read_text("x", "sql")
    assert caught.value.code == "language-unknown"


def test_a_search_body_is_a_rule() -> None:
    rule = parse('{"query": {"term": {"process.name": "nc"}}}', "dsl")
    (match,) = evaluate(rule, [{"process.name": "sh"}, {"process": {"name": "nc"}}])
    assert match.ids == ("1",)


def test_a_search_body_is_a_detection_rule_of_kibana_by_its_meaning() -> None:
    rule = parse('{"query": {"term": {"process.name": "nc"}}}', "dsl")
    assert convert(rule, to="elasticsearch").verdict == "exact"
    (artifact,) = convert(rule, to="elasticsearch", format="rule").artifacts
    written = json.loads(artifact.text.splitlines()[0])
    assert (written["type"], written["language"], written["query"]) == ("query", "kuery", 'process.name: "nc"')


def test_a_schema_changes_what_a_query_means() -> None:
    rule = parse("size > 9", "kuery")
    events = [{"size": 10}]
    assert evaluate(rule, events) == []
    assert [match.ids for match in evaluate(rule, events, schema={"types": {"size": "long"}})] == [("0",)]
