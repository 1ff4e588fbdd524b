"""Kinds of values in scripts: what fields, constants and functions give, and what functions take (spec eql 9)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from converter import ir
from converter.schema.catalogue import FieldInfo, FieldType


class Kind(StrEnum):
    """`ANY` is what some functions take; `UNKNOWN` is null or a field that the catalogue does not know."""

    TEXT = "a text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    ANALYSED = "an analysed text"
    ANY = "any value"
    UNKNOWN = "an unknown value"


def fits(given: Kind, wanted: Kind) -> bool:
    """Whether a value of one kind can stand where another is wanted."""
    return given in {wanted, Kind.UNKNOWN} or wanted is Kind.ANY


def kind_of_field(info: FieldInfo) -> Kind:
    """What a script reads of the field: its doc values, which are texts for addresses and versions too."""
    if not info.known:
        return Kind.UNKNOWN
    match info.type:
        case FieldType.LONG | FieldType.DOUBLE:
            return Kind.NUMBER
        case FieldType.BOOLEAN:
            return Kind.BOOLEAN
        case FieldType.DATE:
            return Kind.DATE
        case FieldType.TEXT:
            return Kind.ANALYSED
        case FieldType.OBJECT | FieldType.NESTED:
            return Kind.UNKNOWN
        case _:
            return Kind.TEXT


def kind_of_literal(literal: ir.Literal) -> Kind:
    match literal:
        case ir.NumberLiteral():
            return Kind.NUMBER
        case ir.BooleanLiteral():
            return Kind.BOOLEAN
        case _:
            return Kind.TEXT


_TEXT, _NUMBER, _BOOLEAN = Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN
_CALCULATION: Final = ((_NUMBER, _NUMBER), _NUMBER)
_COMPARISON: Final = ((_TEXT, _TEXT), _BOOLEAN)
_PART_OF_PATH: Final = ((_TEXT, _TEXT), _TEXT)

SIGNATURES: Final[Mapping[str, tuple[tuple[Kind, ...], Kind]]] = {
    "add": _CALCULATION,
    "subtract": _CALCULATION,
    "multiply": _CALCULATION,
    "divide": _CALCULATION,
    "modulo": _CALCULATION,
    "negate": ((_NUMBER,), _NUMBER),
    "startsWith": _COMPARISON,
    "endsWith": _COMPARISON,
    "stringContains": _COMPARISON,
    "cidrMatch": _COMPARISON,
    "basename": _PART_OF_PATH,
    "dirname": _PART_OF_PATH,
    "extension": _PART_OF_PATH,
    "between": ((_TEXT, _TEXT, _TEXT, _BOOLEAN), _TEXT),
    "concat": ((Kind.ANY,), _TEXT),
    "indexOf": ((_TEXT, _TEXT, _NUMBER), _NUMBER),
    "length": ((_TEXT,), _NUMBER),
    "lower": ((_TEXT,), _TEXT),
    "number": ((_TEXT, _NUMBER), _NUMBER),
    "string": ((Kind.ANY,), _TEXT),
    "substring": ((_TEXT, _NUMBER, _NUMBER), _TEXT),
    "upper": ((_TEXT,), _TEXT),
}
"""What each function takes, the last kind for all further arguments, and what it gives."""
