"""Predicates in words, as an outline: groups are sentences with their conditions below them."""

from collections.abc import Iterator
from typing import assert_never

from converter.describe.expression import expression, field_words, without_values
from converter.describe.matcher import Claim, claims
from converter.describe.outline import Item
from converter.describe.quoting import in_words, name_of, quoted_pattern
from converter.ir.matcher import Matcher
from converter.ir.pattern import AnyRun
from converter.ir.predicate import All, Always, Any, Compute, Field, FieldPattern, Nested, Never, Not, Predicate, Test

_ALL, _ANY, _NOT_ALL, _NONE = (
    "all of these hold:",
    "at least one of these holds:",
    "at least one of these does not hold:",
    "none of these holds:",
)
_MISSING = ", or is missing"


def condition(predicate: Predicate) -> Item:
    """The predicate as one item of a list of conditions."""
    match predicate:
        case All(items) | Any(items) if len(items) == 1:
            return condition(items[0])
        case All() | Any():
            return _group(predicate, *((_ALL, Always()) if isinstance(predicate, All) else (_ANY, Never())))
        case Not(item):
            return _denied(item)
        case Test(field, matchers):
            return _test(field, matchers)
        case Compute(value):
            return Item(expression(value))
        case Nested(path, item):
            return Item(f"one and the same object under {name_of(path)} satisfies:", (condition(item),))
        case Always():
            return Item("no condition: this always holds")
        case Never():
            return Item("this never holds")
        case _:
            assert_never(predicate)


def introduced(introduction: str, predicate: Predicate, mark: str = "-") -> Item:
    """`introduction` with the predicate as its relative clause: `every event` for which all of these hold: …"""
    if isinstance(predicate, Always) or predicate == All(()):
        return Item(f"{introduction}, without any condition", mark=mark)
    inner = condition(predicate)
    if inner.below and inner.text in {_ALL, _ANY, _NONE, _NOT_ALL}:
        return Item(f"{introduction} for which {inner.text}", inner.below, mark)
    return Item(f"{introduction} for which this holds:", (inner,), mark)


def conditions(predicate: Predicate) -> tuple[Item, ...]:
    """The predicate as a list of conditions that all hold."""
    return tuple(map(condition, _members(predicate, All))) if isinstance(predicate, All) else (condition(predicate),)


def _group(group: All | Any, words: str, empty: Always | Never) -> Item:
    """Groups within groups of the same kind are one group; `empty` is what a group of nothing means."""
    members = tuple(condition(item) for item in _members(group, type(group)))
    return Item(words, members) if members else condition(empty)


def _members(item: Predicate, kind: type[All] | type[Any]) -> Iterator[Predicate]:
    if isinstance(item, kind):
        for inner in item.items:
            yield from _members(inner, kind)
    else:
        yield item


def _denied(item: Predicate) -> Item:
    """What holds exactly where the predicate does not."""
    match item:
        case All(items) | Any(items) if len(items) == 1:
            return _denied(items[0])
        case All(()) | Always():
            return condition(Never())
        case Any(()) | Never():
            return condition(Always())
        case All() | Any():
            return _group(item, *((_NOT_ALL, Never()) if isinstance(item, All) else (_NONE, Always())))
        case Not(inner):
            return condition(inner)
        case Test(field, matchers):
            return _denied_test(field, matchers)
        case Compute(value):
            fields = [name_of(name) for name in without_values(value)]
            return Item(f"not so: {expression(value)}{_or_missing(fields)}")
        case Nested(path, inner):
            return Item(f"no object under {name_of(path)} satisfies:", (condition(inner),))
        case _:
            assert_never(item)


def _or_missing(fields: list[str]) -> str:
    return f" (it also holds if {in_words(fields, 'or')} is missing)" if fields else ""


# --- tests of one field --------------------------------------------------------------------------------------------


def _test(field: Field | FieldPattern, matchers: tuple[Matcher, ...]) -> Item:
    said = claims(matchers)
    subject = field_words(field.name, field.optional) if isinstance(field, Field) else f"some {_fields(field)}"
    if not said:
        return Item(f"{subject} is one of nothing: this never holds")
    if len(said) == 1:
        return Item(f"{subject} {said[0].affirmed}")
    return Item(f"{subject} satisfies at least one of these:", _alternatives(said))


def _denied_test(field: Field | FieldPattern, matchers: tuple[Matcher, ...]) -> Item:
    said = claims(matchers)
    subject = field_words(field.name, field.optional) if isinstance(field, Field) else f"no {_fields(field)}"
    if not said:
        return Item(f"{subject} is one of nothing: this is denied, and so always holds")
    if isinstance(field, FieldPattern):
        if len(said) == 1:
            return Item(f"{subject} {said[0].affirmed}")
        return Item(f"{subject} satisfies any of these:", _alternatives(said))
    if len(said) == 1:
        return Item(f"{subject} {said[0].denied}{'' if said[0].presence else _MISSING}")
    return Item(f"{subject} satisfies none of these{_MISSING}:", _alternatives(said))


def _alternatives(said: list[Claim]) -> tuple[Item, ...]:
    return tuple(Item(f"it {claim.affirmed}") for claim in said)


def _fields(field: FieldPattern) -> str:
    return "field at all" if field.pattern == (AnyRun(),) else f"field with a name like {quoted_pattern(field.pattern)}"
