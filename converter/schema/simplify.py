"""Predicates put together with their constants taken out."""

from collections.abc import Iterable

from converter.ir.predicate import All, Always, Any, Field, Never, Not, Predicate, Test
from converter.ir.span import Span


def all_of(items: Iterable[Predicate], span: Span | None = None) -> Predicate:
    """The conjunction without what is always true; `Never` if an item is, the item itself if it is the only one."""
    kept = tuple(item for item in items if not isinstance(item, Always))
    if any(isinstance(item, Never) for item in kept):
        return Never(span)
    if not kept:
        return Always(span)
    return kept[0] if len(kept) == 1 else All(kept, span)


def any_of(items: Iterable[Predicate], span: Span | None = None) -> Predicate:
    """The disjunction without what is never true; `Always` if an item is, the item itself if it is the only one."""
    kept = tuple(item for item in items if not isinstance(item, Never))
    if any(isinstance(item, Always) for item in kept):
        return Always(span)
    if not kept:
        return Never(span)
    return kept[0] if len(kept) == 1 else Any(kept, span)


def negation(item: Predicate, span: Span | None = None) -> Predicate:
    """The complement of a constant, else a `Not`."""
    match item:
        case Always():
            return Never(span)
        case Never():
            return Always(span)
        case _:
            return Not(item, span)


def union(items: Iterable[Predicate], span: Span | None = None) -> Predicate:
    """The disjunction of images of one test: those that are tests of one field become one test."""
    by_field: dict[str, list[Test]] = {}
    others: list[Predicate] = []
    for item in items:
        if isinstance(item, Test) and isinstance(item.field, Field):
            by_field.setdefault(item.field.name, []).append(item)
        else:
            others.append(item)
    merged = [
        Test(tests[0].field, tuple(dict.fromkeys(matcher for test in tests for matcher in test.matchers)), span)
        for tests in by_field.values()
    ]
    return any_of([*merged, *others], span)


def always_if(holds: bool, span: Span | None = None) -> Predicate:
    """`Always` or `Never`."""
    return Always(span) if holds else Never(span)
