"""Events made for one source of the target: confined to what it records, completed by what it states besides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from converter.events.event import Event, Values
from converter.ir import All, Any, Detection, Equal, Field, FieldPattern, Not, Predicate, Present, Regex, Sample, Test
from converter.ir import Sequence as EventSequence
from converter.ir.regex import CharClass, Concat, Repeat
from converter.ir.walk import field_names, rewrite
from converter.passes import map_predicates
from converter.schema.constant import literal
from converter.schema.derivation.classified import Classified
from converter.schema.derivation.interface import CannotBuild
from converter.schema.derivation.retyped import TextOfNumber
from converter.schema.derivation.valuemap import ValueMap
from converter.schema.facts import excluded
from converter.schema.profile import Source
from converter.schema.project import build, project
from converter.verify.world import asked_of, fields_of, named_like, parts_of

_WHOLE_NUMBER = Concat((CharClass(((ord("1"), ord("9")),)), Repeat(CharClass(((ord("0"), ord("9")),)), 0, None)))


def confined(detection: Detection, source: Source) -> Detection:
    """The detection over events that the source can record: with its facts, with mapped values only, a pattern of names
    standing for the fields that it has."""
    facts = [Test(Field(name), (Equal(literal(value)),)) for name, values in source.facts.items() for value in values]
    mapped = [_mapped(name, source) for name in fields_of(detection)]
    limits = (*facts, *(limit for limit in mapped if limit is not None))
    return map_predicates(
        detection, lambda predicate: All((*limits, *_joint(predicate, source), _named(predicate, source)))
    )


def confined_stages(detection: EventSequence | Sample, sources: Sequence[Source]) -> EventSequence | Sample:
    """The detection with each stage confined to a source of its own; `sources` in the order of `world.parts_of`."""
    parts = [confined(part, source) for part, source in zip(parts_of(detection), sources, strict=True)]
    stages = [part.stages[0] for part in parts if isinstance(part, EventSequence)]
    if isinstance(detection, Sample):
        return replace(detection, stages=tuple(stages))
    count = len(detection.stages)
    return replace(detection, stages=tuple(stages[:count]), until=stages[count] if stages[count:] else None)


def _mapped(name: str, source: Source) -> Predicate | None:
    """The field is missing or has a value that some value of its column stands for; None if it is not mapped so."""
    match source.derivation(name):
        case ValueMap(_, table, otherwise, missing):
            values = dict.fromkeys(value for mapped in (*table.values(), otherwise, missing) for value in mapped)
            known = Test(Field(name), tuple(Equal(literal(value)) for value in values))
        case Classified(always) if always:
            return All(tuple(Test(Field(name), (Equal(literal(value)),)) for value in always))
        case TextOfNumber():
            known = Test(Field(name), (Regex(_WHOLE_NUMBER),))
        case _:
            return None
    return Any((known, Not(Test(Field(name), (Present(),)))))


def _joint(predicate: Predicate, source: Source) -> Iterator[Predicate]:
    """What fields of the predicate have together that are mapped from one column: the values of one of its values."""
    tables: dict[str, dict[str, ValueMap]] = {}
    for name in dict.fromkeys(field_names(predicate)):
        derivation = source.derivation(name)
        if isinstance(derivation, ValueMap):
            tables.setdefault(derivation.column, {})[name] = derivation
    for maps in tables.values():
        if len(maps) > 1:
            keys = dict.fromkeys(key for mapped in maps.values() for key in mapped.table)
            facts = [{name: mapped.table.get(key, mapped.otherwise) for name, mapped in maps.items()} for key in keys]
            possible = [each for each in facts if not excluded(predicate, each)]
            yield Any(tuple(_all_equal(each) for each in possible[:MOST_KEYS]))


MOST_KEYS = 20
"""So many values of a column are tried where fields are mapped from it together."""


def _all_equal(facts: Mapping[str, Values]) -> Predicate:
    return All(tuple(Test(Field(name), (Equal(literal(value)),)) for name, values in facts.items() for value in values))


def _named(predicate: Predicate, source: Source) -> Predicate:
    def change(node: Predicate) -> Predicate:
        if not isinstance(node, Test) or not isinstance(node.field, FieldPattern):
            return node
        names = [name for name in named_like(node.field, source) if source.derivation(name) is not None]
        return Any(tuple(replace(node, field=Field(name)) for name in names))

    return rewrite(predicate, change)


def completed(events: Iterable[Event], sources: Sequence[Source], detection: Detection) -> Iterator[Event]:
    """For each event and source the event with those fields of the rule that it lacks and the source's row for it
    shows: a source that has an address under two names records no event with one of them. Nothing where the event
    lacks none or the source has no row."""
    asked = [(source, asked_of(detection, source)) for source in sources]
    for event in events:
        for source, names in asked:
            whole = completed_for(event, source, names)
            if whole is not None:
                yield replace(whole, id=f"{event.id}+{source.name}")


def completed_for(event: Event, source: Source, names: Iterable[str]) -> Event | None:
    """The event with what the source's row for it shows of the named fields besides; None if there is nothing."""
    asked = tuple(names)
    row = build({name: event.fields[name] for name in asked if name in event.fields}, source)
    if isinstance(row, CannotBuild):
        return None
    seen = project(row, source)
    missing = {name: seen[name] for name in asked if name in seen and name not in event.fields}
    if not missing:
        return None
    document = {**event.document, **{name: list(values) for name, values in missing.items()}}
    return replace(event, fields={**event.fields, **missing}, document=document)
