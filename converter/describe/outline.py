"""An outline: sentences with sentences below them, laid out as indented lines of at most 100 columns.

A value is never broken across lines, for a blank in it counts: a line that holds a long one is longer.
"""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from converter.describe.quoting import UNBROKEN, many

WIDTH = 100

LONGEST_GROUP = 200
"""Sentences below one sentence that are shown."""

_DEEPEST = 20
"""Levels that are indented; those below say their number instead."""

_LONGEST_SENTENCE = 12_000


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, what stands below it, and the mark before it."""

    text: str
    below: tuple["Item", ...] = ()
    mark: str = "-"


def lines(items: Iterable[Item], indent: int = 2, level: int = 0) -> Iterator[str]:
    """The items as lines without line ends."""
    group = tuple(items)
    for item in group[:LONGEST_GROUP]:
        yield from _lines(item, indent, level)
    rest = len(group) - LONGEST_GROUP
    if rest > 0:
        yield f"{' ' * indent}… and {many(rest)} more of these ({many(len(group))} in all)"


def paragraph(text: str, indent: int = 2) -> Iterator[str]:
    """A sentence without a mark."""
    return _wrapped(text, " " * indent, " " * indent)


def term(word: str, text: str, column: int, indent: int = 2) -> Iterator[str]:
    """A word, and in a column of its own what it stands for."""
    return _wrapped(text, f"{' ' * indent}{word:<{column}}", " " * (indent + column))


def _lines(item: Item, indent: int, level: int) -> Iterator[str]:
    mark = item.mark if level <= _DEEPEST else f"{item.mark} (level {level})"
    yield from _wrapped(item.text, f"{' ' * indent}{mark} ", " " * (indent + len(item.mark) + 1))
    yield from lines(item.below, indent + (len(item.mark) + 1 if level < _DEEPEST else 0), level + 1)


def _wrapped(text: str, first: str, other: str) -> Iterator[str]:
    if len(text) > _LONGEST_SENTENCE:
        text = f"{text[:_LONGEST_SENTENCE]}… (cut here; --json has all of it)"
    found = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=other,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return (line.replace(UNBROKEN, " ") for line in found or [first.rstrip()])
