"""What search bodies select on a real OpenSearch, type by type, against the reference evaluator."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from backends.elasticsearch import query
from backends.elasticsearch.clause import to_json
from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event, flatten
from converter.ir import (
    ANY_RUN,
    Call,
    Compare,
    Compute,
    Equal,
    FieldPattern,
    FieldValue,
    Like,
    Nested,
    Predicate,
    Test,
    TextLiteral,
    pattern,
)
from tests.engines.opensearch.client import Client
from tests.engines.opensearch.server import Server
from tests.strategies import CATALOGUE, documents, patterns, predicates, texts

pytestmark = pytest.mark.engine

INDEX = "predicates"
MAPPING = {
    **{name: {"type": "keyword"} for name in ("a", "b.c", "b.d")},
    "n": {"type": "long"},
    "flag": {"type": "boolean"},
    "ip": {"type": "ip"},
    "message": {"type": "text"},
    "o": {"type": "nested", "properties": {"x": {"type": "keyword"}, "y": {"type": "keyword"}}},
}


def some_documents(count: int) -> dict[str, dict[str, object]]:
    """So many documents of the strategy, always the same."""
    found: list[dict[str, object]] = []

    @seed(20250101)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(documents)
    def collect(document: dict[str, object]) -> None:
        found.append(document)

    collect()
    return {str(number): document for number, document in enumerate(found)}


DOCUMENTS = some_documents(100)
EVENTS = [Event(name, flatten(document), document, time=0.0) for name, document in DOCUMENTS.items()]

covered_fields = st.lists(
    st.one_of(st.builds(Like, patterns), texts.map(TextLiteral).map(Equal)), min_size=1, max_size=2
).map(lambda matchers: Test(FieldPattern(pattern("b.", ANY_RUN)), tuple(matchers)))


@pytest.fixture(scope="module")
def searched(opensearch: Server) -> Iterator[Client]:
    with Client(opensearch.url) as client:
        client.create(INDEX, MAPPING)
        client.index(INDEX, DOCUMENTS)
        yield client
        client.delete(INDEX)


def check(searched: Client, predicate: Predicate) -> None:
    try:
        written = to_json(query.clause(predicate, CATALOGUE))
    except query.InexpressibleError:
        assume(False)
    holds = compile_predicate(predicate, CATALOGUE)
    assert searched.ids(INDEX, written) == {event.id for event in EVENTS if holds(event)}, written


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(predicates)
def test_a_clause_selects_what_the_evaluator_selects(searched: Client, predicate: Predicate) -> None:
    check(searched, predicate)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(covered_fields)
def test_a_pattern_of_field_names_selects_what_the_evaluator_selects(searched: Client, predicate: Predicate) -> None:
    check(searched, predicate)


def test_scripts_read_the_objects_of_a_nested_path(searched: Client) -> None:
    for relation in ("startsWith", "endsWith"):
        check(searched, Nested("o", Compute(Call(relation, (FieldValue("o.x"), FieldValue("o.y"))))))
    same = Call("concat", (FieldValue("o.x"), FieldValue("o.x")))
    check(searched, Nested("o", Compute(Compare("==", same, FieldValue("o.y")))))
