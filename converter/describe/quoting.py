"""Text that a rule brings along, made fit for a page: on one line, harmless on a terminal, bounded, unambiguous.

A character that cannot be shown, or that would be taken for something else, is written by its number, `<U+001B>`; a
text that holds `<U+` itself has its `<` written so. Backslashes stay single, for paths are full of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text

LONGEST_VALUE = 160
"""Characters of one value that are shown."""

LONGEST_LIST = 50
"""Values of one list that are shown."""

UNBROKEN = "\u00a0"
"""A blank at which no line is broken. Text of a rule never holds it, since it is no printable character."""

_NUMBERED = "<U+"
_BARE = re.compile(r"[^\s`'\",()]+")
_WILDCARDS = "*?"


def plain(text: str, most: int = LONGEST_VALUE) -> str:
    """A text of the rule as part of a sentence, cut after `most` characters: line breaks are blanks."""
    joined = " ".join(text[: 2 * most].split())
    return _escaped(joined[:most]) + _cut(len(text), most)


def unbroken(text: str, most: int = LONGEST_VALUE) -> str:
    """A text without quotes, on one line and with every blank kept."""
    return _blanks_kept(_escaped(text[:most])) + _cut(len(text), most)


def name_of(name: str) -> str:
    """A field's name, in backticks if it holds what no usual name does."""
    return _escaped(name) if _BARE.fullmatch(name) else f"`{_blanks_kept(_escaped(name, '`'))}`"


def quoted(text: str) -> str:
    """The text in double quotes, or in single ones if it holds double ones only."""
    return quoted_pattern((Text(text),), specials="")


def quoted_pattern(parts: Pattern, specials: str = _WILDCARDS) -> str:
    """The pattern in quotes. `specials` are written by their numbers where they mean themselves."""
    shown = tuple(_first(parts, LONGEST_VALUE))
    texts = "".join(part.value for part in shown if isinstance(part, Text))
    mark = "'" if '"' in texts and "'" not in texts else '"'
    body = "".join(_part(part, specials + mark) for part in shown)
    return f"{mark}{_blanks_kept(body)}{mark}" + _cut(sum(map(_length, parts)), LONGEST_VALUE)


def listed(values: Sequence[str], joined_by: str = ", ") -> str:
    """The first values of a list, and how many there are if these are not all."""
    shown = joined_by.join(islice(values, LONGEST_LIST))
    rest = len(values) - LONGEST_LIST
    return f"{shown}{joined_by}… and {many(rest)} more ({many(len(values))} in all)" if rest > 0 else shown


def in_words(values: Sequence[str], word: str = "and") -> str:
    """`a, b and c`, bounded as any list."""
    if len(values) > LONGEST_LIST:
        return listed(values, f" {word} ")
    *others, last = values or ("",)
    return f"{', '.join(others)} {word} {last}" if others else last


def many(count: int) -> str:
    """A number of things."""
    return f"{count:,}"


def counted(count: int, thing: str) -> str:
    """`1 event`, `3 events`."""
    return f"{many(count)} {thing}" if count == 1 else f"{many(count)} {thing}s"


def _part(part: Text | AnyRun | AnyOne, specials: str) -> str:
    match part:
        case Text(text):
            return _escaped(text, specials)
        case AnyRun():
            return "*"
        case AnyOne():
            return "?"


def _first(parts: Iterable[Text | AnyRun | AnyOne], most: int) -> Iterator[Text | AnyRun | AnyOne]:
    """The parts up to so many characters."""
    for part in parts:
        if most <= 0:
            return
        yield Text(part.value[:most]) if isinstance(part, Text) else part
        most -= _length(part)


def _length(part: Text | AnyRun | AnyOne) -> int:
    return len(part.value) if isinstance(part, Text) else 1


def _cut(length: int, most: int) -> str:
    return f"…{UNBROKEN}({many(length)}{UNBROKEN}characters)" if length > most else ""


def _blanks_kept(text: str) -> str:
    return text.replace(" ", UNBROKEN)


def _escaped(text: str, specials: str = "") -> str:
    text = text.replace(_NUMBERED, f"{_NUMBERED}003C>U+")
    if text.isprintable() and not any(char in text for char in specials):
        return text
    return "".join(char if char.isprintable() and char not in specials else _numbered(char) for char in text)


def _numbered(char: str) -> str:
    return f"{_NUMBERED}{ord(char):04X}>"
