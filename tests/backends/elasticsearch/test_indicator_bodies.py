"""Indicator matches as search bodies: what indicators ask of events, within the limits of requests."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.elasticsearch import batches as batching
from backends.elasticsearch import statement
from backends.elasticsearch.batches import batches
from backends.elasticsearch.clause import count
from backends.elasticsearch.query import clause
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.search import SearchBody
from converter import convert
from converter.evaluate import evaluate
from converter.events.event import Event, Values
from converter.interpret import interpret
from converter.ir import Always, Events, Field, IndicatorEntry, IndicatorMatch, Predicate
from converter.languages.dsl import read, read_search
from converter.languages.settled import mean_the_same
from converter.rule import Origin, RawRule, Rule
from tests.backends.elasticsearch import aggregations
from tests.backends.elasticsearch.aggregations import CATALOGUE, EVENTS, NOW


def indicator(**fields: Values) -> Event:
    return Event("i", {name.replace("__", "."): values for name, values in fields.items()}, time=NOW)


def entry(field: str, other: str, *, negate: bool = False) -> IndicatorEntry:
    return IndicatorEntry(Field(field), Field(other), negate)


def matching(*groups: tuple[IndicatorEntry, ...], wanted: Predicate | None = None) -> IndicatorMatch:
    return IndicatorMatch(Always(), (), wanted or Always(), groups)


BY_USER = matching((entry("user.name", "ioc.name"),))
BY_USER_AND_PID = matching((entry("user.name", "ioc.name"), entry("process.pid", "ioc.pid")))


def query_of(detection: IndicatorMatch, *documents: Event) -> object:
    """The condition of the one body."""
    (part,) = batches(detection, documents, CATALOGUE).parts
    return statement.search(part).to_json()["query"]


# --- meaning -------------------------------------------------------------------------------------------------------


@given(aggregations.indicator_matches, st.lists(aggregations.indicators, max_size=6))
def test_bodies_find_the_events_that_the_evaluator_finds(detection: IndicatorMatch, documents: list[Event]) -> None:
    found = batches(detection, documents, CATALOGUE)
    read_back = [read_search(SearchBody(statement.search(part)).text(), CATALOGUE) for part in found.parts]

    ids = {match.ids for part in read_back for match in evaluate(part, EVENTS, CATALOGUE, now=NOW)}

    expected = evaluate(detection, EVENTS, CATALOGUE, now=NOW, indicators=documents)
    assert ids == {match.ids for match in expected}
    assert all(mean_the_same(part, meant, CATALOGUE) for part, meant in zip(read_back, found.parts, strict=True))


def test_a_single_entry_is_one_list_of_first_values() -> None:
    query = query_of(BY_USER, indicator(ioc__name=("b", "c")), indicator(ioc__name=("a",)), indicator(ioc__name=("b",)))
    assert query == {"bool": {"filter": [{"terms": {"user.name": ["a", "b"]}}]}}


def test_entries_are_bound_to_one_indicator() -> None:
    query = query_of(
        BY_USER_AND_PID,
        indicator(ioc__name=("a",), ioc__pid=(1,)),
        indicator(ioc__name=("b",), ioc__pid=(2,)),
        indicator(ioc__name=("c",), ioc__pid=(2,)),
        indicator(ioc__name=("without a number",)),
        indicator(ioc__name=("two numbers",), ioc__pid=(1, 2)),
    )
    assert query == {
        "bool": {
            "filter": [
                {
                    "bool": {
                        "should": [
                            {"bool": {"filter": [{"term": {"user.name": "a"}}, {"term": {"process.pid": 1}}]}},
                            {"bool": {"filter": [{"terms": {"user.name": ["b", "c"]}}, {"term": {"process.pid": 2}}]}},
                        ],
                        "minimum_should_match": 1,
                    }
                }
            ]
        }
    }


def test_a_negated_entry_is_a_complement() -> None:
    detection = matching((entry("process.pid", "ioc.pid", negate=True), entry("user.name", "ioc.name")))
    query = query_of(detection, indicator(ioc__name=("a",), ioc__pid=(1,)))
    assert query == {"bool": {"filter": [{"term": {"user.name": "a"}}], "must_not": [{"term": {"process.pid": 1}}]}}


def test_blocks_of_addresses_are_networks() -> None:
    detection = matching((entry("source.ip", "threat.indicator.ip"),))
    query = query_of(detection, indicator(threat__indicator__ip=("10.0.0.7/8",)))
    assert query == {"bool": {"filter": [{"term": {"source.ip": "10.0.0.0/8"}}]}}


def test_without_indicators_nothing_is_found() -> None:
    assert query_of(BY_USER) == {"bool": {"filter": [{"match_none": {}}]}}


def test_the_order_of_the_file_does_not_show() -> None:
    documents = [indicator(ioc__name=(name,), ioc__pid=(pid,)) for name, pid in [("b", 2), ("a", 2), ("c", 1)]]
    assert query_of(BY_USER_AND_PID, *documents) == query_of(BY_USER_AND_PID, *reversed(documents))


def test_a_group_of_negated_entries_only_is_refused() -> None:
    with pytest.raises(InexpressibleError) as caught:
        batches(matching((entry("user.name", "ioc.name", negate=True),)), [indicator()], CATALOGUE)
    assert caught.value.loss.code == "elasticsearch-indicators-negated"


# --- which indicators ----------------------------------------------------------------------------------------------

RECENT = read({"range": {"@timestamp": {"gte": "now-1d"}}}, CATALOGUE)
DAY = 86_400_000


def aged(name: str, days: float, index: str | None = None) -> Event:
    time = NOW - days * DAY
    return Event(name, {"ioc.name": (name,), "@timestamp": (time,)}, time=time, index=index)


def test_the_indicator_query_counts_from_the_newest_indicator() -> None:
    detection = matching(*BY_USER.mapping, wanted=RECENT)
    query = query_of(detection, aged("a", 10), aged("b", 10.5), aged("c", 11.5))
    assert query == {"bool": {"filter": [{"terms": {"user.name": ["a", "b"]}}]}}


def test_indicators_of_other_indices_are_left_out() -> None:
    detection = replace(BY_USER, indicator_index=("ti-*",))
    query = query_of(detection, aged("a", 0, "ti-x"), aged("b", 0, "logs-x"), aged("c", 0))
    assert query == {"bool": {"filter": [{"terms": {"user.name": ["a", "c"]}}]}}


def test_indicators_of_unknown_age_are_refused_where_it_matters() -> None:
    undated = Event("i", {"ioc.name": ("a",)})
    assert batches(BY_USER, [undated], CATALOGUE).indicators == 1
    with pytest.raises(InexpressibleError) as caught:
        batches(matching(*BY_USER.mapping, wanted=RECENT), [undated], CATALOGUE)
    assert caught.value.loss.code == "elasticsearch-indicators-unselected"


# --- limits --------------------------------------------------------------------------------------------------------


def names_in(parts: Sequence[Events]) -> list[set[str]]:
    """The lists of terms in the bodies."""
    bodies = [json.loads(SearchBody(statement.search(part)).text()) for part in parts]
    return [set(clause_["terms"]["user.name"]) for body in bodies for clause_ in _lists(body["query"])]


def _lists(query: dict[str, dict[str, list[dict[str, dict[str, list[str]]]]]]) -> list[dict[str, dict[str, list[str]]]]:
    return [item for item in query["bool"]["filter"] if "terms" in item]


def test_a_list_is_cut_where_elasticsearch_takes_no_more_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [indicator(ioc__name=(f"user {number}",)) for number in range(65_537)]
    (part,) = batches(BY_USER, documents, CATALOGUE).parts
    written = clause(part.predicate)
    assert count(written) == 2

    monkeypatch.setattr(batching, "LONGEST", 200_000)
    parts = batches(BY_USER, documents, CATALOGUE).parts

    assert len(parts) > 1
    assert set().union(*names_in(parts)) == {f"user {number}" for number in range(65_537)}
    assert max(len(SearchBody(statement.search(part)).text()) for part in parts) < 300_000


def test_bodies_stay_below_the_clauses_that_small_nodes_take() -> None:
    documents = [indicator(ioc__name=(f"user {number}",), ioc__pid=(number,)) for number in range(1_500)]

    found = batches(BY_USER_AND_PID, documents, CATALOGUE)

    assert len(found.parts) == 3
    assert all(count(clause(part.predicate)) <= 1_024 for part in found.parts)
    assert found.indicators == 1_500
    events = [Event(str(number), {"user.name": (f"user {number}",), "process.pid": (number,)}) for number in (0, 1_499)]
    assert len({match.ids for part in found.parts for match in evaluate(part, events, CATALOGUE)}) == 2


# --- rules ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def rule() -> Rule:
    data = {
        "name": "Known users",
        "rule_id": "known-users",
        "type": "threat_match",
        "language": "kuery",
        "query": "event.category:process",
        "index": ["logs-*"],
        "threat_index": ["ti-*"],
        "threat_query": "*:*",
        "threat_mapping": [{"entries": [{"field": "user.name", "type": "mapping", "value": "ioc.name"}]}],
    }
    return interpret(RawRule(Origin("rule.json"), data), CATALOGUE)


def test_with_indicators_bodies_are_written(rule: Rule) -> None:
    result = convert(rule, to="elasticsearch", indicators=[{"@timestamp": "2024-05-01T00:00:00Z", "ioc.name": "a"}])
    assert (result.format, result.verdict) == ("dsl", "exact")
    assert [artifact.name for artifact in result.artifacts] == ["known_users.dsl.json"]
    assert "indicators-held" in [note.code for note in result.notes]


def test_batches_are_files_of_their_own(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "LONGEST", 40)
    indicators = [{"ioc.name": f"user {number}"} for number in range(3)]
    result = convert(rule, to="elasticsearch", indicators=indicators)
    assert [artifact.name for artifact in result.artifacts] == [
        f"known_users-indicators-{number}.dsl.json" for number in (1, 2, 3)
    ]


def test_without_indicators_the_rule_is_kept_whole(rule: Rule) -> None:
    assert convert(rule, to="elasticsearch").format == "rule"
    refused = convert(rule, to="elasticsearch", format="dsl")
    assert [loss.code for loss in refused.losses] == ["elasticsearch-indicators-missing"]
    assert "--indicators" in refused.losses[0].message
