"""What EQL can say is said: any predicate, raised, printed, parsed and lowered again, means what it meant."""

from dataclasses import replace

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import (
    All,
    Any,
    Events,
    Field,
    Not,
    Predicate,
    Range,
    Sequence,
    Stage,
    Take,
    Test,
)
from converter.languages.eql import lower, to_text
from converter.languages.eql.raising import raise_
from tests import strategies
from tests.languages.settled import inside, settled
from tests.strategies import CATALOGUE

SAYABLE: st.SearchStrategy[Predicate] = st.one_of(
    strategies.text_tests,
    st.builds(
        lambda field, matcher: Test(Field(field), (matcher,)),
        st.just("n"),
        strategies.number_matchers,
    ),
    strategies.tests.filter(
        lambda test: isinstance(test.field, Field) and test.field.name in {"ip", "flag"},
    ),
)
"""Tests that EQL has an operator for."""
CONDITIONS: st.SearchStrategy[Predicate] = st.recursive(
    SAYABLE,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=6,
)


def round_trip(predicate: Predicate) -> Predicate | None:
    """What the raised text means, None if EQL cannot say the predicate."""
    raised = raise_(Events(predicate), CATALOGUE)
    if raised.tree is None:
        assert raised.losses
        assert all(loss.direction is None for loss in raised.losses)
        return None
    note(to_text(raised.tree))
    detection = lower(raised.tree, CATALOGUE).detection
    assert isinstance(detection, Events)
    return detection.predicate


def assert_same_meaning(predicate: Predicate, event: Event) -> None:
    """On one event, unless EQL cannot say the predicate or the event lies outside what was assumed."""
    again = round_trip(predicate)
    if again is not None and inside(raise_(Events(predicate), CATALOGUE).assumptions, event):
        assert compile_predicate(again, CATALOGUE)(event) is compile_predicate(predicate, CATALOGUE)(event)


@settings(max_examples=300)
@given(CONDITIONS)
def test_tests_of_fields_come_back(predicate: Predicate) -> None:
    again = round_trip(predicate)
    assert again is not None
    assert settled(again, CATALOGUE) == settled(predicate, CATALOGUE)


@settings(max_examples=400)
@given(strategies.predicates, strategies.events)
def test_meaning_comes_back(predicate: Predicate, event: Event) -> None:
    assert_same_meaning(predicate, event)


@settings(max_examples=400)
@given(strategies.computes, strategies.events)
def test_scripts_mean_what_they_meant(predicate: Predicate, event: Event) -> None:
    assert_same_meaning(predicate, event)
    assert_same_meaning(Not(predicate), event)


unknown_tests = strategies.text_tests.filter(
    lambda test: not any(isinstance(matcher, Range) for matcher in test.matchers)  # an order would hint at another type
).map(lambda test: replace(test, field=Field("x")))
half_known: st.SearchStrategy[Predicate] = st.recursive(
    st.one_of(strategies.text_tests, unknown_tests),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=5,
)


@settings(max_examples=400)
@given(half_known, strategies.events)
def test_a_field_without_a_mapping_is_a_missing_one(predicate: Predicate, event: Event) -> None:
    """As in KQL, also below `not`, where the bare condition on such a field would select nothing (spec eql 7.4)."""
    raised = raise_(Events(predicate), CATALOGUE, mark_unknown=True)
    assert raised.tree is not None
    note(to_text(raised.tree))
    detection = lower(raised.tree, CATALOGUE, unmapped={"x"}).detection
    assert isinstance(detection, Events)
    assert compile_predicate(detection.predicate, CATALOGUE)(event) is compile_predicate(predicate, CATALOGUE)(event)


@pytest.mark.parametrize(("kind", "least"), [(strategies.predicates, 0.4), (strategies.computes, 0.3)])
def test_much_can_be_said(kind: st.SearchStrategy[Predicate], least: float) -> None:
    said: list[bool] = []

    @settings(max_examples=300, database=None, derandomize=True)
    @given(kind)
    def count(predicate: Predicate) -> None:
        said.append(round_trip(predicate) is not None)

    count()
    assert sum(said) >= least * len(said)


keys = st.lists(st.builds(Field, st.sampled_from(["a", "b.c", "b.d"]), st.booleans()), min_size=2, max_size=2).map(
    tuple
)
stages = st.lists(st.builds(Stage, CONDITIONS, keys, st.integers(1, 100), st.booleans()), min_size=2, max_size=4).map(
    tuple
)
untils = st.one_of(st.none(), st.builds(Stage, CONDITIONS, keys))
takes = st.lists(st.builds(Take, st.sampled_from(["head", "tail"]), st.integers(0, 50)), max_size=2).map(tuple)
sequences = st.builds(Sequence, stages, st.integers(1, 10**9), untils, takes)


@settings(max_examples=150)
@given(sequences)
def test_sequences_come_back(sequence: Sequence) -> None:
    raised = raise_(sequence, CATALOGUE)
    if raised.tree is None:
        assert all(stage.missing for stage in sequence.stages)
        return
    note(to_text(raised.tree))
    again = lower(raised.tree, CATALOGUE).detection
    assert isinstance(again, Sequence)
    assert (again.maxspan, again.take) == (sequence.maxspan, sequence.take)
    assert [_frame(stage) for stage in again.stages] == [_frame(stage) for stage in sequence.stages]
    for found, wanted in zip((*again.stages, again.until), (*sequence.stages, sequence.until), strict=True):
        assert (found is None) == (wanted is None)
        if found and wanted:
            assert found.keys == wanted.keys
            assert settled(found.predicate, CATALOGUE) == settled(wanted.predicate, CATALOGUE)


def _frame(stage: Stage) -> tuple[object, ...]:
    return stage.keys, stage.runs, stage.missing
