"""Regular expression trees in Lucene's syntax (spec eql 5.2, elasticsearch-target 2.1)."""

from dataclasses import dataclass

from backends.elasticsearch import escape
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

LONGEST = 1_000
"""Elasticsearch's default `index.max_regex_length`, in characters."""


class DialectError(Exception):
    """The tree says something that Lucene's dialect cannot; the text names it."""


@dataclass(frozen=True, slots=True)
class Written:
    """`operators`: the text uses Lucene's optional operators, so that they have to be switched on."""

    text: str
    operators: bool


_ALTERNATION, _INTERSECTION, _CONCAT, _REPEAT = range(4)


def write(tree: Regexp) -> Written:
    """The tree as a Lucene pattern. Raises DialectError for boundaries, which Lucene does not have."""
    return Written(_write(tree, _ALTERNATION), _uses_operators(tree))


def _write(tree: Regexp, level: int) -> str:
    """`level` is the loosest binding the surroundings take without parentheses."""
    match tree:
        case Chars(""):
            return "()"
        case Chars(text):
            written = escape.regexp(text)
            return f"({written})" if level == _REPEAT and len(text) != 1 else written
        case AnyChar(newline=True):
            return "."
        case AnyChar():
            raise DialectError("a dot that leaves out line breaks, which has to be spelled as a class")
        case CharClass((), negated):
            return "." if negated else "#"
        case CharClass(ranges, negated):
            return _char_class(ranges, negated)
        case AnyText():
            return _group(".*", _CONCAT, level)
        case NoText():
            return "#"
        case Interval(low, high, digits):
            return f"<{low:0{digits}d}-{high:0{digits}d}>"
        case Complement(item):
            return _group("~" + _write(item, _REPEAT), _CONCAT, level)
        case Repeat(item, least, most):
            return _group(_write(item, _REPEAT) + _quantifier(least, most), _CONCAT, level)
        case Concat(items):
            return _group("".join(_write(item, _CONCAT) for item in items), _CONCAT, level) if items else "()"
        case Intersection(items):
            return _group("&".join(_write(item, _CONCAT) for item in items), _INTERSECTION, level)
        case Alternation(items):
            return _group("|".join(_write(item, _INTERSECTION) for item in items), _ALTERNATION, level)
        case Boundary(place):
            raise DialectError(f"the boundary `{place}`, which Lucene's regular expressions do not have")


def _group(text: str, binds: int, level: int) -> str:
    return f"({text})" if binds < level else text


def _quantifier(least: int, most: int | None) -> str:
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
        case _ if least == most:
            return f"{{{least}}}"
        case _:
            return f"{{{least},{most}}}"


def _char_class(ranges: tuple[tuple[int, int], ...], negated: bool) -> str:
    inside = "".join(
        escape.regexp(chr(low)) if low == high else f"{escape.regexp(chr(low))}-{escape.regexp(chr(high))}"
        for low, high in ranges
    )
    return f"[{'^' if negated else ''}{inside}]"


def _uses_operators(tree: Regexp) -> bool:
    match tree:
        case NoText() | Interval() | Complement() | Intersection() | CharClass((), negated=False):
            return True
        case Repeat(item, _, _):
            return _uses_operators(item)
        case Concat(items) | Alternation(items):
            return any(_uses_operators(item) for item in items)
        case _:
            return False
