"""What a `regexp` query needs besides the pattern: its flags and its limit (spec elasticsearch-target 2.1)."""

from dataclasses import dataclass

from converter.ir.matcher import Flavour
from converter.ir.regex import (
    Alternation,
    AnyText,
    CharClass,
    Complement,
    Concat,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)
from converter.languages.regex.notation import written

LONGEST = 1_000
"""Elasticsearch's default `index.max_regex_length`, in characters."""


@dataclass(frozen=True, slots=True)
class Written:
    """`operators`: the text uses Lucene's optional operators, so that they have to be switched on."""

    text: str
    operators: bool


def write(tree: Regexp) -> Written:
    """The tree as a Lucene pattern. Raises DialectError for what Lucene does not have."""
    return Written(written(tree, Flavour.LUCENE), _uses_operators(tree))


def _uses_operators(tree: Regexp) -> bool:
    match tree:
        case AnyText() | NoText() | Interval() | Complement() | Intersection() | CharClass((), negated=False):
            return True
        case Repeat(item, _, _):
            return _uses_operators(item)
        case Concat(items) | Alternation(items):
            return any(_uses_operators(item) for item in items)
        case _:
            return False
