"""One form for predicates that mean the same, as far as order, grouping and negation hide it: for comparing meanings.

Not for writing: negations stand at the leaves, items and matchers are sorted.
"""

from dataclasses import replace
from typing import assert_never

from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Phrase, Present
from converter.ir.pattern import Text
from converter.ir.predicate import All, Always, Any, Compute, Nested, Never, Not, Predicate, Test
from converter.passes.constant import fold_constants
from converter.passes.flat import flatten
from converter.passes.merge import merged


def canonical_form(predicate: Predicate) -> Predicate:
    """A predicate with the same meaning that is equal for predicates which differ only in the order and repetition of
    items, in how negations are distributed, or in how tests on one field are grouped."""
    return _sorted(flatten(fold_constants(_at_leaves(predicate, negated=False))))


def _at_leaves(node: Predicate, *, negated: bool) -> Predicate:
    """The predicate, or its complement, with `Not` around leaves only."""
    match node:
        case Not(item):
            return _at_leaves(item, negated=not negated)
        case All(items) | Any(items):
            inner = tuple(_at_leaves(item, negated=negated) for item in items)
            return Any(inner) if isinstance(node, Any) != negated else All(inner)
        case Always() | Never():
            return Never() if isinstance(node, Always) == negated else Always()
        case Nested(path, item):
            leaf: Predicate = Nested(path, canonical_form(item))
        case Test(field, matchers):
            leaf = Test(field, _sorted_matchers(matchers))
        case Compute():
            leaf = node
        case _:
            assert_never(node)
    return Not(leaf) if negated else leaf


def _sorted(node: Predicate) -> Predicate:
    match node:
        case Any(items):
            return _group(Any, merged(_sorted(item) for item in items))
        case All(items):
            return _group(All, _merged_negations([_sorted(item) for item in items]))
        case _:
            return node


def _merged_negations(items: list[Predicate]) -> tuple[Predicate, ...]:
    """No value is one of these, nor one of those: no value is one of all of them."""
    negated = merged(item.item for item in items if isinstance(item, Not))
    return (*(item for item in items if not isinstance(item, Not)), *(Not(item) for item in negated))


def _group(kind: type[All] | type[Any], items: tuple[Predicate, ...]) -> Predicate:
    distinct = dict.fromkeys(_with_sorted_matchers(item) for item in items)
    if len(distinct) == 1:
        return next(iter(distinct))
    return kind(tuple(sorted(distinct, key=repr)))


def _with_sorted_matchers(node: Predicate) -> Predicate:
    match node:
        case Test(field, matchers):
            return Test(field, _sorted_matchers(matchers))
        case Not(Test() as item):
            return Not(_with_sorted_matchers(item))
        case _:
            return node


def _sorted_matchers(matchers: tuple[Matcher, ...]) -> tuple[Matcher, ...]:
    """Each matcher once; existence makes all others superfluous, a phrase without tokens is never found."""
    if Present() in matchers:
        return (Present(),)
    kept = (matcher for matcher in matchers if not (isinstance(matcher, Phrase) and not matcher.tokens))
    return tuple(sorted(dict.fromkeys(_minding_case(matcher) for matcher in kept), key=repr))


def _minding_case(matcher: Matcher) -> Matcher:
    """Without ASCII letters there is no case to ignore."""
    match matcher:
        case Equal(TextLiteral(text), True) if not _has_letters(text):
            return replace(matcher, ignore_case=False)
        case Like(parts, True) if not any(isinstance(part, Text) and _has_letters(part.value) for part in parts):
            return replace(matcher, ignore_case=False)
        case _:
            return matcher


def _has_letters(text: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in text)
