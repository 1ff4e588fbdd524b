"""Thresholds, new terms and indicator matches as a real OpenSearch finds them, against the evaluator and by hand."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backends.elasticsearch import groups, statement
from backends.elasticsearch.batches import batches
from backends.elasticsearch.live.access import Access
from backends.elasticsearch.live.connection import connect
from backends.elasticsearch.live.index import index_of
from backends.elasticsearch.live.search import Run
from backends.elasticsearch.search import SearchBody
from converter.backend import Artifact, Observations, TargetEvent
from converter.events.clock import iso
from converter.events.document import event_of
from converter.events.event import Event
from converter.ir import (
    Always,
    DateLiteral,
    Detection,
    Equal,
    Events,
    Field,
    IndicatorMatch,
    NewTerms,
    Range,
    Take,
    Test,
    TextLiteral,
    Threshold,
)
from converter.verify.judge import Judge
from tests.backends.elasticsearch import aggregations
from tests.backends.elasticsearch.aggregations import CATALOGUE, EVENTS, MINUTE, NOW
from tests.engines.opensearch.server import Server

pytestmark = pytest.mark.engine

JUDGE = Judge(CATALOGUE, NOW)


@pytest.fixture(scope="module")
def run(opensearch: Server) -> Iterator[Run]:
    with indexed(opensearch, EVENTS) as made:
        yield made


@contextmanager
def indexed(opensearch: Server, events: Sequence[Event]) -> Iterator[Run]:
    targets = [TargetEvent(event.id, event.fields, time=event.time or 0, document=event.document) for event in events]
    connection = connect("opensearch", Access.of(opensearch.url, {}))
    asked = [*aggregations.FIELDS, *aggregations.ANALYSED]
    with index_of(targets, asked, connection, CATALOGUE) as index:
        yield Run(connection, index, len(targets), NOW, CATALOGUE)


def found(run: Run, detection: Detection) -> Observations:
    return run.observe(Artifact("search", ".dsl.json", SearchBody(statement.search(detection)).text()))


one_server = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@one_server
@given(aggregations.thresholds)
def test_a_threshold_finds_the_groups_that_the_evaluator_finds(run: Run, detection: Threshold) -> None:
    assert found(run, detection) == JUDGE.observe(detection, EVENTS)


@one_server
@given(aggregations.new_terms)
def test_new_terms_are_those_that_the_evaluator_finds(run: Run, detection: NewTerms) -> None:
    assert found(run, detection) == JUDGE.observe(detection, EVENTS)


@one_server
@given(aggregations.indicator_matches, st.lists(aggregations.indicators, max_size=6))
def test_events_agree_with_the_indicators_that_the_evaluator_finds(
    run: Run, detection: IndicatorMatch, indicators: list[Event]
) -> None:
    parts = batches(detection, indicators, CATALOGUE).parts

    items = frozenset(item for part in parts for item in found(run, part).items)

    assert items == Judge(CATALOGUE, NOW, tuple(indicators)).observe(detection, EVENTS).items


# --- by hand -------------------------------------------------------------------------------------------------------

GROUPS = tomllib.loads(Path(__file__).with_name("cases").joinpath("groups.toml").read_text(encoding="utf-8"))["cases"]
LABEL = "event.action"
"""Tells the documents of the cases apart, which lie in one index."""


def _document(name: str, given: Mapping[str, object]) -> dict[str, object]:
    fields = {key: value for key, value in given.items() if key != "ago"}
    return {"@timestamp": iso(NOW - float(str(given.get("ago", 0))) * MINUTE), LABEL: name, **fields}


HAND_MADE = [
    event_of(_document(name, given), number)
    for number, (name, given) in enumerate(
        (name, given) for name, case in GROUPS.items() for given in case["documents"]
    )
]


@pytest.fixture(scope="module")
def by_hand(opensearch: Server) -> Iterator[Run]:
    with indexed(opensearch, HAND_MADE) as made:
        yield made


@pytest.mark.parametrize("name", GROUPS)
def test_groups_and_terms_are_what_the_specification_says(by_hand: Run, name: str) -> None:
    detection = _detection(name, GROUPS[name])
    expected = frozenset(map(tuple, GROUPS[name]["found"]))

    assert found(by_hand, detection).items == expected
    assert JUDGE.observe(detection, HAND_MADE).items == expected


def _detection(name: str, case: Mapping[str, Any]) -> Detection:
    condition = Test(Field(LABEL), (Equal(TextLiteral(name)),))
    if "new_terms" in case:
        return NewTerms(condition, tuple(map(Field, case["new_terms"])), "now-1h", "now-9m")
    stated = case["threshold"]
    distinct = stated.get("distinct")
    return Threshold(
        condition,
        tuple(map(Field, stated["keys"])),
        stated["at_least"],
        None if distinct is None else (Field(distinct[0]), distinct[1]),
        start="now-9m",
    )


def test_a_number_that_stands_twice_in_an_event_may_count_twice(opensearch: Server) -> None:
    """An index keeps every number of a list, and a composite counts an event for each, unless it gets by without
    looking at documents; the rule in Kibana does the same. Documents of the tests above have each number once."""
    twice = event_of({"@timestamp": iso(NOW), "process.pid": [7, 7], "user.name": "a"}, 0)
    fields = (Field("user.name"), Field("process.pid"))
    with indexed(opensearch, [twice]) as run:
        assert found(run, Threshold(Always(), fields, 2)).items == {("a", "7")}
        assert found(run, Threshold(Always(), fields[1:], 2)).items == frozenset()


def test_all_events_are_counted_up_to_a_ceiling(opensearch: Server) -> None:
    events = [event_of({"@timestamp": iso(NOW)}, number) for number in range(10_001)]
    with indexed(opensearch, events) as run:
        assert found(run, Threshold(Always(), (), 10_000)).items == {()}
        assert found(run, Threshold(Always(), (), 10_001)).items == frozenset()


@pytest.mark.parametrize("size", [1, 2, 7])
def test_every_page_is_decided_by_itself(run: Run, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of buckets may be empty after the script, and others follow it."""
    fields = (Field("user.name"), Field("process.args"))
    detections: tuple[Detection, ...] = (
        NewTerms(Always(), fields, "now-1h", "now-9m"),
        Threshold(Always(), fields, 3),
    )
    monkeypatch.setattr(groups, "PAGE", size)
    for detection in detections:
        assert found(run, detection) == JUDGE.observe(detection, EVENTS)


@pytest.mark.parametrize("take", [Take("head", 3), Take("tail", 3), Take("head", 1), Take("tail", 1_000)])
def test_events_are_taken_from_an_end(run: Run, take: Take) -> None:
    """Documents of the strategy that share a time are left out: which of them comes first is not stated."""
    times = Counter(event.time for event in EVENTS)
    alone = tuple(DateLiteral(iso(event.time)) for event in EVENTS if event.time is not None and times[event.time] == 1)
    condition = Test(Field("@timestamp"), tuple(Range(time, time) for time in alone))
    detection = Events(condition, (take,))

    assert found(run, detection) == JUDGE.observe(detection, EVENTS)
