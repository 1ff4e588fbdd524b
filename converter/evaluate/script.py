"""Script leaves: value expressions with null, tried on every combination of their occurrences' values (spec eql 6.3).

Inside an expression null is a value of its own and None stands for it (spec eql 6.4); the leaf as a whole is true or
false.
"""

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from operator import ge, gt, le, lt
from typing import Any, assert_never

from converter.evaluate import address
from converter.evaluate.failure import EvaluationError
from converter.evaluate.functions import Value, apply
from converter.evaluate.texts import compile_text_matchers, literal_as_text
from converter.evaluate.typed import Reader, compile_matchers, reader, value_reader
from converter.events.event import Event
from converter.ir.expression import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Expression,
    FieldValue,
    IsNull,
    Matches,
    Negation,
)
from converter.ir.literal import BooleanLiteral, Literal, NumberLiteral
from converter.ir.matcher import Matcher
from converter.ir.walk import occurrences
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

COMBINATIONS_LIMIT = 100_000

Combination = tuple[Value, ...]
Evaluated = Callable[[Combination], Value]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compile_script(expression: Expression, catalogue: Catalogue) -> Callable[[Event], bool]:
    """Whether some combination of values makes the expression true.

    The function raises EvaluationError for what fails a search (spec eql 9) and for too many combinations.
    """
    sources = [_source(catalogue[occurrence.name]) for occurrence in occurrences(expression)]
    value = _compile(expression, iter(range(len(sources))))

    def holds(event: Event) -> bool:
        choices = [_values(event, name, read) for name, read in sources]
        if prod(map(len, choices)) > COMBINATIONS_LIMIT:
            raise EvaluationError("too-many-combinations", f"event {event.id} has too many values for one calculation")
        return any(value(combination) is True for combination in product(*choices))

    return holds


def _source(info: FieldInfo) -> tuple[str, Reader]:
    return info.parent or info.name, _doc_value(info)


def _doc_value(info: FieldInfo) -> Reader:
    """How scripts read a value: as other tests do, but addresses in their shortest text and no integers in a double
    field, as doc values hold them."""
    match info.type:
        case FieldType.DOUBLE:
            read = reader(info)
            return lambda value: None if (number := read(value)) is None else float(number)
        case FieldType.IP:
            read = value_reader(info)
            return lambda value: None if (number := read(value)) is None else address.text_of(number)
        case _:
            return reader(info)


def _values(event: Event, name: str, read: Reader) -> list[Value]:
    """The field's values without repetitions, or null alone."""
    typed = dict.fromkeys(read(value) for value in event.fields.get(name, ()))
    typed.pop(None, None)
    return list(typed) or [None]


def _compile(expression: Expression, positions: Iterator[int]) -> Evaluated:
    """The expression as a function of a combination; `positions` numbers the occurrences from left to right."""
    match expression:
        case FieldValue():
            position = next(positions)
            return lambda combination: combination[position]
        case Constant(literal):
            constant = None if literal is None else _constant(literal)
            return lambda _: constant
        case Call(function, arguments, ignore_case):
            return _call(function, [_compile(item, positions) for item in arguments], ignore_case)
        case Compare():
            return _compare(expression, positions)
        case Matches(value, matchers):
            return _matches(_compile(value, positions), matchers)
        case IsNull(item):
            return _is_null(_compile(item, positions))
        case Negation(item):
            return _negation(_compile(item, positions))
        case Both(items):
            return _several([_compile(item, positions) for item in items], decisive=False)
        case Either(items):
            return _several([_compile(item, positions) for item in items], decisive=True)
        case _:
            assert_never(expression)


def _constant(literal: Literal) -> Value:
    match literal:
        case NumberLiteral(value) | BooleanLiteral(value):
            return value
        case _:
            return literal_as_text(literal)


def _call(function: str, arguments: list[Evaluated], ignore_case: bool) -> Evaluated:
    return lambda combination: apply(function, [argument(combination) for argument in arguments], ignore_case)


def _compare(expression: Compare, positions: Iterator[int]) -> Evaluated:
    left, right = _compile(expression.left, positions), _compile(expression.right, positions)
    if expression.operator != "==":
        return _ordered(_ORDERS[expression.operator], left, right)
    if expression.right == Constant(None):
        return _is_null(left)
    return _is_null(right) if expression.left == Constant(None) else _equal(left, right)


def _equal(left: Evaluated, right: Evaluated) -> Evaluated:
    def value(combination: Combination) -> Value:
        one, other = left(combination), right(combination)
        if one is None or other is None:
            return None
        return one == other and isinstance(one, bool) == isinstance(other, bool)

    return value


def _ordered(compare: Callable[[Any, Any], bool], left: Evaluated, right: Evaluated) -> Evaluated:
    """Order exists among numbers and among texts; anything else has none, which is null."""

    def value(combination: Combination) -> Value:
        one, other = left(combination), right(combination)
        if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
            return None
        return compare(one, other) if isinstance(one, str) == isinstance(other, str) else None

    return value


def _matches(item: Evaluated, matchers: tuple[Matcher, ...]) -> Evaluated:
    """The type of the computed value decides, as a field's type does for its values."""
    text = compile_text_matchers(matchers)
    number, boolean = (
        compile_matchers(FieldInfo("", kind), matchers, now=None) for kind in (FieldType.DOUBLE, FieldType.BOOLEAN)
    )

    def value(combination: Combination) -> Value:
        found = item(combination)
        match found:
            case None:
                return None
            case bool():
                return boolean((found,))
            case str():
                return text(found)
            case _:
                return number((found,))

    return value


def _is_null(item: Evaluated) -> Evaluated:
    return lambda combination: item(combination) is None


def _negation(item: Evaluated) -> Evaluated:
    def value(combination: Combination) -> Value:
        found = item(combination)
        return None if found is None else not found

    return value


def _several(items: list[Evaluated], *, decisive: bool) -> Evaluated:
    """Three-valued `or` (true decides) and `and` (false decides); null if nothing decides and one item is null."""

    def value(combination: Combination) -> Value:
        unknown = False
        for item in items:
            found = item(combination)
            if found is decisive:
                return decisive
            unknown = unknown or found is None
        return None if unknown else not decisive

    return value
