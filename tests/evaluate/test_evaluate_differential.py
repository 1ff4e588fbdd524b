"""The compiled evaluator against the naive one, on random predicates and events."""

from hypothesis import given, note, settings
from hypothesis import strategies as st

from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import Equal, Field, Like, Pattern, Predicate, Test, TextLiteral
from tests import strategies
from tests.evaluate import naive
from tests.ir.show import show


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


@settings(max_examples=400)
@given(strategies.number_tests, strategies.number_events)
def test_numbers_agree_with_naive(predicate: Predicate, event: Event) -> None:
    note(show(predicate))
    assert compile_predicate(predicate, strategies.CATALOGUE)(event) is naive.holds(predicate, event.document)


@settings(max_examples=400)
@given(st.lists(strategies.patterns, min_size=1, max_size=3), st.booleans(), st.data())
def test_patterns_agree_with_naive_on_texts_near_a_match(
    patterns: list[Pattern], ignore_case: bool, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(patterns).flatmap(strategies.covered))
    predicate = Test(
        Field("a"), (*(Like(parts, ignore_case) for parts in patterns), Equal(TextLiteral("none"), ignore_case))
    )
    note(show(predicate))
    expected = naive.holds(predicate, {"a": text})
    assert compile_predicate(predicate, strategies.CATALOGUE)(Event("1", {"a": (text,)})) is expected
