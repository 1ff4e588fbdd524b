"""Lengths of values as patterns: the one function over a field that Sigma's `re` can say (spec sigma 5.2)."""

from converter.events.event import Values
from converter.ir import Call, Compare, Compute, Constant, Field, FieldValue, Flavour, NumberLiteral, Regex, Test
from converter.ir.regex import AnyChar, Repeat

_MIRRORED = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def length_test(leaf: Compute) -> Test | None:
    """The leaf as a test of how many characters some value has; None if it asks anything else.

    The rule counts UTF-16 units, a pattern counts characters: the same where `in_basic_plane` holds.
    """
    match leaf.expression:
        case Compare(operator, Call("length", (FieldValue(name),)), Constant(NumberLiteral(int(count)))):
            pass
        case Compare(operator, Constant(NumberLiteral(int(count))), Call("length", (FieldValue(name),))):
            operator = _MIRRORED[operator]
        case _:
            return None
    least, most = _bounds(operator, count)
    if least < 0 or (most is not None and most < least):
        return None
    return Test(Field(name), (Regex(Repeat(AnyChar(), least, most), Flavour.PCRE),), leaf.span)


def in_basic_plane(values: Values) -> bool:
    """Whether every character is one UTF-16 unit."""
    return all(char <= "\uffff" for value in values if isinstance(value, str) for char in value)


def _bounds(operator: str, count: int) -> tuple[int, int | None]:
    match operator:
        case ">":
            return count + 1, None
        case ">=":
            return count, None
        case "<":
            return 0, count - 1
        case "<=":
            return 0, count
        case _:
            return count, count
