"""What kind of value an expression has, as far as the text and the catalogue tell (spec eql 4)."""

from enum import StrEnum
from typing import Final

from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import (
    Arithmetic,
    Boolean,
    Call,
    Expression,
    FieldName,
    Null,
    Number,
    Signed,
    String,
)
from converter.schema.catalogue import FieldInfo, FieldType


class Kind(StrEnum):
    """Kinds of values, spelled as messages name them. `UNKNOWN` is compatible with everything."""

    TEXT = "a text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    ADDRESS = "an IP address"
    VERSION = "a version"
    UNKNOWN = "a value of unknown type"


_OF_TYPE: Final = {
    FieldType.LONG: Kind.NUMBER,
    FieldType.DOUBLE: Kind.NUMBER,
    FieldType.BOOLEAN: Kind.BOOLEAN,
    FieldType.DATE: Kind.DATE,
    FieldType.IP: Kind.ADDRESS,
    FieldType.VERSION: Kind.VERSION,
}
_RESULTS: Final = {
    "add": Kind.NUMBER,
    "subtract": Kind.NUMBER,
    "multiply": Kind.NUMBER,
    "divide": Kind.NUMBER,
    "modulo": Kind.NUMBER,
    "indexOf": Kind.NUMBER,
    "length": Kind.NUMBER,
    "number": Kind.NUMBER,
    "between": Kind.TEXT,
    "concat": Kind.TEXT,
    "string": Kind.TEXT,
    "substring": Kind.TEXT,
    "cidrMatch": Kind.BOOLEAN,
    "endsWith": Kind.BOOLEAN,
    "startsWith": Kind.BOOLEAN,
    "stringContains": Kind.BOOLEAN,
}
_TWO_NUMBERS: Final = (Kind.NUMBER, Kind.NUMBER)
_TWO_TEXTS: Final = (Kind.TEXT, Kind.TEXT)
_PARAMETERS: Final = {
    "add": _TWO_NUMBERS,
    "subtract": _TWO_NUMBERS,
    "multiply": _TWO_NUMBERS,
    "divide": _TWO_NUMBERS,
    "modulo": _TWO_NUMBERS,
    "between": (Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.BOOLEAN),
    "endsWith": _TWO_TEXTS,
    "indexOf": (Kind.TEXT, Kind.TEXT, Kind.NUMBER),
    "length": (Kind.TEXT,),
    "number": (Kind.TEXT, Kind.NUMBER),
    "startsWith": _TWO_TEXTS,
    "stringContains": _TWO_TEXTS,
    "substring": (Kind.TEXT, Kind.NUMBER, Kind.NUMBER),
}
"""Kinds of arguments; `cidrMatch` has a check of its own, `concat` and `string` take anything."""


def field_kind(info: FieldInfo) -> Kind:
    """The kind of a field's values; text works on its exact sub-field."""
    return _OF_TYPE.get(info.type, Kind.TEXT)


def parameter_kinds(function: str) -> tuple[Kind, ...]:
    """The kinds of a function's arguments as far as they are fixed."""
    return _PARAMETERS.get(function, ())


def kind_of(expression: Expression, reading: Reading) -> Kind:
    """The kind of an expression's value; null is compatible with everything."""
    match expression:
        case Null():
            return Kind.UNKNOWN
        case Boolean():
            return Kind.BOOLEAN
        case Number() | Signed() | Arithmetic():
            return Kind.NUMBER
        case String():
            return Kind.TEXT
        case FieldName():
            return field_kind(reading.info(expression))
        case Call(function):
            return _RESULTS[function]
        case _:
            return Kind.BOOLEAN


def is_boolean_expression(expression: Expression) -> bool:
    """Whether it is true or false by its form: fields and constants are not (spec eql 6.3)."""
    match expression:
        case Null() | Boolean() | Number() | String() | FieldName() | Signed() | Arithmetic():
            return False
        case Call(function):
            return _RESULTS[function] is Kind.BOOLEAN
        case _:
            return True


def require(expression: Expression, wanted: Kind, reading: Reading, role: str) -> None:
    """Raises RuleError if the expression is certainly of another kind."""
    found = kind_of(expression, reading)
    if found not in {wanted, Kind.UNKNOWN}:
        raise refusal("eql-type-mismatch", f"{role} is {found}", expression.span, expected=wanted)


def check_field(name: FieldName, reading: Reading) -> FieldInfo:
    """The field's info. Raises RuleError for types that EQL cannot use (spec eql 4)."""
    if reading.is_outside(name) and not name.optional:
        what = f"no mapping defines the field {name.name}"
        raise refusal("field-not-mapped", what, name.span, advice="write `?` in front of it")
    info = reading.info(name)
    if info.type in {FieldType.NESTED, FieldType.OBJECT}:
        raise refusal(
            "eql-field-type",
            f"{name.name} is of type {info.type}, which EQL cannot test",
            name.span,
            advice="name one of the fields below it" if info.type is FieldType.OBJECT else "use KQL for nested fields",
        )
    if info.type is FieldType.TEXT:
        reading.assume(
            "text-field-exact",
            f"{name.name} has an exact keyword sub-field, which EQL tests instead of the analysed text",
            name.name,
        )
    return info


def check_arguments(call: Call, reading: Reading) -> None:
    """Raises RuleError if an argument is certainly of a kind that the function does not take."""
    for position, (argument, wanted) in enumerate(zip(call.arguments, parameter_kinds(call.function), strict=False)):
        require(argument, wanted, reading, f"argument {position + 1} of {call.function}")
