"""python-eql as an engine: what it selects, what it refuses, what it measures."""

import pytest

from converter.events.event import Event
from tests.engines.python_eql.client import PythonEql, RejectedError

pytestmark = pytest.mark.engine

EVENTS = [
    Event("a", {"event.category": ("process",), "process.name": ("Cmd.exe",), "user.id": ("1",)}, time=1000.0),
    Event("b", {"event.category": ("process",), "process.name": ("cmd.exe",), "user.id": ("1",)}, time=2000.0),
    Event("c", {"event.category": ("file",), "file.name": ("x",), "user.id": ("1",)}, time=3001.0),
]


def test_events(python_eql: PythonEql) -> None:
    query = 'process where process.name == "cmd.exe"'
    assert python_eql.evaluate(query, EVENTS) == [("a",), ("b",)]
    assert python_eql.evaluate(query, EVENTS, fold=False) == [("b",)]


def test_sequences(python_eql: PythonEql) -> None:
    query = "sequence by user.id with maxspan=1s [process where true] [any where true]"
    assert python_eql.evaluate(query, EVENTS) == [("a", "b")]


def test_a_query_it_does_not_take(python_eql: PythonEql) -> None:
    with pytest.raises(RejectedError, match="Compare with =="):
        python_eql.parse('process where process.name = "cmd.exe"')


def test_timings(python_eql: PythonEql) -> None:
    parsing = python_eql.time_parse(["any where true", "any where", "file where true"], runs=2)
    assert (len(parsing.seconds), parsing.rejected) == (2, (1,))
    evaluating = python_eql.time_evaluate(["process where true", "any where true"], EVENTS)
    assert (evaluating.events, evaluating.matches) == (3, 5)
