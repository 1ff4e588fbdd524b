"""The compiled evaluator against the naive one, on random predicates and events."""

from hypothesis import given, note, settings

from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import Predicate
from converter.ir.show import show
from tests import strategies
from tests.evaluate import naive


@settings(max_examples=400)
@given(strategies.predicates, strategies.events)
def test_compiled_agrees_with_naive(predicate: Predicate, event: Event) -> None:
    note(show(predicate))
    assert compile_predicate(predicate, strategies.CATALOGUE)(event) is naive.holds(predicate, event.document)


@settings(max_examples=400)
@given(strategies.leaves, strategies.events)
def test_compiled_leaf_agrees_with_naive(predicate: Predicate, event: Event) -> None:
    note(show(predicate))
    assert compile_predicate(predicate, strategies.CATALOGUE)(event) is naive.holds(predicate, event.document)
