"""What the scripts that are written select on a real OpenSearch, against the reference evaluator and by hand."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from backends.elasticsearch import query
from backends.elasticsearch.clause import to_json
from converter import parse
from converter.evaluate.failure import EvaluationError
from converter.evaluate.predicate import compile_predicate
from converter.ir import Compute, Events, Expression
from converter.schema.catalogue import default_catalogue
from tests.backends.elasticsearch import painless
from tests.engines.opensearch.client import Client, RequestError
from tests.engines.opensearch.server import Server

pytestmark = pytest.mark.engine

RANDOM = "random-values"
DOCUMENTS = painless.documents(60)
EVENTS = [painless.event(identifier, document) for identifier, document in DOCUMENTS.items()]

TABLE = "functions"
FUNCTIONS = tomllib.loads(Path(__file__).with_name("cases").joinpath("functions.toml").read_text(encoding="utf-8"))
CASES: Mapping[str, list[str]] = FUNCTIONS["cases"]


@pytest.fixture(scope="module")
def searched(opensearch: Server) -> Iterator[Client]:
    fields = {name for document in FUNCTIONS["documents"].values() for name in document}
    with Client(opensearch.url) as client:
        client.create(RANDOM, painless.MAPPING)
        client.index(RANDOM, DOCUMENTS)
        client.create(TABLE, {name: {"type": default_catalogue()[name].type.value} for name in sorted(fields)})
        client.index(TABLE, FUNCTIONS["documents"])
        yield client
        client.delete(RANDOM)
        client.delete(TABLE)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
@given(painless.few_occurrences)
def test_a_script_selects_what_the_evaluator_selects(searched: Client, expression: Expression) -> None:
    holds = compile_predicate(Compute(expression), painless.CATALOGUE)
    try:
        wanted = {event.id for event in EVENTS if holds(event)}
    except EvaluationError:
        assume(False)

    try:
        found = searched.ids(RANDOM, script(expression))
    except RequestError as error:
        # The evaluator calculates with unsigned integers too; a script fails beyond 63 bits, as Elasticsearch does.
        assume("longValueExact" not in str(error))
        raise
    assert found == wanted


@pytest.mark.parametrize("condition", CASES)
def test_a_function_selects_what_the_specification_says(searched: Client, condition: str) -> None:
    detection = parse(f"any where {condition}", language="eql").detection
    assert isinstance(detection, Events)
    holds = compile_predicate(detection.predicate, default_catalogue())

    assert searched.ids(TABLE, to_json(query.clause(detection.predicate))) == set(CASES[condition])
    assert {name for name, document in FUNCTIONS["documents"].items() if holds(painless.event(name, document))} == set(
        CASES[condition]
    )


@pytest.mark.parametrize(
    "condition",
    [
        "process.pid / (process.pid - process.pid) == 1",
        "number(process.name) == 1",
        "process.pid * 9223372036854775807 > 0",
    ],
)
def test_what_cannot_be_calculated_fails_the_search(searched: Client, condition: str) -> None:
    detection = parse(f"any where {condition}", language="eql").detection
    assert isinstance(detection, Events)

    with pytest.raises(RequestError):
        searched.ids(TABLE, to_json(query.clause(detection.predicate)))


def test_all_rules_share_a_few_sources() -> None:
    """Clusters compile so many scripts in five minutes and then no more."""
    conditions = [parse(f"any where {condition}", language="eql").detection for condition in CASES]
    sources = {
        source
        for detection in conditions
        if isinstance(detection, Events)
        for source in sources_of(to_json(query.clause(detection.predicate)))
    }
    assert len(sources) <= 3


def script(expression: Expression) -> dict[str, object]:
    return to_json(query.clause(Compute(expression), painless.CATALOGUE))


def sources_of(clause: Any) -> Iterator[str]:
    match clause:
        case {"source": str(source)}:
            yield source
        case dict():
            for inner in clause.values():
                yield from sources_of(inner)
        case list():
            for inner in clause:
                yield from sources_of(inner)
        case _:
            pass
