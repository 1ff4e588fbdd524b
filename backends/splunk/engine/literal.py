"""Values as Splunk sees them: text that may look like a number (spec splunk 1, 1.2)."""

import re
from collections.abc import Callable
from decimal import Decimal

from backends.splunk.engine.errors import UndefinedError

Number = int | float

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ESCAPED = re.compile(r'\\([\\"])')
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO_LOWER = str.maketrans(_UPPER, _UPPER.lower())
_TO_UPPER = str.maketrans(_UPPER.lower(), _UPPER)
_LONGEST_NUMBER = 400  # characters; longer text is not read as a number


def unquote(literal: str) -> str:
    r"""The text of a double-quoted string: `\\` and `\"` are unescaped, every other sequence stays as it is."""
    return _ESCAPED.sub(r"\1", literal[1:-1])


def lower(text: str) -> str:
    """Letters fold in ASCII only (architecture, "Verification")."""
    return text.translate(_TO_LOWER)


def upper(text: str) -> str:
    return text.translate(_TO_UPPER)


def number(text: str) -> Number | None:
    """The number that a text looks like, or None. Whole numbers stay exact."""
    if len(text) > _LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
        return None
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def number_text(value: Number) -> str:
    """A number as the text of a field: `5`, not `5.0`; no exponent for whole numbers."""
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise UndefinedError("the result is not a finite number")
        if value.is_integer():
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    return str(value)


def compare(left: str | Number, right: str | Number, *, fold: bool) -> int:
    """Negative, zero or positive: as numbers if both look like numbers, else as text, letters folded if asked."""
    left_number = number(left) if isinstance(left, str) else left
    right_number = number(right) if isinstance(right, str) else right
    if left_number is not None and right_number is not None:
        return (left_number > right_number) - (left_number < right_number)
    left_text = left if isinstance(left, str) else number_text(left)
    right_text = right if isinstance(right, str) else number_text(right)
    if fold:
        left_text, right_text = lower(left_text), lower(right_text)
    return (left_text > right_text) - (left_text < right_text)


HOLDS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
