"""Expressions of constants and their values, with three truth values (spec eql 6.4)."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from converter.evaluate.failure import EvaluationError
from converter.evaluate.functions import apply
from converter.events.event import Scalar
from converter.languages.eql.matching import computed_matchers, text_satisfies
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import (
    And,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Contained,
    Expression,
    FieldName,
    Match,
    Not,
    Null,
    Number,
    Or,
    Signed,
    String,
)

OPERATOR_FUNCTIONS: Final = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}
"""The functions that arithmetic operators are other names of."""

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

Value = Scalar | None


@dataclass(frozen=True, slots=True)
class Folded:
    """The value of an expression without fields; None is null."""

    value: Value


def is_constant(expression: Expression, reading: Reading) -> bool:
    """Whether no field is read, unmapped optional ones aside."""
    match expression:
        case FieldName():
            return reading.is_null(expression)
        case Call(_, items) | And(items) | Or(items):
            return all(is_constant(item, reading) for item in items)
        case Signed(_, item) | Not(item):
            return is_constant(item, reading)
        case Arithmetic(_, left, right) | Compare(_, left, right):
            return is_constant(left, reading) and is_constant(right, reading)
        case Contained(value, items):
            return is_constant(value, reading) and all(is_constant(item, reading) for item in items)
        case Match(value):
            return is_constant(value, reading)
        case _:
            return True


def fold(expression: Expression, reading: Reading) -> Folded | None:
    """The value of a constant expression, or None if it reads a field.

    Raises RuleError where Elasticsearch would fail the query: wrong types, division by zero, a text that is no number.
    """
    return Folded(_value(expression, reading)) if is_constant(expression, reading) else None


def _value(expression: Expression, reading: Reading) -> Value:
    match expression:
        case Null() | FieldName():
            return None
        case Boolean(value) | Number(value) | String(value):
            return value
        case Signed(sign, item):
            operand = _value(item, reading)
            return _applied("negate", [operand], expression) if sign == "-" else operand
        case Arithmetic(sign, left, right):
            return _applied(OPERATOR_FUNCTIONS[sign], [_value(left, reading), _value(right, reading)], expression)
        case Call(function, arguments, ignore_case):
            return _applied(function, [_value(item, reading) for item in arguments], expression, ignore_case)
        case Compare(sign, left, right):
            return _compared(sign, _value(left, reading), _value(right, reading), expression)
        case Contained(value, items, ignore_case, negated):
            found = _contained(_value(value, reading), [_value(item, reading) for item in items], ignore_case)
            return _negated(found) if negated else found
        case Match(value):
            return _matched(_value(value, reading), expression, reading)
        case Not(item):
            return _negated(_truth(item, reading))
        case And(items):
            truths = [_truth(item, reading) for item in items]
            return False if False in truths else None if None in truths else True
        case Or(items):
            truths = [_truth(item, reading) for item in items]
            return True if True in truths else None if None in truths else False


def _truth(expression: Expression, reading: Reading) -> bool | None:
    value = _value(expression, reading)
    if value is None or isinstance(value, bool):
        return value
    raise refusal("eql-condition", "this is not a condition", expression.span, expected="true or false")


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _applied(name: str, arguments: Sequence[Value], at: Expression, ignore_case: bool = False) -> Value:
    try:
        return apply(name, arguments, ignore_case)
    except EvaluationError as error:
        raise refusal(
            "eql-constant", f"this cannot be calculated: {error.what}", at.span, expected=error.expected
        ) from error


def _compared(sign: str, left: Value, right: Value, at: Expression) -> bool | None:
    """Equality with null is a null test; order with null is null."""
    if sign in {"==", "!="}:
        return equal_values(left, right) is (sign == "==")
    if left is None or right is None:
        return None
    if _family(left) is not _family(right) or isinstance(left, bool):
        raise refusal("eql-type-mismatch", "these two have no order between them", at.span)
    return _ORDERS[sign](left, right)


def equal_values(left: Value, right: Value, ignore_case: bool = False) -> bool:
    """Equality of two constants: numbers by value, everything else by type and value."""
    if ignore_case and isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return _family(left) is _family(right) and left == right


def _family(value: Value) -> type | None:
    match value:
        case None:
            return None
        case bool():
            return bool
        case int() | float():
            return float
        case _:
            return str


def _contained(value: Value, items: list[Value], ignore_case: bool) -> bool | None:
    if value is None:
        return None
    if any(item is not None and equal_values(value, item, ignore_case) for item in items):
        return True
    return None if None in items else False


def _matched(value: Value, node: Match, reading: Reading) -> bool | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise refusal(
            "eql-type-mismatch", f"`{node.operator}` compares texts", node.span, expected="a text on its left"
        )
    return text_satisfies(computed_matchers(node, reading), value)
