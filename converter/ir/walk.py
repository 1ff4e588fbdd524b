"""Walking predicates: the recursions every pass needs, written once. Depth is bounded when a text is parsed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from converter.ir.expression import Both, Call, Compare, Either, Expression, FieldValue, IsNull, Matches, Negation
from converter.ir.predicate import All, Always, Any, Compute, Field, Leaf, Nested, Never, Not, Predicate, Test


def leaves(predicate: Predicate) -> Iterator[Leaf]:
    """The leaves from left to right; a `Nested` is one leaf, its inside is not entered."""
    match predicate:
        case All(items) | Any(items):
            for item in items:
                yield from leaves(item)
        case Not(item):
            yield from leaves(item)
        case Test() | Compute() | Nested() | Always() | Never():
            yield predicate
        case _:
            assert_never(predicate)


def rewrite(predicate: Predicate, change: Callable[[Predicate], Predicate]) -> Predicate:
    """Applies `change` to every node from the leaves up, inside `Nested` too, and returns the new tree."""
    match predicate:
        case All(items, span):
            return change(All(tuple(rewrite(item, change) for item in items), span))
        case Any(items, span):
            return change(Any(tuple(rewrite(item, change) for item in items), span))
        case Not(item, span):
            return change(Not(rewrite(item, change), span))
        case Nested(_, item, _):
            return change(replace(predicate, item=rewrite(item, change)))
        case Test() | Compute() | Always() | Never():
            return change(predicate)
        case _:
            assert_never(predicate)


def occurrences(expression: Expression) -> Iterator[FieldValue]:
    """The field occurrences of a script leaf, left to right, repeated ones repeated (spec eql 6.3)."""
    if isinstance(expression, FieldValue):
        yield expression
    else:
        for item in operands(expression):
            yield from occurrences(item)


def operands(expression: Expression) -> tuple[Expression, ...]:
    """The direct operands of an expression, left to right."""
    match expression:
        case Call(_, arguments):
            return arguments
        case Compare(_, left, right):
            return (left, right)
        case Matches(value, _):
            return (value,)
        case IsNull(item) | Negation(item):
            return (item,)
        case Both(items) | Either(items):
            return items
        case _:
            return ()


def field_names(predicate: Predicate) -> Iterator[str]:
    """Names of all fields that are read, patterns excepted, in order of appearance and with repetitions."""
    for leaf in leaves(predicate):
        match leaf:
            case Test(Field(name), _):
                yield name
            case Compute(expression):
                for occurrence in occurrences(expression):
                    yield occurrence.name
            case Nested(_, item):
                yield from field_names(item)
            case _:
                pass


def with_values(expression: Expression, value: Callable[[FieldValue], Expression]) -> Expression:
    """The expression with every field occurrence replaced by what `value` gives for it."""
    match expression:
        case FieldValue():
            return value(expression)
        case Call(_, arguments):
            return replace(expression, arguments=tuple(with_values(item, value) for item in arguments))
        case Compare(_, left, right):
            return replace(expression, left=with_values(left, value), right=with_values(right, value))
        case Matches(item, _):
            return replace(expression, value=with_values(item, value))
        case IsNull(item) | Negation(item):
            return replace(expression, item=with_values(item, value))
        case Both(items) | Either(items):
            return replace(expression, items=tuple(with_values(item, value) for item in items))
        case _:
            return expression


def rewrite_expression(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Applies `change` to every part of a value expression from the operands up."""

    def all_of(items: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple(rewrite_expression(item, change) for item in items)

    match expression:
        case Call(_, arguments):
            return change(replace(expression, arguments=all_of(arguments)))
        case Compare(operator, left, right):
            return change(Compare(operator, *all_of((left, right))))
        case Matches(value, _):
            return change(replace(expression, value=rewrite_expression(value, change)))
        case IsNull(item):
            return change(IsNull(rewrite_expression(item, change)))
        case Negation(item):
            return change(Negation(rewrite_expression(item, change)))
        case Both(items):
            return change(Both(all_of(items)))
        case Either(items):
            return change(Either(all_of(items)))
        case _:
            return change(expression)
