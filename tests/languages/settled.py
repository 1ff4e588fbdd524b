"""One spelling for matchers that mean the same on a field: for comparing what was raised and lowered again.

Kept here, and not in the passes, since only a writer's choice of words makes these differences: a pattern as a regular
expression, an equality as a pattern without wildcards, two bounds on a field that holds one value.
"""

from collections.abc import Iterable
from dataclasses import replace

from converter.events.event import Event
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Any,
    AnyOne,
    AnyRun,
    DateLiteral,
    Equal,
    Field,
    Like,
    Literal,
    Matcher,
    NumberLiteral,
    Predicate,
    Present,
    Range,
    Regex,
    Test,
    TextLiteral,
    literal_text,
    pattern,
)
from converter.ir.regex import AnyChar, AnyText, Chars, Concat, Regexp, Repeat
from converter.ir.walk import rewrite
from converter.languages import mapping
from converter.languages.regex import accepts_everything, only_text
from converter.languages.regex.folding import rewrite as rewrite_regex
from converter.losses import Assumption
from converter.passes import canonical
from converter.schema.catalogue import Catalogue, FieldInfo


def settled(predicate: Predicate, catalogue: Catalogue) -> Predicate:
    """The canonical form with every matcher in its simplest spelling and without marks of optional fields."""

    def change(node: Predicate) -> Predicate:
        match node:
            case Test(Field(name), matchers):
                info = catalogue[name]
                return _parted(Test(Field(name), tuple(_simplest(matcher, info) for matcher in matchers)))
            case Test():
                return replace(node, matchers=tuple(_simplest(matcher, FieldInfo("*")) for matcher in node.matchers))
            case _:
                return node

    return canonical(rewrite(predicate, change))


def inside(assumptions: Iterable[Assumption], event: Event) -> bool:
    """Whether an event keeps to what was assumed about the values of its fields."""
    return all(
        item.allows is None or item.allows(event.fields.get(item.field, ())) for item in assumptions if item.field
    )


def _parted(test: Test) -> Predicate:
    """Two bounds as a range each; existence makes everything else superfluous."""
    if Present() in test.matchers:
        return replace(test, matchers=(Present(),))
    whole = tuple(matcher for matcher in test.matchers if not _has_two_bounds(matcher))
    parts: list[Predicate] = [replace(test, matchers=whole)]
    for matcher in test.matchers:
        if isinstance(matcher, Range) and matcher not in whole:
            lower, upper = replace(matcher, high=None, open_high=False), replace(matcher, low=None, open_low=False)
            parts.append(All((replace(test, matchers=(lower,)), replace(test, matchers=(upper,)))))
    return Any(tuple(parts))


def _has_two_bounds(matcher: Matcher) -> bool:
    match matcher:
        case Range(low, high):
            return low is not None and high is not None and not isinstance(low, DateLiteral)
        case _:
            return False


def _simplest(matcher: Matcher, info: FieldInfo) -> Matcher:
    match matcher:
        case Regex(tree, flavour, ignore_case):
            return _regex(rewrite_regex(tree, lambda node: node), flavour, ignore_case)
        case Like(parts, ignore_case):
            text = literal_text(parts)
            if text is not None:
                return Equal(TextLiteral(text), ignore_case)
            return Present() if parts == (ANY_RUN,) else matcher
        case Equal(TextLiteral(text), ignore_case) if not (info.type.is_string or info.analyzer):
            return replace(matcher, value=mapping.literal(info, text), ignore_case=False)
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


def _regex(tree: Regexp, flavour: object, ignore_case: bool) -> Matcher:
    text = only_text(tree)
    if text is not None:
        return Equal(TextLiteral(text), ignore_case)
    if accepts_everything(tree):
        return Present()
    parts = [_part(item) for item in (tree.items if isinstance(tree, Concat) else (tree,))]
    known = [part for part in parts if part is not None]
    return Like(pattern(*known), ignore_case) if len(known) == len(parts) else Regex(tree, ignore_case=ignore_case)


def _part(tree: Regexp) -> str | AnyRun | AnyOne | None:
    match tree:
        case Chars(text):
            return text
        case AnyText() | Repeat(AnyChar(), 0, None):
            return ANY_RUN
        case AnyChar():
            return ANY_ONE
        case _:
            return None
