"""Literals in words."""

from typing import assert_never

from converter.describe.quoting import plain, quoted
from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)


def literal(value: Literal) -> str:
    """Texts stand in quotes, everything else does not: `"1"` is a text and `1` a number."""
    match value:
        case TextLiteral(text):
            return quoted(text)
        case NumberLiteral(number):
            return repr(number)
        case BooleanLiteral(truth):
            return "true" if truth else "false"
        case DateLiteral(text):
            return f"the date {plain(text)}"
        case AddressLiteral(text):
            return f"the address {plain(text)}"
        case VersionLiteral(text):
            return f"version {plain(text)}"
        case _:
            assert_never(value)
