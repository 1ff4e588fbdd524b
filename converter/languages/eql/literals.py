"""Constants compared with a field: the field's type decides what they are (spec eql 4, 5.3 to 5.6)."""

import ipaddress
import re
from typing import Final

from converter.errors import RuleError
from converter.evaluate.number import read_decimal, text_of
from converter.events.event import Scalar
from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)
from converter.ir.matcher import Equal, Matcher, Network, Range
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import Expression
from converter.schema.catalogue import FieldInfo, FieldType

_DATE: Final = re.compile(r"now(?:[-+/].*)?|-?[0-9]{1,19}(?:-[0-9].*|T.*|\|\|.*)?", re.DOTALL)


def plain(value: Scalar) -> Literal:
    """A constant as its own type says, for comparison with a computed value."""
    match value:
        case bool():
            return BooleanLiteral(value)
        case int() | float():
            return NumberLiteral(value)
        case _:
            return TextLiteral(value)


def equality(info: FieldInfo, value: Scalar, at: Expression, *, ignore_case: bool = False) -> Matcher:
    """The matcher of `field == value`. Raises RuleError if the field's type cannot take the value."""
    match info.type:
        case FieldType.DATE:
            date = _date(value, info, at)
            return Range(low=date, high=date)
        case FieldType.IP:
            return network(value, info.name, at)
        case _:
            return Equal(literal(info, value, at), (ignore_case or info.folded) and _is_text(info))


def order(info: FieldInfo, operator: str, value: Scalar, at: Expression, reading: Reading) -> Matcher:
    """The matcher of `field < value` and so on. Raises RuleError if the field's type cannot take the value."""
    if info.type is FieldType.BOOLEAN:
        raise refusal("eql-type-mismatch", "true and false have no order", at.span, advice="use ==")
    bound = _bound(info, value, at, reading)
    match operator:
        case "<" | "<=":
            return Range(high=bound, open_high=operator == "<")
        case _:
            return Range(low=bound, open_low=operator == ">")


def _bound(info: FieldInfo, value: Scalar, at: Expression, reading: Reading) -> Literal:
    if info.known or isinstance(value, str | bool):
        return literal(info, value, at)
    reading.assume("field-number", f"{info.name}, which no catalogue knows, holds numbers", info.name, at.span)
    return NumberLiteral(value)


def literal(info: FieldInfo, value: Scalar, at: Expression) -> Literal:
    """The constant in the field's type. Raises RuleError if it has none."""
    match info.type:
        case FieldType.LONG | FieldType.DOUBLE:
            return _number(value, info, at)
        case FieldType.BOOLEAN:
            return _boolean(value, info, at)
        case FieldType.DATE:
            return _date(value, info, at)
        case FieldType.IP:
            return _address(value, info, at)
        case FieldType.VERSION:
            return VersionLiteral(_text(value))
        case _:
            return TextLiteral(_text(value))


def network(value: Scalar, name: str, at: Expression) -> Network:
    """The block or single address that a text names. Raises RuleError if it names neither."""
    if not isinstance(value, str) or "%" in value:
        raise _unfit(value, "an IP address or block", name, at)
    try:
        block = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise _unfit(value, "an IP address or block (10.0.0.0/8)", name, at) from None
    return Network(_unmapped(block).compressed)


_Block = ipaddress.IPv4Network | ipaddress.IPv6Network


def _unmapped(block: _Block) -> _Block:
    """A block of IPv4 addresses mapped into IPv6 is that block of IPv4 addresses."""
    if isinstance(block, ipaddress.IPv6Network) and block.prefixlen >= 96:
        mapped = block.network_address.ipv4_mapped
        if mapped is not None:
            return ipaddress.IPv4Network((mapped, block.prefixlen - 96))
    return block


def _number(value: Scalar, info: FieldInfo, at: Expression) -> NumberLiteral:
    found = read_decimal(value) if isinstance(value, str) else None if isinstance(value, bool) else value
    if found is None:
        raise _unfit(value, "a number", info.name, at)
    return NumberLiteral(found)


def _boolean(value: Scalar, info: FieldInfo, at: Expression) -> BooleanLiteral:
    match value:
        case bool():
            return BooleanLiteral(value)
        case "true":
            return BooleanLiteral(True)
        case "false" | "":
            return BooleanLiteral(False)
        case _:
            raise _unfit(value, "true or false", info.name, at)


def _date(value: Scalar, info: FieldInfo, at: Expression) -> DateLiteral:
    if isinstance(value, bool | float) or not _DATE.fullmatch(str(value)):
        raise _unfit(value, "a date (ISO 8601, milliseconds since 1970, or date math such as now-1d)", info.name, at)
    return DateLiteral(str(value))


def _address(value: Scalar, info: FieldInfo, at: Expression) -> AddressLiteral:
    block = network(value, info.name, at).block
    address, _, length = block.partition("/")
    if length not in {"32", "128"} or (length == "32") is (":" in address):
        raise _unfit(value, "one IP address", info.name, at)
    return AddressLiteral(address)


def _text(value: Scalar) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return text_of(value)
        case _:
            return value


def _is_text(info: FieldInfo) -> bool:
    return info.type.is_string or info.type is FieldType.TEXT


def _unfit(value: Scalar, expected: str, name: str, at: Expression) -> RuleError:
    shown = f'"{value}"' if isinstance(value, str) else _text(value)
    return refusal("eql-literal-type", f"{name} cannot be compared with {shown:.80}", at.span, expected=expected)
