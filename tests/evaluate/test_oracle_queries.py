"""Elasticsearch's acceptance suite for EQL through the library: what each query returns, in order, with its keys."""

import pytest

import converter
from tests.evaluate.elasticsearch import FILES, Case, DataSet, Ids, cases, spelled

pytestmark = pytest.mark.shared


def test_there_are_301_queries() -> None:
    counts = {file: len(cases(file)) for file in FILES}
    assert counts == {file: count for file, (count, _) in FILES.items()}
    assert sum(counts.values()) == 301


@pytest.mark.parametrize("file", FILES)
def test_the_results_are_those_elasticsearch_returns(file: str) -> None:
    data = FILES[file][1]()
    assert {case.name: found for case in cases(file) if (found := wrong(case, data, data.schema))} == {}


@pytest.mark.parametrize("file", FILES)
def test_nothing_hangs_on_knowing_every_field(file: str) -> None:
    """Under a schema that is not strict, a field that no mapping defines is one that no event has."""
    data = FILES[file][1]()
    schema = {key: value for key, value in data.schema.items() if key != "strict"}
    assert {case.name: found for case in cases(file) if (found := wrong(case, data, schema))} == {}


def wrong(case: Case, data: DataSet, schema: dict[str, object]) -> tuple[str, Ids, tuple[str, ...]] | None:
    """The query and what is found instead, None if all is as it should be."""
    rule = converter.parse(case.query, language="eql")
    matches = converter.evaluate(rule, data.documents, schema=schema, max_samples_per_key=case.max_samples_per_key)[
        : case.size
    ]
    ids = tuple(id_ for match in matches for id_ in match.ids)
    keys = tuple(spelled(key) for match in matches for key in match.keys or ())
    right = ids in case.outcomes and case.keys in {None, keys}
    return None if right else (case.query, ids, keys)
