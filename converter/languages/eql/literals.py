"""Constants compared with a field: the field's type decides what they are (spec eql 4, 5.3 to 5.6)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from converter.errors import Place, RuleError
from converter.events.event import Scalar
from converter.ir.literal import BooleanLiteral, Literal, NumberLiteral, TextLiteral
from converter.ir.matcher import Matcher, Network
from converter.languages import mapping, value
from converter.languages.eql.tree import Expression
from converter.schema.catalogue import FieldInfo, FieldType

_Found = TypeVar("_Found")
_BOUNDS: Final = {"<": "high", "<=": "high", ">": "low", ">=": "low"}


def plain(constant: Scalar) -> Literal:
    """A constant as its own type says, for comparison with a computed value."""
    match constant:
        case bool():
            return BooleanLiteral(constant)
        case int() | float():
            return NumberLiteral(constant)
        case _:
            return TextLiteral(constant)


def equality(info: FieldInfo, constant: Scalar, at: Expression, *, ignore_case: bool = False) -> Matcher:
    """The matcher of `field == constant`. Raises RuleError if the field's type cannot take the constant."""
    exact = _exact(info)
    return _placed(at, lambda: mapping.equality(exact, constant, ignore_case=ignore_case and exact.type.is_string))


def order(info: FieldInfo, operator: str, constant: Scalar, at: Expression) -> Matcher:
    """The matcher of `field < constant` and so on. Raises RuleError if the field's type cannot take the constant."""
    exact = _exact(info)
    if _BOUNDS[operator] == "high":
        return _placed(at, lambda: mapping.ordered(exact, high=constant, open_high=operator == "<"))
    return _placed(at, lambda: mapping.ordered(exact, low=constant, open_low=operator == ">"))


def network(name: str, constant: Scalar, at: Expression) -> Network:
    """The block or single address that a text names. Raises RuleError if it names neither."""
    return _placed(at, lambda: Network(value.block(name, constant)))


def _exact(info: FieldInfo) -> FieldInfo:
    """A text field as its exact keyword sub-field, which is what EQL tests."""
    return replace(info, type=FieldType.KEYWORD) if info.type is FieldType.TEXT else info


def _placed(at: Expression, make: Callable[[], _Found]) -> _Found:
    """What `make` gives; its error is about the constant."""
    try:
        return make()
    except RuleError as error:
        raise error.at(Place(None, at.span.line, at.span.column)) from None
