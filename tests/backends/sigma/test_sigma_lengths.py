"""Lengths as patterns: the same answer as the function gives, for every comparison and text of the basic plane."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.sigma.length import in_basic_plane, length_test
from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import Call, Compare, Compute, Constant, Expression, FieldValue, NumberLiteral, TextLiteral
from converter.schema.catalogue import Catalogue

LENGTH = Call("length", (FieldValue("f"),))
CATALOGUE = Catalogue({})

operators = st.sampled_from(["==", "<", "<=", ">", ">="])
rows = st.lists(st.text(st.sampled_from("a\n\u00e9"), max_size=5), max_size=3).map(
    lambda values: Event("e", {"f": tuple(values)} if values else {})
)


@given(operators, st.integers(-1, 6), st.booleans(), rows)
def test_a_pattern_counts_as_the_function_does(operator: str, count: int, mirrored: bool, row: Event) -> None:
    sides: list[Expression] = [LENGTH, Constant(NumberLiteral(count))]
    leaf = Compute(Compare(operator, *(reversed(sides) if mirrored else sides)))
    test = length_test(leaf)
    if test is not None:
        assert compile_predicate(test, CATALOGUE)(row) == compile_predicate(leaf, CATALOGUE)(row)


@given(operators, st.integers(1, 6))
def test_every_comparison_with_a_positive_number_is_one(operator: str, count: int) -> None:
    assert length_test(Compute(Compare(operator, LENGTH, Constant(NumberLiteral(count))))) is not None


@pytest.mark.parametrize(
    "expression",
    [
        Compare(">", LENGTH, LENGTH),
        Compare(">", LENGTH, Constant(NumberLiteral(1.5))),
        Compare("==", Call("lower", (FieldValue("f"),)), Constant(TextLiteral("a"))),
        Compare("<", LENGTH, Constant(NumberLiteral(0))),
    ],
)
def test_anything_else_is_not(expression: Expression) -> None:
    assert length_test(Compute(expression)) is None


def test_characters_of_two_units_are_outside() -> None:
    assert in_basic_plane(("caf\u00e9", "\uffff", 5))
    assert not in_basic_plane(("a", "\U0001f600"))
