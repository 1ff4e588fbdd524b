"""Near misses: documents that differ from a satisfying one in a single respect of a single leaf."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from converter.events.event import Scalar
from converter.events.generate.candidate import computed_values
from converter.events.generate.claim import Claim, Document, Judge, claim_of
from converter.events.generate.coherence import having, having_arguments
from converter.events.generate.fragment import unit_of
from converter.events.generate.tree import Target, numbered, targets
from converter.events.generate.value import accepted, beside, plain
from converter.ir.predicate import Compute, Field, Nested, Test
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.relation import CommandLine, PathParts


@dataclass(frozen=True, slots=True)
class Variation:
    """A document and in what it differs. Not `coherent`: related fields disagree, or an assumption about the field (one
    value, lower case) does not hold."""

    purpose: str
    fields: Document
    coherent: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """How many events are made: leaves that are aimed at, matchers of one list that get a branch of their own, matchers
    that get the closest near misses, matchers that get all of them, and events in all.

    For detections over several events: events of runs around a single stage's documents, and streams.
    """

    leaves: int = 500
    matchers: int = 24
    close: int = 100
    near: int = 4
    events: int = 4000
    varied: int = 1000
    streams: int = 32


_CLOSEST = 5
"""So many values beside every matcher are tried: other case, letters for marks, one character more."""


def chosen(count: int, limit: int, random: Random) -> list[int]:
    """Positions in a list: all of a short one, else the first, the last and a sample, in order."""
    if count <= limit:
        return list(range(count))
    return sorted({0, count - 1, *random.sample(range(count), max(limit - 2, 0))})


def variations(
    target: Target, fields: Document, catalogue: Catalogue, limits: Limits, random: Random
) -> Iterator[Variation]:
    """Documents around `fields`, in which the predicate holds and the target has the truth value that serves it."""
    match target.leaf:
        case Test(Field(name)) as leaf:
            yield from _of_test(leaf, catalogue[name], fields, catalogue, limits, random)
        case Nested() as leaf:
            yield from _of_nested(leaf, fields, catalogue)
        case Compute() as leaf:
            yield from _of_computed(claim_of(target.place, True, leaf, catalogue), fields)
        case _:
            pass


def with_value(fields: Document, name: str, value: object) -> Document:
    """The document with another value of a field; what is related to the field follows if the value is a single one."""
    unit = unit_of(name)
    if isinstance(unit, str):
        return {**fields, name: value}
    rest = {other: kept for other, kept in fields.items() if other not in unit.fields}
    if isinstance(unit, CommandLine) and name == unit.args and isinstance(value, list):
        return {**rest, **having_arguments(unit, [str(element) for element in value])}
    if isinstance(value, str | int | float):
        return {**rest, **having(unit, fields, name, value)}
    return {**fields, name: value}


def without(fields: Document, name: str) -> Document:
    """The document without a field and without what is related to it."""
    unit = unit_of(name)
    gone = (unit,) if isinstance(unit, str) else unit.fields
    return {other: kept for other, kept in fields.items() if other not in gone}


def _of_test(
    leaf: Test, info: FieldInfo, fields: Document, catalogue: Catalogue, limits: Limits, random: Random
) -> Iterator[Variation]:
    name = info.parent or info.name
    stated = catalogue[name]
    yield Variation("value missing", without(fields, name))
    if name in fields and without(fields, name) != {key: value for key, value in fields.items() if key != name}:
        yield Variation(
            "value missing beside its relatives", {key: fields[key] for key in fields if key != name}, coherent=False
        )
    yield Variation("null", {**without(fields, name), name: None})
    yield Variation("empty list", {**without(fields, name), name: []})
    judge = Judge(catalogue)
    whole = claim_of(0, True, leaf, catalogue)
    thorough = chosen(len(leaf.matchers), limits.near, random)
    for at in sorted({*chosen(len(leaf.matchers), limits.close, random), *thorough}):
        matcher = leaf.matchers[at]
        claim = claim_of(0, True, leaf, catalogue, aim=at)
        values = [value for value in accepted(matcher, info) if judge.kept([claim], {name: value})]
        for value in values[:2]:
            yield Variation(f"value {value!r:.60}", _put(fields, name, value, whole, judge))
        for value in values[:1]:
            yield from _bare(fields, name, value)
        around = beside(matcher, info)
        for purpose, value in around if at in thorough else around[:_CLOSEST]:
            lower = not info.normalised or value == str(value).lower()
            yield Variation(f"{purpose}: {value!r:.60}", _put(fields, name, value, whole, judge), coherent=lower)
        if values and (at in thorough or stated.array):
            yield from _lists(fields, stated, values[0])


def _bare(fields: Document, name: str, value: Scalar) -> Iterator[Variation]:
    """A path that is a name and nothing else, as some sensors write it."""
    unit = unit_of(name)
    if isinstance(unit, PathParts) and name != unit.path and isinstance(value, str):
        yield Variation(f"bare name {value!r:.60}", {**without(fields, name), **having(unit, {}, unit.path, value)})


def _lists(fields: Document, info: FieldInfo, value: Scalar) -> Iterator[Variation]:
    """Lists with the value among others and lists without it; producers write them for some fields only."""
    first, *others = [str(other) if isinstance(value, str) else other for other in plain(info)]
    other = others[0] if others else first
    lists: tuple[tuple[str, list[object]], ...] = (
        ("list with the value first", [value, first]),
        ("list with the value last", [first, value]),
        ("list with the value in the middle", [first, value, other]),
        ("list with the value alone", [value]),
        ("list with the value twice", [value, value]),
        ("list without the value", [first, other]),
        ("list with the value and null", [None, value]),
    )
    for purpose, listed in lists:
        yield Variation(purpose, {**fields, **_listed(fields, info.name, listed)}, coherent=info.array)


def _listed(fields: Document, name: str, listed: list[object]) -> Document:
    return {name: listed} if None in listed else with_value(fields, name, listed)


def _put(fields: Document, name: str, value: Scalar, claim: Claim, judge: Judge) -> Document:
    """The value in place of the one that the claim is about; in a list only that element is replaced."""
    present = fields.get(name)
    if not isinstance(present, list):
        return with_value(fields, name, value)
    spared = [element for element in present if not judge.kept([claim], {name: element})]
    return with_value(fields, name, [*spared, value])


def _of_computed(claim: Claim, fields: Document) -> Iterator[Variation]:
    for name in claim.fields:
        yield Variation(f"{name} missing", without(fields, name))
        for value in computed_values([claim], name)[:24]:
            yield Variation(f"{name} {value!r:.60}", with_value(fields, name, value))
        present = fields.get(name)
        if isinstance(present, str):
            yield Variation(f"{name} in other case", with_value(fields, name, present.swapcase()))
            yield Variation(f"{name} as a list", {**fields, name: [present, "sample"]}, coherent=False)
            yield Variation(f"{name} as a list", {**fields, name: ["sample", present]}, coherent=False)


def _of_nested(leaf: Nested, fields: Document, catalogue: Catalogue) -> Iterator[Variation]:
    """Objects that lack a field, hold another value, or share the wanted values between them."""
    present = fields.get(leaf.path)
    objects = [item for item in present if isinstance(item, dict)] if isinstance(present, list) else []
    yield Variation("objects missing", {name: value for name, value in fields.items() if name != leaf.path})
    yield Variation("no objects", {**fields, leaf.path: []})
    for item in objects[:1]:
        apart: list[Document] = [{name: value} for name, value in item.items()]
        yield Variation("values in different objects", {**fields, leaf.path: apart})
        yield Variation("another object beside", {**fields, leaf.path: [{"other": "sample"}, item]})
        for name in item:
            rest = {other: value for other, value in item.items() if other != name}
            yield Variation(f"object without {name}", {**fields, leaf.path: [rest]})
        for inner in targets(numbered(leaf.item)):
            if isinstance(inner.leaf, Test) and isinstance(inner.leaf.field, Field):
                info = catalogue[inner.leaf.field.name]
                name = (info.parent or info.name).removeprefix(f"{leaf.path}.")
                for purpose, value in beside(inner.leaf.matchers[0], info)[:8]:
                    yield Variation(f"{purpose}: {value!r:.60}", {**fields, leaf.path: [{**item, name: value}]})
