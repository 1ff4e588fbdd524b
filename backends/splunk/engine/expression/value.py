"""Values inside an expression (spec splunk 1.5 to 1.8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import isfinite

from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.literal import Number, number, number_text

Single = str | Number | bool
# NULL, one value, or a multi-value of two or more texts. Truth values never reach a field.
Value = Single | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees: the fields of a row and the time of the run in seconds."""

    fields: Mapping[str, tuple[str, ...]]
    now: float


class Kind(Enum):
    """Whether an expression is a condition or a value; null() can be either."""

    CONDITION = "condition"
    VALUE = "value"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Compiled:
    kind: Kind
    evaluate: Callable[[Scope], Value]


def texts(value: Value) -> tuple[str, ...]:
    """The values of a value, as texts; none for NULL."""
    match value:
        case None:
            return ()
        case tuple():
            return value
        case _:
            return (text(value),)


def packed(values: Sequence[str]) -> Value:
    """NULL for no values, the value itself for one."""
    if len(values) == 1:
        return values[0]
    return tuple(values) or None


def single(value: Value) -> Single | None:
    """The only value, NULL for none. Raises UndefinedError for a multi-value (spec splunk 1.7: never emit it)."""
    if isinstance(value, tuple):
        raise UndefinedError("what this does with several values is not documented; use mvfind, mvfilter or mvmap")
    return value


def text(value: Value) -> str:
    """A value as text. Raises UndefinedError for what has no text of its own."""
    match value:
        case str():
            return value
        case None | bool() | tuple():
            raise UndefinedError("one text or number is needed here")
        case _:
            return number_text(value)


def numeric(value: Single) -> Number | None:
    """The number that a value is or looks like."""
    if isinstance(value, bool):
        raise UndefinedError("a truth value is no number; use if(…)")
    return number(value) if isinstance(value, str) else value


def whole_number(value: Single) -> int:
    """An index, length or base. Raises UndefinedError for anything but a whole number."""
    found = numeric(value)
    if found is None or not isfinite(found) or found != int(found):
        raise UndefinedError(f"`{text(value)}` should be a whole number")
    return int(found)
