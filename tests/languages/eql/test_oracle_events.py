"""Event queries of Elasticsearch's acceptance suite: our reading, our evaluator, its results."""

import pytest

from converter.evaluate import evaluate
from converter.languages.eql import lower, parse
from tests.languages.eql.elasticsearch import (
    Case,
    endgame_events,
    event_cases,
    extra_events,
    mapped_catalogue,
)

pytestmark = pytest.mark.shared

FILES = {
    "test_queries.toml": 94,
    "additional_test_queries.toml": 55,
    "test_queries_date.toml": 4,
    "test_queries_date_nanos.toml": 3,
}
"""The four query files with the number of their event cases."""


def test_there_are_156_event_cases() -> None:
    assert sum(FILES.values()) == 156
    assert {file: len(event_cases(file)) for file in FILES} == FILES


@pytest.mark.parametrize("file", FILES)
def test_the_ids_are_those_elasticsearch_returns(file: str) -> None:
    events = endgame_events(nanoseconds=file == "test_queries_date_nanos.toml")
    events.sort(key=lambda event: (event.time, event.fields["serial_event_id"]))
    catalogue = mapped_catalogue("endgame-140.mapping")
    wrong = {}
    for case in event_cases(file):
        matches = evaluate(lower(parse(case.query), catalogue).detection, events, catalogue)
        found = tuple(match.ids[0] for match in matches)
        if found != case.ids:
            wrong[case.name] = (case.query, found)
    assert wrong == {}


def test_the_ids_of_the_optional_field_cases() -> None:
    cases: list[Case] = event_cases("test_extra.toml")
    catalogue = mapped_catalogue("extra.mapping")
    mapped = frozenset(info.name for info in catalogue)
    unmapped = {"inexistent_field"} - mapped
    for case in cases:
        matches = evaluate(lower(parse(case.query), catalogue, unmapped=unmapped).detection, extra_events(), catalogue)
        assert tuple(match.ids[0] for match in matches) == case.ids, case.name
    assert len(cases) == 6
