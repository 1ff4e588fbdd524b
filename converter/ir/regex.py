"""Regular expressions as trees: a target writes its own dialect from the tree, and refuses what it cannot say.

A tree always describes the WHOLE value. A dialect that searches is lowered with `AnyText` around the pattern, so that
no target has to know where a pattern came from.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chars:
    """A run of literal characters."""

    text: str


@dataclass(frozen=True, slots=True)
class AnyChar:
    """One character; `newline` says whether a line break counts (Lucene: yes; Java, PCRE without (?s): no)."""

    newline: bool = True


@dataclass(frozen=True, slots=True)
class CharClass:
    """One character out of inclusive ranges of code points, or, negated, any character outside them."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Concat:
    items: tuple["Regexp", ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    items: tuple["Regexp", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`least` to `most` times; `most` None means without limit."""

    item: "Regexp"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class AnyText:
    """Any text, the empty one included (Lucene's `@`, the edges of a searching dialect)."""


@dataclass(frozen=True, slots=True)
class NoText:
    """The empty language: nothing is accepted (Lucene's `#`)."""


@dataclass(frozen=True, slots=True)
class Complement:
    """Every text that `item` does not accept (Lucene's `~`)."""

    item: "Regexp"


@dataclass(frozen=True, slots=True)
class Intersection:
    """Texts that all items accept (Lucene's `&`)."""

    items: tuple["Regexp", ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A decimal number from low to high, padded with zeros to `digits` places if that is not 0 (Lucene's `<n-m>`)."""

    low: int
    high: int
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Boundary:
    """A zero-width place of a searching dialect: `start`, `end` (of the text), `line-start`, `line-end`, `word`,
    `not-word`."""

    place: str


Regexp = (
    Chars
    | AnyChar
    | CharClass
    | Concat
    | Alternation
    | Repeat
    | AnyText
    | NoText
    | Complement
    | Intersection
    | Interval
    | Boundary
)
