"""Candidate values: what a matcher accepts, and what lies just beside it."""

import ipaddress
from collections.abc import Iterator

from converter.events.clock import iso
from converter.events.event import Scalar
from converter.events.generate.language import strings
from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)
from converter.ir.matcher import Equal, Like, Matcher, Network, Phrase, Present, Range, Regex
from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text
from converter.schema.catalogue import FieldInfo, FieldType

NOW = 1_767_225_600_000.0
"""The fixed present of generated events: 2026-01-01T00:00:00Z in milliseconds."""

_DAY = 86_400_000.0
_RUNS = ("x", "", "ab 12", "q/w\\e")
"""Fillers for a run of any characters, the most harmless first."""

_WILD_ELSEWHERE = "_.%"

_DEFAULTS: dict[FieldType, tuple[Scalar, ...]] = {
    FieldType.LONG: (7, 0, 4096),
    FieldType.DOUBLE: (1.5, 0.0),
    FieldType.BOOLEAN: (True, False),
    FieldType.DATE: (iso(NOW), iso(NOW - 400 * _DAY)),
    FieldType.IP: ("192.0.2.10", "10.1.2.3", "2001:db8::7"),
    FieldType.VERSION: ("1.2.3",),
    FieldType.TEXT: ("sample text",),
}


def plain(info: FieldInfo) -> tuple[Scalar, ...]:
    """Values that say nothing in particular, right for the field's type."""
    return _DEFAULTS.get(info.type, ("sample", "other-7"))


def accepted(matcher: Matcher, info: FieldInfo) -> list[Scalar]:
    """Values that the matcher should accept, likeliest first. A candidate may fail: whoever asks evaluates it."""
    match matcher:
        case Equal(value, ignore_case):
            return _in_either_case([native(value)], ignore_case)
        case Like(pattern, ignore_case):
            return _in_either_case([instance(pattern, run) for run in _RUNS], ignore_case)
        case Regex(tree):
            return list(strings(tree))
        case Range(low, high):
            return list(dict.fromkeys([*_between(low, high), *_edges(low), *_edges(high)]))
        case Network(block):
            return list(_addresses(block))
        case Phrase(tokens):
            return [" ".join(instance(token, "x") for token in tokens)]
        case Present():
            return list(plain(info))


def _in_either_case(values: list[Scalar], ignore_case: bool) -> list[Scalar]:
    """The values; where case does not matter also in lower case, as hashes and words of enumerations are written."""
    lower = [value.lower() for value in values if isinstance(value, str)] if ignore_case else []
    return list(dict.fromkeys([*values[:1], *lower[:1], *values, *lower]))


def beside(matcher: Matcher, info: FieldInfo) -> list[tuple[str, Scalar]]:
    """Values close to the matcher, each with the name of its difference; some may still be accepted."""
    match matcher:
        case Range(low, high):
            return [("edge of the range", value) for value in dict.fromkeys([*_edges(low), *_edges(high)])]
        case Network(block):
            return [("edge of the block", value) for value in _around(block)]
        case Present():
            return [("empty text", "")] if info.type.is_string else []
        case Phrase(tokens):
            words = [instance(token, "x") for token in tokens]
            spaced = [("token apart", " between ".join(words)), ("tokens reversed", " ".join(reversed(words)))]
            return [*_around_text(" ".join(words)), *spaced]
        case Equal() | Like() | Regex():
            values = accepted(matcher, info)
            return _around_value(values[0]) if values else []


def native(literal: Literal) -> Scalar:
    """The literal as a document would hold it; date math is resolved against the fixed present."""
    match literal:
        case TextLiteral(value) | NumberLiteral(value) | BooleanLiteral(value):
            return value
        case AddressLiteral(text) | VersionLiteral(text):
            return text
        case DateLiteral(text):
            return iso(moment(text))


def moment(text: str) -> float:
    """Milliseconds of a date or of date math at the fixed present; the present itself for what is neither."""
    from converter.evaluate.dates import read

    found = read(text, now=NOW)
    return NOW if found is None else found / 1e6


