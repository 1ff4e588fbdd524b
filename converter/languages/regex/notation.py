"""Regular expression trees as text of Lucene's or Java's dialect: the inverse of `parse` (spec eql 5.2)."""

from typing import Final, assert_never

from converter.ir.matcher import Flavour
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
from converter.languages.regex.dialect import DialectError
from converter.languages.regex.facts import interval_tree
from converter.languages.regex.folding import dots_spelled, folded

_CHOICE, _INTERSECTION, _SEQUENCE, _PIECE = range(4)
"""How tightly an operator binds, loosest first."""

_ESCAPED: Final = str.maketrans({char: "\\" + char for char in '.?+*|{}[]()"\\#@&<>~^$-'})
_COUNTS: Final = {(0, None): "*", (1, None): "+", (0, 1): "?"}
_JAVA_PLACES: Final = {"start": "^", "end": "$", "word": r"\b", "not-word": r"\B"}


def adapted(tree: Regexp, flavour: Flavour, ignore_case: bool, dialect: Flavour) -> tuple[Regexp, bool]:
    """A tree of another flavour as one of the dialect's own with the same meaning, and whether it ignores case."""
    if flavour is dialect:
        return tree, ignore_case
    return dots_spelled(folded(tree, flavour) if ignore_case else tree, flavour), False


def written(tree: Regexp, dialect: Flavour) -> str:
    """The tree as text that `parse` reads back. Raises DialectError for what the dialect does not have."""
    return _write(tree, dialect, _CHOICE)


def _write(tree: Regexp, dialect: Flavour, inside: int) -> str:
    """The tree, in parentheses if it binds less tightly than the operator it stands inside."""
    text, tightness = _parts(tree, dialect)
    return f"({text})" if tightness < inside else text


def _parts(tree: Regexp, dialect: Flavour) -> tuple[str, int]:
    match tree:
        case Chars(text):
            return text.translate(_ESCAPED) or "()", _PIECE if len(text) < 2 else _SEQUENCE
        case CharClass(ranges, negated):
            return _char_class(ranges, negated, dialect), _PIECE
        case Repeat(item, least, most):
            return _write(item, dialect, _PIECE) + _count(least, most), _SEQUENCE
        case Concat(items):
            return "".join(_write(item, dialect, _SEQUENCE) for item in items) or "()", _SEQUENCE
        case Alternation(items):
            return "|".join(_write(item, dialect, _INTERSECTION) for item in items), _CHOICE
        case _:
            return _lucene(tree) if dialect is Flavour.LUCENE else _java(tree)


def _lucene(tree: AnyChar | AnyText | NoText | Interval | Complement | Intersection | Boundary) -> tuple[str, int]:
    dialect = Flavour.LUCENE
    match tree:
        case AnyChar():
            return ".", _PIECE  # Lucene's dot takes every character; `adapted` spells the dots of other dialects
        case AnyText():
            return "@", _PIECE
        case NoText():
            return "#", _PIECE
        case Interval(low, high, digits):
            return f"<{low:0{digits}d}-{high:0{digits}d}>", _PIECE
        case Complement(item):
            return "~" + _write(item, dialect, _PIECE), _SEQUENCE
        case Intersection(items):
            return "&".join(_write(item, dialect, _SEQUENCE) for item in items), _INTERSECTION
        case Boundary(place):
            raise DialectError(f"the boundary `{place}`, which Lucene's regular expressions do not have")
        case _:
            assert_never(tree)


def _java(tree: AnyChar | AnyText | NoText | Interval | Complement | Intersection | Boundary) -> tuple[str, int]:
    match tree:
        case AnyChar(newline):
            return r"[\s\S]" if newline else ".", _PIECE
        case AnyText():
            return r"[\s\S]*", _SEQUENCE
        case NoText():
            return r"[^\s\S]", _PIECE
        case Interval():
            return _parts(interval_tree(tree), Flavour.JAVA)
        case Boundary(place) if place in _JAVA_PLACES:
            return _JAVA_PLACES[place], _PIECE
        case Boundary(place):
            raise DialectError(f"the boundary `{place}`, for which no flag can be set")
        case Complement() | Intersection():
            raise DialectError("a complement or intersection, which Java's regular expressions do not have")
        case _:
            assert_never(tree)


def _count(least: int, most: int | None) -> str:
    limit = "" if most is None else most
    return _COUNTS.get((least, most)) or (f"{{{least}}}" if least == most else f"{{{least},{limit}}}")


def _char_class(ranges: tuple[tuple[int, int], ...], negated: bool, dialect: Flavour) -> str:
    if not ranges:
        return _write(AnyChar() if negated else NoText(), dialect, _PIECE)
    inside = "".join(_char(low) if low == high else f"{_char(low)}-{_char(high)}" for low, high in ranges)
    return f"[{'^' if negated else ''}{inside}]"


def _char(code: int) -> str:
    return chr(code).translate(_ESCAPED)
