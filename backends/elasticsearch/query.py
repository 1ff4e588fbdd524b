"""Predicates as Query DSL clauses. Query DSL is two-valued as the IR is, so every node has a direct counterpart."""

from collections.abc import Iterable
from typing import assert_never

from backends.elasticsearch import leaf
from backends.elasticsearch.clause import Bool, Clause, MatchAll, MatchNone, Nested, any_of
from backends.elasticsearch.compact import compact
from backends.elasticsearch.cost import cost
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.script import script
from converter import ir
from converter.schema.catalogue import Catalogue, default_catalogue

__all__ = ["InexpressibleError", "clause"]


def clause(predicate: ir.Predicate, catalogue: Catalogue | None = None) -> Clause:
    """The predicate as one clause. Raises InexpressibleError for the first leaf that cannot be said.

    `catalogue` says what types fields have; without one it is the catalogue that ships with the program.
    """
    return compact(_clause(predicate, default_catalogue() if catalogue is None else catalogue))


def _clause(predicate: ir.Predicate, catalogue: Catalogue) -> Clause:
    match predicate:
        case ir.All(items):
            return _all(items, catalogue)
        case ir.Any(items):
            return any_of([_clause(item, catalogue) for item in items])
        case ir.Not(item):
            return Bool(must_not=_alternatives(_clause(item, catalogue)))
        case ir.Always():
            return MatchAll()
        case ir.Never():
            return MatchNone()
        case ir.Test(field, matchers, span):
            return leaf.test(field, matchers, span)
        case ir.Nested(path, item):
            return Nested(path, _clause(item, catalogue))
        case ir.Compute(expression, span):
            return script(expression, catalogue, span)
        case _:
            assert_never(predicate)


def _all(items: Iterable[ir.Predicate], catalogue: Catalogue) -> Clause:
    """Positive items filter, negated ones go to `must_not` of the same `bool`; cheap ones come first in both."""
    positive: list[Clause] = []
    negative: list[Clause] = []
    for item in items:
        if isinstance(item, ir.Not):
            negative += _alternatives(_clause(item.item, catalogue))
        else:
            positive.append(_clause(item, catalogue))
    if not positive and not negative:
        return MatchAll()
    if len(positive) == 1 and not negative:
        return positive[0]
    return Bool(filter=tuple(sorted(positive, key=cost)), must_not=tuple(sorted(negative, key=cost)))


def _alternatives(unwanted: Clause) -> tuple[Clause, ...]:
    """`must_not` takes a list and wants none of it: an OR need not be spelled out there."""
    match unwanted:
        case Bool(filter=(), should=items, must_not=()) if items:
            return items
        case _:
            return (unwanted,)
