"""Strings of a regular language: a few texts that a tree accepts, found by construction.

Intersections and complements are not solved: their operands' strings are offered, and whoever asks checks them with the
matcher. That keeps this small and loses nothing that a rule of the corpus needs.
"""

from collections.abc import Iterator
from itertools import islice

from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
    Boundary,
    CharClass,
    Chars,
    Complement,
    Concat,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)

_PREFERRED = "a7A_-. /\\:x0"
"""Tried for a class of characters, in this order, before the class's own edges."""


def strings(tree: Regexp, limit: int = 8) -> list[str]:
    """At most `limit` candidate strings, each alternative once before any of them twice."""
    return list(dict.fromkeys(islice(_strings(tree), limit)))


def _strings(tree: Regexp) -> Iterator[str]:
    match tree:
        case Chars(text):
            yield text
        case AnyChar():
            yield from "aB"
        case CharClass():
            yield from _characters(tree)
        case Concat(items):
            yield from _joined([list(islice(_strings(item), 6)) for item in items])
        case Alternation(items) | Intersection(items):
            yield from _in_turn([list(islice(_strings(item), 64)) for item in items])
        case Repeat(item, least, most):
            yield from _repeated(list(islice(_strings(item), 4)), least, most)
        case AnyText():
            yield from ("", "any")
        case Complement():
            yield from ("other", "")
        case Interval(low, high, digits):
            yield from (str(number).zfill(digits) for number in dict.fromkeys((low, high, (low + high) // 2)))
        case Boundary():
            yield ""
        case NoText():
            return


def _characters(item: CharClass) -> Iterator[str]:
    inside = [char for char in _PREFERRED if any(low <= ord(char) <= high for low, high in item.ranges)]
    if item.negated:
        yield from (char for char in _PREFERRED if char not in inside)
        yield "é"
        return
    edges = [chr(code) for bounds in item.ranges for code in bounds if not 0xD800 <= code <= 0xDFFF]
    yield from dict.fromkeys([*inside[:2], *edges])


def _joined(parts: list[list[str]]) -> Iterator[str]:
    """One choice of every part, so that each choice of each part occurs at least once; none if a part has none."""
    if all(parts):
        for turn in range(max(map(len, parts), default=1)):
            yield "".join(part[turn % len(part)] for part in parts)


def _in_turn(choices: list[list[str]]) -> Iterator[str]:
    for turn in range(max(map(len, choices), default=0)):
        yield from (choice[turn] for choice in choices if turn < len(choice))


def _repeated(items: list[str], least: int, most: int | None) -> Iterator[str]:
    if not items:
        if least == 0:
            yield ""
        return
    counts = dict.fromkeys((max(least, 1), least, least + 1))
    for count in (count for count in counts if most is None or count <= most):
        for item in items:
            yield item * min(count, 4096)
