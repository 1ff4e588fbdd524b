"""Elasticsearch's series of events for the state machine of sequences, through the library."""

import re
from collections.abc import Iterator

import pytest

import converter
from tests.evaluate.elasticsearch import text_of

pytestmark = pytest.mark.shared

Series = tuple[str, list[str], list[str]]
"""Name, a line of tokens for every stage, a line of tokens for every expected sequence."""


def series() -> list[Series]:
    lines = (line.strip() for line in text_of("sequences.series-spec").splitlines())
    return list(_series(line for line in lines if line and not line.startswith("//")))


def _series(lines: Iterator[str]) -> Iterator[Series]:
    for name in lines:
        stages, expected = (list(iter(lambda: next(lines), ";")) for _ in range(2))
        yield name, stages, expected


def test_there_are_25_series() -> None:
    assert len(series()) == 25


@pytest.mark.parametrize("number", range(25))
def test_the_sequences_of_a_series(number: int) -> None:
    name, stages, expected = series()[number]
    documents = [_document(token, stage) for stage, line in enumerate(stages) for token in line.split()]
    query = "sequence by id" + "".join(f" [any where stage == {stage}]" for stage in range(len(stages)))
    rule = converter.parse(query, language="eql")
    matches = converter.evaluate(rule, documents, schema={"types": {"stage": "long", "id": "keyword"}})
    assert [match.ids for match in matches] == [
        tuple(token.rpartition("|")[2] for token in line.split()) for line in expected
    ], name


def _document(token: str, stage: int) -> dict[str, object]:
    """`r|W2`: an event of this stage at time 2 with the key `r`."""
    key, _, id_ = token.rpartition("|")
    return {"_id": id_, "@timestamp": int(re.sub(r"\D", "", id_)), "stage": stage, "id": key}