def instance(pattern: Pattern, run: str) -> str:
    """A text that the pattern covers, with `run` for every run of characters and a letter for a single one."""
    out: list[str] = []
    for part in pattern:
        match part:
            case Text(value):
                out.append(value)
            case AnyRun():
                out.append(run)
            case AnyOne():
                out.append("C")
    return "".join(out)


def _around_value(value: Scalar) -> list[tuple[str, Scalar]]:
    match value:
        case bool():
            return [("the other truth value", not value), ("truth value as text", str(value).lower())]
        case int() | float():
            return [("one more", value + 1), ("one less", value - 1), ("number as text", str(value))]
        case str():
            return _around_text(value)


def _around_text(text: str) -> list[tuple[str, Scalar]]:
    middle = len(text) // 2
    swapped = text.swapcase()
    near: list[tuple[str, Scalar]] = [("other case", swapped)] if swapped != text else []
    near += [(f"a letter for {mark}", text.replace(mark, "X")) for mark in _WILD_ELSEWHERE if mark in text]
    near += [
        ("one character more", text + "x"),
        ("one character more in front", "x" + text),
        ("one character less", text[:-1]),
        ("first character less", text[1:]),
        ("a star inside", text[:middle] + "*" + text[middle:]),
        ("a question mark for a character", text[:middle] + "?" + text[middle + 1 :]),
        ("a quote inside", f"{text[:middle]}\"'{text[middle:]}"),
        ("a backslash inside", text[:middle] + "\\" + text[middle:]),
        ("a line break at the end", text + "\n"),
        ("a line break inside", text[:middle] + "\n" + text[middle:]),
        ("a letter beyond ASCII", text[:middle] + "é" + text[middle:]),
        ("percent and underscore", text[:middle] + "%_" + text[middle:]),
        ("a blank at the end", text + " "),
        ("empty text", ""),
    ]
    if "k" in text.lower():
        near.append(("the Kelvin sign for k", text.replace("k", "\u212a").replace("K", "\u212a")))
    return [(name, value) for name, value in near if value != text]


def _edges(bound: Literal | None) -> Iterator[Scalar]:
    match bound:
        case None:
            return
        case NumberLiteral(value):
            yield from (value, value + 1, value - 1)
        case DateLiteral(text):
            at = moment(text)
            yield from (iso(at), iso(at + 1), iso(at - 1), iso(at + _DAY), iso(at - _DAY))
        case TextLiteral(text) | VersionLiteral(text):
            yield from (text, text + "0", text[:-1])
        case AddressLiteral(text):
            yield from _neighbours(text)
        case BooleanLiteral(value):
            yield value


def _between(low: Literal | None, high: Literal | None) -> Iterator[Scalar]:
    match low, high:
        case NumberLiteral(least), NumberLiteral(most):
            yield (least + most) // 2 if isinstance(least, int) and isinstance(most, int) else (least + most) / 2
        case DateLiteral(least), DateLiteral(most):
            yield iso((moment(least) + moment(most)) / 2)
        case _:
            return


def _neighbours(text: str) -> Iterator[str]:
    address = ipaddress.ip_address(text)
    for step in (0, 1, -1):
        if 0 <= int(address) + step < 1 << address.max_prefixlen:
            yield str(address + step)


def _addresses(block: str) -> Iterator[str]:
    network = ipaddress.ip_network(block, strict=False)
    yield str(network[min(1, network.num_addresses - 1)])
    yield str(network[0])
    yield str(network[-1])


def _around(block: str) -> Iterator[str]:
    """First and last address of the block and the addresses next to it."""
    network = ipaddress.ip_network(block, strict=False)
    yield from dict.fromkeys((str(network[0]), str(network[-1])))
    inside = {str(network[0]), str(network[-1])}
    for edge in (network[0], network[-1]):
        yield from (text for text in _neighbours(str(edge)) if ipaddress.ip_address(text) not in network)
    if network.version == 4:
        yield f"::ffff:{next(iter(sorted(inside)))}"
