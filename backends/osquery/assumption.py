"""Under what a query is exact: what osquery's columns cannot hold or tell apart (spec osquery 2.1, 5)."""

import ipaddress

from converter.events.event import Scalar, Values
from converter.losses import Assumption


def single_valued(name: str) -> Assumption:
    return Assumption("field-single-valued", f"`{name}` has at most one value", name, lambda values: len(values) < 2)


def no_empty_text(name: str) -> Assumption:
    return Assumption("osquery-empty-text", f"`{name}` is never an empty text", name, lambda values: "" not in values)


def number_text(name: str) -> Assumption:
    return Assumption(
        "osquery-number-text", f"`{name}` is a text that holds a plain decimal number", name, _plain_numbers
    )


def single_bytes(name: str) -> Assumption:
    message = f"`{name}` is ASCII where the expression counts characters"
    return Assumption("osquery-regex-bytes", message, name, lambda values: all(str(one).isascii() for one in values))


def basic_plane(name: str) -> Assumption:
    message = f"`{name}` has no characters beyond the basic plane, since their positions are counted"
    return Assumption(
        "osquery-utf16", message, name, lambda values: max("".join(map(str, values)), default="") < "\U00010000"
    )


def no_mapped_address(name: str) -> Assumption:
    message = f"`{name}` never holds an IPv4 address in its IPv6 form (`::ffff:10.0.0.1`)"
    return Assumption("osquery-mapped-address", message, name, lambda values: not any(map(_is_mapped, values)))


def _is_mapped(value: Scalar) -> bool:
    try:
        return ipaddress.IPv6Address(value).ipv4_mapped is not None
    except ValueError:
        return False


def _plain_numbers(values: Values) -> bool:
    return all(_is_plain(str(value)) for value in values)


def _is_plain(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and (digits == "0" or not digits.startswith("0"))
