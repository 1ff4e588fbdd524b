"""Case folding written into a tree, and the recursion over trees that it and others need."""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

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
from converter.languages.regex.classes import any_char, code_points, complement
from converter.languages.regex.tree import concat


def rewrite(tree: Regexp, change: Callable[[Regexp], Regexp]) -> Regexp:
    """Applies `change` to every node from the leaves up. Depth is bounded where a pattern is parsed."""
    match tree:
        case Concat(items):
            return change(concat(rewrite(item, change) for item in items))
        case Alternation(items):
            return change(Alternation(tuple(rewrite(item, change) for item in items)))
        case Intersection(items):
            return change(Intersection(tuple(rewrite(item, change) for item in items)))
        case Repeat(item, _, _):
            return change(replace(tree, item=rewrite(item, change)))
        case Complement(item):
            return change(Complement(rewrite(item, change)))
        case Chars() | AnyChar() | CharClass() | AnyText() | NoText() | Interval() | Boundary():
            return change(tree)
        case _:
            assert_never(tree)


def folded(tree: Regexp, flavour: Flavour) -> Regexp:
    """A tree that accepts, minding case, what this one accepts ignoring case: ASCII letters become classes."""

    def fold(node: Regexp) -> Regexp:
        match node:
            case Chars(text):
                return concat(map(_folded_char, text))
            case CharClass(_, negated):
                positive = code_points(replace(node, negated=False), flavour, ignore_case=True)
                return CharClass(positive, negated)
            case _:
                return node

    return rewrite(tree, fold)


def dots_spelled(tree: Regexp, flavour: Flavour) -> Regexp:
    """The tree without dots that leave out line breaks: dialects disagree about what a line break is."""

    def spell(node: Regexp) -> Regexp:
        match node:
            case AnyChar(newline=False):
                left_out = complement(any_char(node, flavour))
                return CharClass(left_out, negated=True) if left_out else AnyChar()
            case _:
                return node

    return rewrite(tree, spell)


def _folded_char(char: str) -> Regexp:
    if not (char.isascii() and char.isalpha()):
        return Chars(char)
    upper, lower = ord(char.upper()), ord(char.lower())
    return CharClass(((upper, upper), (lower, lower)))
