"""YAML as Sigma wants it: four-space indent, every text in single quotes, nothing folded (spec sigma 5.6).

A plain scalar such as `on`, `0x10` or `2026-01-01` is retyped by one YAML version or the other, so only what is meant
to be a number, a boolean or a date is written plain.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Plain:
    """A text that is written without quotes: keys of a closed set, ids, dates."""

    text: str


def document(mapping: Mapping[str, object]) -> str:
    """One YAML document, without a separator; ends with a line break."""
    return "".join(line + "\n" for line in _mapping(mapping, 0))


def _mapping(mapping: Mapping[str, object], depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in mapping.items():
        head = f"{_INDENT * depth}{_key(key)}:"
        match value:
            case dict():
                lines += [head, *_mapping(value, depth + 1)] if value else [f"{head} {{}}"]
            case list() | tuple():
                lines += [head, *_sequence(value, depth + 1)] if value else [f"{head} []"]
            case _:
                lines.append(f"{head} {_scalar(value)}")
    return lines


def _sequence(items: Sequence[object], depth: int) -> list[str]:
    lines: list[str] = []
    for item in items:
        match item:
            case dict() if item:
                first, *rest = _mapping(item, depth + 1)
                lines += [f"{_INDENT * depth}-   {first.lstrip()}", *rest]
            case list() | tuple() if item:
                lines += [f"{_INDENT * depth}-", *_sequence(item, depth + 1)]
            case dict():
                lines.append(f"{_INDENT * depth}- {{}}")
            case list() | tuple():
                lines.append(f"{_INDENT * depth}- []")
            case _:
                lines.append(f"{_INDENT * depth}- {_scalar(item)}")
    return lines


def _scalar(value: object) -> str:
    match value:
        case Plain(text):
            return text
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _decimal(value)
        case None:
            return "null"
        case str():
            return quoted(value)
        case _:
            raise TypeError(f"no YAML scalar: {value!r}")


def _decimal(value: float) -> str:
    """A number that YAML 1.1 takes for one: with a point, also in front of an exponent."""
    mantissa, mark, exponent = repr(value).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}{mark}{exponent}"


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.|-]*")
_RETYPED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that some version of YAML reads as a truth value or as nothing, in any case."""


def _key(key: str) -> str:
    return key if _WORD.fullmatch(key) and key.lower() not in _RETYPED else quoted(key)


def quoted(text: str) -> str:
    """Single quotes; double quotes with escapes where a control character or line break occurs."""
    if all(char.isprintable() for char in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '\\"':
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    if code <= 0xFF:
        return {10: "\\n", 13: "\\r", 9: "\\t"}.get(code, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
