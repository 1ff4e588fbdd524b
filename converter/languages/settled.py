"""Whether two detections mean the same, whatever words a language had for their matchers.

What is written in a language is read back and compared with what was meant. A writer's choice of words makes
differences that are none: a pattern as a regular expression, an equality as a pattern without wildcards, two bounds on
a field that holds one value, a letter in any case as a class of both. Here each matcher gets its simplest spelling.
"""

from collections.abc import Iterable
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase

from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Any,
    AnyOne,
    AnyRun,
    DateLiteral,
    Detection,
    Equal,
    Field,
    FieldRef,
    Like,
    Literal,
    Matcher,
    Not,
    NumberLiteral,
    Pattern,
    Predicate,
    Present,
    Range,
    Regex,
    Test,
    Text,
    TextLiteral,
    literal_text,
    pattern,
)
from converter.ir.regex import AnyChar, AnyText, CharClass, Chars, Concat, Regexp, Repeat
from converter.ir.walk import rewrite
from converter.languages import mapping
from converter.languages.regex import accepts_everything, only_text
from converter.languages.regex.classes import joined
from converter.languages.regex.folding import folded
from converter.languages.regex.folding import rewrite as rewrite_regex
from converter.passes import canonical, map_predicates
from converter.schema.catalogue import Catalogue, FieldInfo


def mean_the_same(one: Detection, other: Detection, catalogue: Catalogue) -> bool:
    """Whether both are one detection but for spelling, order, grouping and marks of optional fields."""
    if one == other:
        return True
    first, second = (
        map_predicates(detection, lambda predicate: settled(predicate, catalogue)) for detection in (one, other)
    )
    return first == second


def settled(predicate: Predicate, catalogue: Catalogue) -> Predicate:
    """The canonical form with every matcher in its simplest spelling and without marks of optional fields."""

    def change(node: Predicate) -> Predicate:
        match node:
            case Test(Field(name), matchers):
                info = catalogue[name]
                return _with_fewest(Field(name), tuple(_simplest(matcher, info) for matcher in matchers))
            case Test(field, matchers):
                return Test(field, tuple(_simplest(matcher, FieldInfo("*")) for matcher in matchers))
            case _:
                return node

    return canonical(rewrite(canonical(rewrite(predicate, change)), _unguarded))


_PRESENT = (Present(),)


def _unguarded(node: Predicate) -> Predicate:
    """Without tests for existence beside another test of the same field, which says so too; negations stand at the
    leaves, so that an alternative may be that neither holds."""
    match node:
        case All(items):
            return All(tuple(item for item in items if not _is_guard(item, items)))
        case Any(items):
            denied = [item.item for item in items if isinstance(item, Not)]
            return Any(tuple(item for item in items if not (isinstance(item, Not) and _is_guard(item.item, denied))))
        case _:
            return node


def _is_guard(item: Predicate, others: Iterable[Predicate]) -> bool:
    """Whether it asks for the existence of a field of which some other one asks more."""
    if not (isinstance(item, Test) and item.matchers == _PRESENT):
        return False
    return any(isinstance(other, Test) and other.field == item.field and other != item for other in others)


def _with_fewest(field: FieldRef, matchers: tuple[Matcher, ...]) -> Predicate:
    """Two bounds as a range each; existence makes everything else superfluous."""
    if Present() in matchers:
        return Test(field, (Present(),))
    bounded = [matcher for matcher in matchers if isinstance(matcher, Range) and _has_two_bounds(matcher)]
    if not bounded:
        return Test(field, matchers)
    parts: list[Predicate] = [Test(field, tuple(matcher for matcher in matchers if matcher not in bounded))]
    for matcher in bounded:
        lower, upper = replace(matcher, high=None, open_high=False), replace(matcher, low=None, open_low=False)
        parts.append(All((Test(field, (lower,)), Test(field, (upper,)))))
    return Any(tuple(parts))


def _has_two_bounds(matcher: Range) -> bool:
    return matcher.low is not None and matcher.high is not None and not isinstance(matcher.low, DateLiteral)


def _simplest(matcher: Matcher, info: FieldInfo) -> Matcher:
    match matcher:
        case Regex(tree, flavour, ignore_case):
            return _regex(rewrite_regex(folded(tree, flavour) if ignore_case else tree, _char))
        case Like(parts, ignore_case):
            return Present() if parts == (ANY_RUN,) else _spelled(parts, ignore_case=ignore_case)
        case Equal(TextLiteral(text)) if not (info.type.is_string or info.analyzer):
            return Equal(mapping.literal(info, text))
        case Equal(TextLiteral(text), True):
            return Equal(TextLiteral(text.translate(_SMALL)), True)
        case Range(low, high):
            return replace(matcher, low=_number(low), high=_number(high))
        case _:
            return matcher


def _number(literal: Literal | None) -> Literal | None:
    """Whole numbers are integers, however they are written."""
    match literal:
        case NumberLiteral(float(number)) if number.is_integer():
            return NumberLiteral(int(number))
        case _:
            return literal


def _char(node: Regexp) -> Regexp:
    """A class of one character is that character; of several, in what order they stand says nothing."""
    match node:
        case CharClass(((low, high),), False) if low == high:
            return Chars(chr(low))
        case CharClass(ranges, negated):
            return CharClass(joined(ranges), negated)
        case _:
            return node


def _regex(tree: Regexp) -> Matcher:
    """A wildcard pattern or a text where the tree, which minds case, is nothing else."""
    text = only_text(tree)
    if text is not None:
        return Equal(TextLiteral(text))
    if accepts_everything(tree):
        return Present()
    parts: list[str | AnyRun | AnyOne] = []
    letters: set[bool] = set()
    for item in tree.items if isinstance(tree, Concat) else (tree,):
        part = _part(item)
        if part is None:
            return Regex(tree)
        if isinstance(part, str) and any(char.isascii() and char.isalpha() for char in part):
            letters.add(isinstance(item, CharClass))
        parts.append(part)
    return Regex(tree) if len(letters) == 2 else _spelled(pattern(*parts), ignore_case=letters == {True})


def _spelled(parts: Pattern, *, ignore_case: bool) -> Matcher:
    """A pattern, or an equality if nothing in it is wild; letters that match in any case are small."""
    if ignore_case:
        parts = tuple(Text(part.value.translate(_SMALL)) if isinstance(part, Text) else part for part in parts)
    text = literal_text(parts)
    return Like(parts, ignore_case) if text is None else Equal(TextLiteral(text), ignore_case)


def _part(tree: Regexp) -> str | AnyRun | AnyOne | None:
    """What stands for a node in a wildcard pattern; for a class of both cases of a letter, the small one."""
    match tree:
        case Chars(text):
            return text
        case CharClass(((upper, upper_end), (lower, lower_end)), False) if (
            upper == upper_end and lower == lower_end and lower - upper == _CASE and chr(upper).isascii()
        ):
            return chr(lower) if chr(upper).isalpha() else None
        case AnyText() | Repeat(AnyChar(), 0, None):
            return ANY_RUN
        case AnyChar():
            return ANY_ONE
        case _:
            return None


_CASE = ord("a") - ord("A")
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
