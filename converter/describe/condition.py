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
        case All() | Any():
            match _members(predicate):
                case []:
                    return condition(Always() if isinstance(predicate, All) else Never())
                case [only]:
                    return condition(only)
                case members:
                    return _group(_ALL if isinstance(predicate, All) else _ANY, members)
        case Not(item):
            return _denied(item)
        case Test(field, matchers):
            return _test(field, matchers)
        case Compute(value):
            return Item(expression(value))
        case Nested(path, item):
            return introduced(f"there is an object under {name_of(path)}", item)
        case Always():
            return Item("no condition: this always holds")
        case Never():
            return Item("this never holds")
        case _:
            assert_never(predicate)


def introduced(introduction: str, predicate: Predicate, mark: str = "-", relative: str = "for which") -> Item:
    """`introduction` with the predicate as its relative clause: `every event` for which all of these hold: …"""
    inner = condition(predicate)
    if inner == condition(Always()):
        return Item(f"{introduction.removesuffix(',')}, without any condition", mark=mark)
    if inner.below and inner.text in {_ALL, _ANY, _NONE, _NOT_ALL}:
        return Item(f"{introduction} {relative} {inner.text}", inner.below, mark)
    return Item(f"{introduction} {relative} this holds:", (inner,), mark)


def _group(words: str, members: list[Predicate]) -> Item:
    return Item(words, tuple(map(condition, members)))


def _members(group: All | Any) -> list[Predicate]:
    """Groups within groups of the same kind are one group; what always holds is nothing beside others that have to,
    nor is what never holds among alternatives."""
    neutral = Always if isinstance(group, All) else Never
    return [item for item in _flat(group, type(group)) if not isinstance(item, neutral)]


def _flat(item: Predicate, kind: type[All] | type[Any]) -> Iterator[Predicate]:
    if isinstance(item, kind):
        for inner in item.items:
            yield from _flat(inner, kind)
    else:
        yield item


def _denied(item: Predicate) -> Item:
    """What holds exactly where the predicate does not."""
    match item:
        case All() | Any():
            match _members(item):
                case []:
                    return condition(Never() if isinstance(item, All) else Always())
                case [only]:
                    return _denied(only)
                case members:
                    return _group(_NOT_ALL if isinstance(item, All) else _NONE, members)
        case Always():
            return condition(Never())
        case Never():
            return condition(Always())
        case Not(inner):
            return condition(inner)
        case Test(field, matchers):
            return _denied_test(field, matchers)
        case Compute(value):
            fields = [name_of(name) for name in without_values(value)]
            return Item(f"it is not so that {expression(value)}{_or_missing(fields)}")
        case Nested(path, inner):
            return introduced(f"there is no object under {name_of(path)}", inner)
        case _:
            assert_never(item)


def _or_missing(fields: list[str]) -> str:
    return f", or {in_words(fields, 'or')} is missing" if fields else ""


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
    if field.pattern == (AnyRun(),):
        return "field, whatever its name,"
    return f"field with a name like {quoted_pattern(field.pattern)}"
