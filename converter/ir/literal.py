"""Typed constants. The language that was read and the field's type decided the kind; nothing downstream guesses it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextLiteral:
    value: str


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """An integer stays an integer of any size, everything else is a double (spec eql 1.3)."""

    value: int | float


@dataclass(frozen=True, slots=True)
class BooleanLiteral:
    value: bool


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """A date as it was written: ISO 8601, epoch milliseconds, or date math.

    It stays symbolic, since its meaning depends on `now` and on the bound it is used for: a missing part is rounded
    down under `>=` and `<` and up under `<=` and `>` (spec kql 4.5).
    """

    text: str


@dataclass(frozen=True, slots=True)
class AddressLiteral:
    """One IP address, for order comparisons; equality and blocks are `Network` matchers."""

    text: str


@dataclass(frozen=True, slots=True)
class VersionLiteral:
    """A version text that is ordered as spec eql 5.6 says."""

    text: str


Literal = TextLiteral | NumberLiteral | BooleanLiteral | DateLiteral | AddressLiteral | VersionLiteral
