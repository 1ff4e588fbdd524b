"""Walking a query: its conditions, their leaves with the negations around them, and everything below a node."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from converter.languages.eql.tree import (
    And,
    Boolean,
    Call,
    Compare,
    Contained,
    Expression,
    Filter,
    Match,
    Not,
    Null,
    Or,
    Sample,
    Sequence,
    Statement,
)

CONDITIONS = (And, Or, Not, Compare, Contained, Match)
"""What is true or false by itself, unlike a field or a call."""


def conditions(statement: Statement) -> Iterator[Expression]:
    """The condition of every filter, `until` included."""
    match statement.query:
        case Filter(_, condition):
            yield condition
        case Sequence(_, _, stages, until):
            yield from (stage.filter.condition for stage in (*stages, *([until] if until else [])))
        case Sample(_, stages):
            yield from (stage.filter.condition for stage in stages)


def leaves(condition: Expression, negated: bool = False) -> Iterator[tuple[Expression, bool]]:
    """The leaves of a condition, and whether an odd number of negations stands around each.

    `x == null` is never negated: both engines ask for the value and have two answers.
    """
    match condition:
        case Not(item):
            yield from leaves(item, not negated)
        case And(items) | Or(items):
            for item in items:
                yield from leaves(item, negated)
        case Contained():
            yield condition, negated != condition.negated
        case Compare(_, Null(), _) | Compare(_, _, Null()):
            yield condition, False
        case Compare(operator, left, right):
            yield from _compared(condition, left, right, negated != (operator == "!="))
        case _:
            yield condition, negated


def _compared(node: Compare, left: Expression, right: Expression, negated: bool) -> Iterator[tuple[Expression, bool]]:
    """`e == false` is `not e` for conditions and calls, not for fields (spec eql 6.3)."""
    item, constant = (right, left) if isinstance(left, Boolean) else (left, right)
    if isinstance(constant, Boolean) and isinstance(item, (*CONDITIONS, Call)):
        yield from leaves(item, negated == constant.value)
    else:
        yield node, negated


def nodes(node: object) -> Iterator[object]:
    """A node of the syntax tree and all below it."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
    elif is_dataclass(node):
        yield node
        for attribute in fields(node):
            if attribute.name != "span":
                yield from nodes(getattr(node, attribute.name))
