"""Sequences and samples of Elasticsearch's acceptance suite: our reading, our evaluator, its results."""

import re
from collections.abc import Callable, Iterator

import pytest

from converter.evaluate import Match, evaluate
from converter.events.event import Event
from converter.ir import Equal, Field, Sequence, Stage, Test, TextLiteral
from converter.languages.eql import lower, parse
from converter.schema.catalogue import Catalogue
from tests.evaluate import elasticsearch
from tests.evaluate.elasticsearch import Case, DataSet, Ids, multi_event_cases
from tests.shared import shared

pytestmark = pytest.mark.shared

FILES: dict[str, tuple[int, Callable[[], DataSet]]] = {
    "test_queries.toml": (39, elasticsearch.endgame),
    "additional_test_queries.toml": (6, elasticsearch.endgame),
    "test_extra.toml": (34, elasticsearch.extra),
    "test_missing_events.toml": (26, elasticsearch.missing_events),
    "test_sample.toml": (25, elasticsearch.samples),
    "test_sample_multi.toml": (9, elasticsearch.multiple_samples),
}
"""The files with the number of their sequences and samples, and their documents. The other 162 of the 301 query cases
are event queries (tests/languages/eql/test_oracle_events.py)."""


def test_there_are_139_sequences_and_samples() -> None:
    counts = {file: len(multi_event_cases(file)) for file in FILES}
    assert counts == {file: count for file, (count, _) in FILES.items()}
    assert sum(counts.values()) == 301 - 162


@pytest.mark.parametrize("file", FILES)
def test_the_results_are_those_elasticsearch_returns(file: str) -> None:
    data = FILES[file][1]()
    wrong = {}
    for case in multi_event_cases(file):
        matches = _found(case, data)
        ids = _flat_ids(matches)
        keys = tuple(elasticsearch.spelled(key) for match in matches for key in match.keys or ())
        if ids not in case.outcomes or (case.keys is not None and keys != case.keys):
            wrong[case.name] = (case.query, ids, keys)
    assert wrong == {}


def _found(case: Case, data: DataSet) -> list[Match]:
    detection = lower(parse(case.query), data.catalogue, unmapped=data.unmapped(case.query)).detection
    matches = evaluate(
        detection, data.events, data.catalogue, mapped=data.mapped, max_samples_per_key=case.max_samples_per_key
    )
    return matches if case.size is None else matches[: case.size]


def _flat_ids(matches: list[Match]) -> Ids:
    return tuple(id_ for match in matches for id_ in match.ids)


Series = tuple[str, list[str], list[str]]
"""Name, a line of tokens for every stage, a line of tokens for every expected sequence."""


def series() -> list[Series]:
    text = shared("oracle/elasticsearch-eql/sequences.series-spec").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return list(_series(line for line in lines if line and not line.startswith("//")))


def _series(lines: Iterator[str]) -> Iterator[Series]:
    for name in lines:
        stages, expected = (list(iter(lambda: next(lines), ";")) for _ in range(2))
        yield name, stages, expected


def test_there_are_25_series() -> None:
    assert len(series()) == 25


def test_the_sequences_of_every_series() -> None:
    for name, stages, expected in series():
        events = [_token(token, stage) for stage, line in enumerate(stages) for token in line.split()]
        detection = Sequence(tuple(_stage(number) for number in range(len(stages))))
        found = [match.ids for match in evaluate(detection, events, Catalogue({}))]
        assert found == [tuple(token.rpartition("|")[2] for token in line.split()) for line in expected], name


def _token(token: str, stage: int) -> Event:
    """`r|W2`: an event of this stage at time 2 with the key `r`."""
    key, _, id_ = token.rpartition("|")
    return Event(id_, {"stage": (str(stage),), "key": (key,)}, time=float(re.sub(r"\D", "", id_)))


def _stage(number: int) -> Stage:
    return Stage(Test(Field("stage"), (Equal(TextLiteral(str(number))),)), (Field("key"),))
