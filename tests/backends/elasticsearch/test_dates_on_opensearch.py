"""Dates that leave something open, and date math, on a real OpenSearch: the evaluator reads them as it does."""

from collections.abc import Iterator

import pytest

from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event
from converter.languages import dsl
from converter.schema.catalogue import Catalogue, FieldType
from tests.engines.opensearch.client import Client
from tests.engines.opensearch.server import Server

pytestmark = pytest.mark.engine

INDEX = "dates"
CATALOGUE = Catalogue({}).retyped({"day": FieldType.DATE})
MOMENTS = [
    "2023-12-31T23:59:59.999Z",
    "2024-01-01T00:00:00.000Z",
    "2024-01-01T23:59:59.999Z",
    "2024-01-02T00:00:00.000Z",
    "2024-05-01T00:00:00.000Z",
    "2024-05-01T10:00:00.000Z",
    "2024-05-01T10:00:00.999Z",
    "2024-05-01T10:30:00.000Z",
    "2024-05-01T10:59:59.999Z",
    "2024-05-01T11:00:00.000Z",
    "2024-05-01T23:59:59.999Z",
    "2024-05-02T00:00:00.000Z",
    "2024-05-31T23:59:59.999Z",
    "2024-06-01T00:00:00.000Z",
    "2024-12-31T23:59:59.999Z",
    "2025-01-01T00:00:00.000Z",
]
TEXTS = [
    "2024",
    "2024-05",
    "2024-05-01",
    "2024-05-01T10",
    "2024-05-01T10:30",
    "2024-05-01T10:00:00",
    "2024-05-01T10:00:00.9",
    "2024-05-01T12:00:00+02:00",
    "2024-05-01||/d",
    "2024-05-15||/M",
    "2024-05-15||/y",
    "2024-05-01||/w",
    "2024-05-01T10:30||/h",
    "2024-05-01||+1M-1d",
    "2024-05-01||+1M/M",
]
BOUNDS = ("gt", "gte", "lt", "lte")


@pytest.fixture(scope="module")
def searched(opensearch: Server) -> Iterator[Client]:
    with Client(opensearch.url) as client:
        client.create(INDEX, {"day": {"type": "date"}})
        client.index(INDEX, {moment: {"day": moment} for moment in MOMENTS})
        client.refresh(INDEX)
        yield client
        client.delete(INDEX)


@pytest.mark.parametrize("text", TEXTS)
def test_a_date_means_what_it_means_to_the_engine(text: str, searched: Client) -> None:
    queries: list[dict[str, object]] = [{"range": {"day": {bound: text}}} for bound in BOUNDS]
    queries.append({"range": {"day": {"gte": text, "lte": text}}})
    if "||" not in text:
        queries.append({"term": {"day": text}})
    for query, found in zip(queries, searched.ids_of_each(INDEX, queries), strict=True):
        holds = compile_predicate(dsl.read(query, CATALOGUE), CATALOGUE, now=0)
        assert {moment for moment in MOMENTS if holds(Event(moment, {"day": (moment,)}))} == found, query
