"""The events of a verification run: source events, and the target events that are built from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from converter.backend import TargetEvent, Translation
from converter.events.event import Event, Values
from converter.ir import Detection, Equal, Field, FieldPattern, Sample, Sequence, Test, TextLiteral
from converter.ir.walk import field_names, leaves
from converter.losses import Assumption
from converter.passes.detection import event_predicates
from converter.schema.keying import read_besides
from converter.schema.names import matches_name
from converter.schema.port import SOURCE_FIELD
from converter.schema.profile import Profile, Source
from converter.schema.project import project
from converter.verify.recording import record

NEIGHBOURS = 20
"""Rows per neighbouring selection: enough to show that the text tells the sources apart."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A source event, the target event made of it, and what the effective rule sees of that.

    `outside`: fields whose derivation rests on a circumstance that does not hold for this event.
    """

    source: Event
    target: TargetEvent
    merged: Event
    outside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class World:
    """`built` pairs every source event that could be built with its target events; `neighbours` belong to no source."""

    built: tuple[Pair, ...]
    not_built: tuple[Event, ...]
    neighbours: tuple[TargetEvent, ...]
    set_aside: tuple[Pair, ...]

    @property
    def targets(self) -> list[TargetEvent]:
        return [pair.target for pair in self.built] + list(self.neighbours)

    @property
    def merged(self) -> list[Event]:
        """What the effective rule is evaluated on: target events together with their projections."""
        bare = [
            Event(event.id, event.fields, event.document, event.time, tiebreak=event.tiebreak)
            for event in self.neighbours
        ]
        return [pair.merged for pair in self.built] + bare


def make_world(translation: Translation, source: Detection, events: Iterable[Event]) -> World:
    """Builds target events for every source the output reads; rows outside the output's assumptions are set aside.

    What a source records of an event: `recording.record`.
    """
    profile = translation.profile
    sources = used_sources(translation)
    asked = [(one, asked_in(source, translation, one)) for one in sources]
    built: list[Pair] = []
    set_aside: list[Pair] = []
    not_built: list[Event] = []
    for event in events:
        pairs = [_identity(event)] if profile.identity else [*_pairs(event, asked)]
        if not pairs:
            not_built.append(event)
        for pair in pairs:
            inside = _inside(pair, translation.assumptions)
            (built if inside else set_aside).append(pair)
    return World(tuple(built), tuple(not_built), tuple(_neighbours(built, sources)), tuple(set_aside))


def used_sources(translation: Translation) -> list[Source]:
    """The sources of the profile that the output reads, in the profile's order."""
    used = {use.name for use in translation.sources}
    return [source for source in translation.profile.sources if source.name in used]


def _identity(event: Event) -> Pair:
    target = TargetEvent(event.id, event.fields, None, event.time or 0, event.document, event.tiebreak)
    return Pair(event, target, event)


def _pairs(event: Event, sources: Iterable[tuple[Source, list[str]]]) -> Iterable[Pair]:
    for source, asked in sources:
        row = record(event.fields, source, asked)
        if row is not None:
            target = TargetEvent(
                f"{event.id}@{source.name}", row.columns, source.name, event.time or 0, tiebreak=event.tiebreak
            )
            yield Pair(event, target, merge(target, source), row.outside)


def parts_of(detection: Detection) -> tuple[Detection, ...]:
    """The stages of a sequence or sample, each as a sequence of its own, the one that ends it last; else the detection
    itself."""
    if not isinstance(detection, Sequence | Sample):
        return (detection,)
    closing = detection.until if isinstance(detection, Sequence) else None
    stages = detection.stages if closing is None else (*detection.stages, closing)
    return tuple(Sequence((stage,)) for stage in stages)


def sources_of_parts(translation: Translation) -> list[list[Source]]:
    """For each part of the effective rule, the sources whose events it looks at."""
    if translation.effective is None:
        return []
    known = {source.name: source for source in translation.profile.sources}
    return [[known[name] for name in _bound_to(part) if name in known] for part in parts_of(translation.effective)]


def _bound_to(part: Detection) -> list[str]:
    """Names of the sources that the part's predicates are bound to."""
    return [
        matcher.value.value
        for predicate in event_predicates(part)
        for leaf in leaves(predicate)
        if isinstance(leaf, Test) and leaf.field == Field(SOURCE_FIELD)
        for matcher in leaf.matchers
        if isinstance(matcher, Equal) and isinstance(matcher.value, TextLiteral)
    ]


def asked_in(detection: Detection, translation: Translation, source: Source) -> list[str]:
    """The fields that the detection reads in events of the source: those of the stages that look there."""
    parts, read = parts_of(detection), sources_of_parts(translation)
    if len(parts) != len(read):
        return asked_of(detection, source)
    looking = [part for part, sources in zip(parts, read, strict=True) if source in sources]
    return list(dict.fromkeys(name for part in looking for name in asked_of(part, source)))


def fields_of(detection: Detection) -> list[str]:
    """The fields a detection reads, each once."""
    tested = (name for predicate in event_predicates(detection) for name in field_names(predicate))
    return list(dict.fromkeys([*tested, *(field.name for field in read_besides(detection))]))


def asked_of(detection: Detection, source: Source) -> list[str]:
    """The fields a detection reads in a source: those it names, and the source's own that its patterns name."""
    found = dict.fromkeys(fields_of(detection))
    for predicate in event_predicates(detection):
        for leaf in leaves(predicate):
            if isinstance(leaf, Test) and isinstance(leaf.field, FieldPattern):
                found |= dict.fromkeys(named_like(leaf.field, source))
    return list(found)


def named_like(names: FieldPattern, source: Source) -> list[str]:
    """The fields of the source that a pattern of names stands for, its facts included."""
    return [name for name in (*source.fields, *source.facts) if matches_name(names.pattern, name)]


def merge(target: TargetEvent, source: Source) -> Event:
    """A target event together with its projection to ECS and the name of its source."""
    fields: dict[str, Values] = {**target.fields, **project(target.fields, source), SOURCE_FIELD: (source.name,)}
    return Event(target.id, fields, {}, target.time, tiebreak=target.tiebreak)


def source_of(profile: Profile, name: str | None) -> Source | None:
    return next((source for source in profile.sources if source.name == name), None)


def _inside(pair: Pair, assumptions: tuple[Assumption, ...]) -> bool:
    return all(
        assumption.allows(values)
        for assumption in assumptions
        if assumption.allows is not None and assumption.field is not None
        for values in _values(pair, assumption.field)
    )


def _values(pair: Pair, field: str) -> list[Values]:
    """The field's values on either side, none if neither has it; the same name can stand in both schemas."""
    places: tuple[Mapping[str, Values], ...] = (pair.source.fields, pair.target.fields)
    return [place[field] for place in places if field in place] or [()]


def _neighbours(built: list[Pair], sources: list[Source]) -> Iterable[TargetEvent]:
    """Rows of the same table or stream with another id, channel or platform: the text must not select them.

    What is next to one source may be another source of the same output; such rows are no neighbours.
    """
    for source in sources:
        rows = [pair.target for pair in built if pair.target.source == source.name][:NEIGHBOURS]
        for number, other in enumerate(source.neighbours):
            for row in rows:
                fields = {**row.fields, **other}
                if not any(_selected(fields, each) for each in sources):
                    yield TargetEvent(f"{row.id}~{number}", fields, None, row.time, tiebreak=row.tiebreak)


def _selected(fields: Mapping[str, Values], source: Source) -> bool:
    return all(set(fields.get(column, ())) & set(values) for column, values in source.select.items())
