"""Filters and exceptions: what they leave out, of every event a rule looks at."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from converter.errors import Place, UnsupportedError
from converter.evaluate import evaluate
from converter.events.document import event_of
from converter.interpret import interpret
from converter.ir import Always, IndicatorMatch, NewTerms
from converter.ir import Sequence as EventSequence
from converter.losses import Direction
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import default_catalogue

CATALOGUE = default_catalogue()
EQL: dict[str, object] = {"name": "N", "rule_id": "id", "type": "eql", "query": "process where true"}
KQL: dict[str, object] = {"name": "N", "rule_id": "id", "type": "query", "query": "process.name: *"}
REFERENCES = [{"id": "1", "list_id": "mine", "type": "detection"}, {"id": "2", "list_id": "other", "type": "endpoint"}]


def rule_of(data: Mapping[str, object], *exceptions: Mapping[str, object], **more: object) -> Rule:
    raw = RawRule(
        Origin("a.ndjson"),
        {**data, **more},
        places={"filters": Place("a.ndjson", 7, 2)},
        exceptions=exceptions,
        known_lists=frozenset({"mine"}),
    )
    return interpret(raw, CATALOGUE)


def selected(rule: Rule, documents: Sequence[Mapping[str, Any]]) -> list[int]:
    """Positions of the documents that the rule finds."""
    assert rule.error is None, rule.error
    assert rule.detection is not None
    events = [event_of({"event.category": "process", **fields}, at) for at, fields in enumerate(documents)]
    return sorted(int(id_) for match in evaluate(rule.detection, events, CATALOGUE) for id_ in match.ids if id_)


def item(*entries: object, **more: object) -> dict[str, object]:
    return {"item_id": "i", "list_id": "mine", "name": "I", "type": "simple", "entries": [*entries], **more}


def entry(kind: str, field: str, value: object = None, operator: str = "included") -> dict[str, object]:
    return {"type": kind, "field": field, "operator": operator, "value": value}


NAMES: list[dict[str, Any]] = [{"process.name": "a"}, {"process.name": "b"}, {"process.name": ["a", "c"]}, {}]


NOT_A = {"meta": {"negate": True}, "query": {"match_phrase": {"process.name": "a"}}}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([{"query": {"term": {"process.name": "a"}}}], [0, 2]),
        ([{"meta": {"negate": True}, "query": {"term": {"process.name": "a"}}}], [1, 3]),
        ([NOT_A, {"query": {"exists": {"field": "process.name"}}}], [1]),
        ([{"meta": {"disabled": True}, "query": {"term": {"process.name": "a"}}}], [0, 1, 2, 3]),
        ([{"meta": {"disabled": True}, "query": {"what": 1}}], [0, 1, 2, 3]),
        ([{"exists": {"field": "process.name"}, "meta": {"negate": True}}], [3]),
        ([{"meta": {"negate": True}, "query": {"wildcard": {"process.name": {"value": "?"}}}}], [3]),
        ([], [0, 1, 2, 3]),
        (None, [0, 1, 2, 3]),
    ],
)  # fmt: skip
def test_filters(filters: object, found: list[int]) -> None:
    assert selected(rule_of(EQL, filters=filters), NAMES) == found


def test_a_rule_of_filters_alone_needs_no_query() -> None:
    rule = rule_of(KQL, query="", filters=[{"query": {"term": {"process.name": "a"}}}])
    assert selected(rule, NAMES) == [0, 2]
    assert rule_of(EQL, query="", filters=[{"query": {"term": {"process.name": "a"}}}]).error is not None


def test_what_is_stated_stays_beside_what_is_found() -> None:
    rule = rule_of(EQL, item(entry("exists", "user.name")), filters=[{"query": {"term": {"process.name": "a"}}}])
    assert rule.stated == rule_of(EQL).detection
    assert rule.stated != rule.detection
    assert len(rule.filters) == len(rule.exceptions) == 1
    assert (rule.exceptions[0].name, rule.exceptions[0].list_id) == ("I", "mine")


STAGES = 'sequence with maxspan=1m [process where process.name == "a"] {middle} [process where process.name == "c"]'


def test_every_stage_is_restricted() -> None:
    """An event that a filter leaves out neither starts, nor ends, nor breaks, nor expires a sequence."""
    left_out = {"filters": [{"meta": {"negate": True}, "query": {"term": {"user.name": "x"}}}]}
    a, b, c = ({"process.name": name} for name in "abc")
    out = {"user.name": "x"}
    broken = rule_of(EQL, query=STAGES.format(middle='![process where process.name == "b"]'), **left_out)
    assert isinstance(broken.detection, EventSequence)
    assert selected(broken, _timed([a, b, c])) == []
    assert selected(broken, _timed([a, b | out, c])) == [0, 2]
    assert selected(broken, _timed([a | out, c])) == []
    assert selected(broken, _timed([a, c | out])) == []
    ended = STAGES.format(middle="") + ' until [process where process.name == "b"]'
    assert selected(rule_of(EQL, query=ended, **left_out), _timed([a, b, c])) == []
    assert selected(rule_of(EQL, query=ended, **left_out), _timed([a, b | out, c])) == [0, 2]


def _timed(documents: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"@timestamp": f"1970-01-01T00:00:00.{at:03d}Z", **fields} for at, fields in enumerate(documents)]


def test_terms_and_indicators_are_restricted_on_the_side_of_the_events() -> None:
    filters = [{"query": {"term": {"process.name": "a"}}}]
    terms = rule_of(
        KQL, type="new_terms", new_terms_fields=["host.id"], history_window_start="now-7d", filters=filters
    ).detection
    assert isinstance(terms, NewTerms)
    assert "host.id" not in repr(terms.predicate)
    mapping = [{"entries": [{"field": "source.ip", "type": "mapping", "value": "threat.indicator.ip"}]}]
    joined = rule_of(
        KQL, type="threat_match", threat_index=["ti"], threat_mapping=mapping, filters=filters,
        threat_query="*:*", threat_filters=[{"query": {"term": {"event.kind": "enrichment"}}}],
    ).detection  # fmt: skip
    assert isinstance(joined, IndicatorMatch)
    assert "event.kind" in repr(joined.indicators)
    assert "event.kind" not in repr(joined.predicate)
    assert "process.name" not in repr(joined.indicators)


@pytest.mark.parametrize(
    ("exception", "found"),
    [
        (item(entry("match", "process.name", "a")), [1, 3]),
        (item(entry("match", "process.name", "a", "excluded")), [0, 2]),
        (item(entry("match_any", "process.name", ["b", "c"])), [0, 3]),
        (item(entry("wildcard", "process.name", "?")), [3]),
        (item(entry("wildcard", "process.name", "A*")), [0, 1, 2, 3]),
        (item(entry("exists", "process.name")), [3]),
        (item(entry("exists", "process.name", operator="excluded")), [0, 1, 2]),
        (item(entry("match", "process.name", "a"), entry("match", "process.name", "c")), [0, 1, 3]),
    ],
)
def test_an_item_leaves_out_what_all_of_its_entries_match(exception: Mapping[str, object], found: list[int]) -> None:
    assert selected(rule_of(EQL, exception), NAMES) == found


def test_any_item_leaves_out() -> None:
    rule = rule_of(EQL, item(entry("match", "process.name", "a")), item(entry("match", "process.name", "b")))
    assert selected(rule, NAMES) == [3]


def test_an_item_holds_on_its_operating_systems() -> None:
    rule = rule_of(EQL, item(entry("exists", "process.name"), os_types=["linux", "macos"]))
    systems: list[dict[str, Any]] = [
        {"process.name": "a", "host.os.type": "linux"},
        {"process.name": "a", "host.os.type": "windows"},
        {"process.name": "a", "host.os.name": "macOS"},
        {"process.name": "a"},
    ]
    assert selected(rule, systems) == [1, 3]


def test_nested_entries_match_one_object() -> None:
    nested = {
        "type": "nested",
        "field": "process.Ext.code_signature",
        "entries": [entry("match", "subject_name", "S"), entry("match", "trusted", "true")],
    }
    rule = rule_of(EQL, item(nested))
    assert rule.error is None
    assert "process.Ext.code_signature.trusted" in repr(rule.detection)


def test_a_value_list_is_a_loss() -> None:
    rule = rule_of(EQL, item({"type": "list", "field": "source.ip", "operator": "included", "list": {"id": "x"}}))
    assert [(loss.code, loss.direction) for loss in rule.losses] == [("exception-value-list", Direction.WIDER)]
    assert rule.detection == rule.stated


def test_an_item_that_ends_is_an_assumption() -> None:
    rule = rule_of(EQL, item(entry("match", "process.name", "a"), expire_time="2030-01-01T00:00:00Z"))
    assert [assumption.code for assumption in rule.assumptions] == ["exception-in-force"]
    assert rule.exceptions[0].expires == "2030-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "exception",
    [
        {"name": "no entries"},
        item(),
        item(entry("fuzzy", "process.name", "a")),
        item(entry("match", "process.name", 7)),
        item(entry("match_any", "process.name", [])),
        item(entry("match", "process.name", "a", "sometimes")),
        item("process.name"),
        item({"type": "nested", "field": "a", "entries": ["b"]}),
        item(entry("match", "process.name", "a"), os_types="linux"),
    ],
)
def test_an_item_that_is_not_understood_refuses_the_rule(exception: Mapping[str, object]) -> None:
    error = rule_of(EQL, exception).error
    assert isinstance(error, UnsupportedError)
    assert error.code == "exceptions-unsupported"


def test_a_filter_that_is_wrong_is_told_at_its_place() -> None:
    error = rule_of(EQL, filters=[{"query": {"term": {}}}]).error
    assert error is not None
    assert error.place == Place("a.ndjson", 7, 2)


def test_lists_that_did_not_come_are_a_note() -> None:
    rule = rule_of(EQL, exceptions_list=REFERENCES)
    (note,) = rule.notes
    assert note.code == "exception-list-referenced"
    assert "other" in note.message
    assert "mine" not in note.message
    assert rule.detection is not None
    assert rule.detection == rule.stated
    assert Always() not in rule.filters


@pytest.mark.parametrize(
    ("value", "noted"),
    [
        (r"C:\\Program Files\\*", False),
        (r"C:\Program Files\\*", True),
        (r"a\*b\?", False),
        (r"\\\\server\\*", False),
        (r"\\\server", True),
    ],
)
def test_backslashes_that_vanish_are_noted(value: str, noted: bool) -> None:
    rule = rule_of(EQL, filters=[{"query": {"bool": {"must": [{"wildcard": {"file.path": {"value": value}}}]}}}])
    assert ["wildcard-backslash" in note.code for note in rule.notes] == [True] * noted
