"""Value expressions in words: what a computed condition computes."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from converter.describe.literal import literal
from converter.describe.matcher import claims
from converter.describe.quoting import in_words, listed, name_of
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
from converter.ir.literal import TextLiteral
from converter.ir.walk import operands

_CALLS: dict[tuple[str, int], str] = {
    ("add", 2): "({0} + {1})",
    ("subtract", 2): "({0} - {1})",
    ("multiply", 2): "({0} * {1})",
    ("divide", 2): "({0} / {1})",
    ("modulo", 2): "({0} modulo {1})",
    ("negate", 1): "(minus {0})",
    ("length", 1): "the length of {0}",
    ("string", 1): "{0} as a text",
    ("number", 1): "{0} as a number",
    ("number", 2): "{0} as a number of base {1}",
    ("startsWith", 2): "{0} starts with {1}",
    ("endsWith", 2): "{0} ends with {1}",
    ("stringContains", 2): "{0} contains {1}",
    ("between", 3): "the part of {0} between {1} and the next {2}",
    ("between", 4): "the part of {0} between {1} and {2} (up to its last one: {3})",
    ("indexOf", 2): "the position of {1} in {0}",
    ("indexOf", 3): "the position (from {2} on) of {1} in {0}",
    ("substring", 2): "the part of {0} from position {1} on",
    ("substring", 3): "the part of {0} from position {1} up to, not including, position {2}",
    ("basename", 2): "the part of {0} after the last {1}",
    ("dirname", 2): "the part of {0} before the last {1}",
    ("extension", 2): "the file extension of {0} (separator {1})",
    ("upper", 1): "{0} in upper case",
    ("lower", 1): "{0} in lower case",
}

_COMPARISONS = {"==": "equals", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_TEXT_COMPARISONS = {
    "==": "equals",
    "<": "sorts before",
    "<=": "sorts at or before",
    ">": "sorts after",
    ">=": "sorts at or after",
}

_CONDITIONS = {"startsWith", "endsWith", "stringContains", "cidrMatch"}
"""Functions that answer a question."""

_NULL_TAKERS = {("indexOf", 3), ("number", 2), ("substring", 2), ("substring", 3)}
"""Functions that have a value though an argument has none (spec eql 9)."""


def expression(item: Expression) -> str:
    """The expression as part of a sentence."""
    match item:
        case FieldValue(name, optional):
            return field_words(name, optional)
        case Constant(value):
            return "no value" if value is None else literal(value)
        case Call():
            return _call(item)
        case Compare(operator, left, right):
            words = _TEXT_COMPARISONS if _is_text(left) or _is_text(right) else _COMPARISONS
            return f"{_operand(left)} {words[operator]} {_operand(right)}"
        case Matches(value, matchers):
            said = [claim.affirmed for claim in claims(matchers)] or ["is one of nothing"]
            return f"{_operand(value)} {in_words(said, 'or')}"
        case IsNull(FieldValue(name, optional)):
            return f"{field_words(name, optional)} is missing"
        case IsNull(value):
            shown = expression(value)
            return f"{shown} has no value" if _is_value(value) else f"it is unknown whether {shown}"
        case Negation(value):
            return f"not ({expression(value)})"
        case Both(items):
            return in_words([_part(part) for part in items], "and") or "true"
        case Either(items):
            return in_words([_part(part) for part in items], "or") or "false"
        case _:
            assert_never(item)


def field_words(name: str, optional: bool) -> str:
    return f"{name_of(name)} (optional)" if optional else name_of(name)


def without_values(item: Expression) -> tuple[str, ...]:
    """The fields that leave the expression without a value if any of them is missing, in order of appearance; nothing
    where that cannot be said so simply."""
    names: dict[str, None] = {}
    for part in _parts(item):
        match part:
            case FieldValue(name):
                names[name] = None
            case Constant(None) | IsNull() | Both() | Either() | Negation():
                return ()
            case Call(function, arguments) if (function, len(arguments)) in _NULL_TAKERS:
                return ()
            case _:
                pass
    return tuple(names)


def _parts(item: Expression) -> Iterator[Expression]:
    yield item
    for part in operands(item):
        yield from _parts(part)


def _part(item: Expression) -> str:
    """In parentheses, unless it cannot be taken for two things."""
    shown = expression(item)
    return shown if isinstance(item, FieldValue | Constant) else f"({shown})"


def _operand(item: Expression) -> str:
    """Conditions in parentheses, values without."""
    return expression(item) if _is_value(item) else f"({expression(item)})"


def _is_value(item: Expression) -> bool:
    """Whether the expression is anything but a condition."""
    return isinstance(item, FieldValue | Constant) or (isinstance(item, Call) and item.function not in _CONDITIONS)


def _call(call: Call) -> str:
    given = [_argument(item) for item in call.arguments]
    folded = " (ignoring case)" if call.ignore_case else ""
    if call.function == "cidrMatch" and len(given) > 1:
        return f"{given[0]} is an address in {_alternatives(given[1:])}{folded}"
    if call.function == "concat" and given:
        return f"the text of {listed(given, ' followed by ')}{folded}"
    template = _CALLS.get((call.function, len(given)))
    said = f"{call.function}({listed(given)})" if template is None else template.format(*given)
    return f"{said}{folded}"


def _argument(item: Expression) -> str:
    """Sentences inside a sentence stand in parentheses."""
    plainly = isinstance(item, FieldValue | Constant) or (
        isinstance(item, Call) and _CALLS.get((item.function, len(item.arguments)), "").startswith("(")
    )
    return expression(item) if plainly else f"({expression(item)})"


def _alternatives(blocks: Sequence[str]) -> str:
    return blocks[0] if len(blocks) == 1 else f"one of {listed(blocks)}"


def _is_text(item: Expression) -> bool:
    return isinstance(item, Constant) and isinstance(item.value, TextLiteral)
