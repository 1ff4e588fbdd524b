"""What a scenario touches: the keys under which its events take part. Scenarios that touch nothing in common cannot
disturb each other."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from converter.evaluate.keys import Keys
from converter.evaluate.predicate import Holds
from converter.evaluate.search import Search
from converter.events.document import event_of
from converter.events.event import Event
from converter.events.generate.claim import Document
from converter.events.generate.scenario import Draft
from converter.events.generate.value import NOW
from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Stage, Threshold
from converter.ir.predicate import Field, Predicate
from converter.schema.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Touched:
    """What a scenario leaves behind for others to meet (`marks`), and what of others it would meet (`asks`)."""

    marks: frozenset[Hashable]
    asks: frozenset[Hashable]


Touch = Callable[[Draft], Touched]


def touching(detection: Detection, catalogue: Catalogue) -> Touch:
    """Says of a scenario what it touches. The function raises EvaluationError where an event makes the search fail."""
    if isinstance(detection, IndicatorMatch):
        return _of_indicators(detection, catalogue)
    search = Search(catalogue, NOW)
    parts = [(search.holds(predicate), search.keys(keys)) for predicate, keys in _parts(detection)]

    def touch(draft: Draft) -> Touched:
        keys = frozenset(_touched(draft, parts))
        return Touched(keys, keys)

    return touch


def satisfying(detection: Detection, catalogue: Catalogue) -> Callable[[Event], bool]:
    """Whether the predicate of the detection, or of some stage of it, holds for an event."""
    search = Search(catalogue, NOW)
    parts = [search.holds(predicate) for predicate, _ in _parts(detection)]
    return lambda event: any(holds(event) for holds in parts)


def _parts(detection: Detection) -> list[tuple[Predicate, tuple[Field, ...]]]:
    match detection:
        case Sequence(stages, _, until):
            return [_part(stage) for stage in (*stages, *((until,) if until else ()))]
        case Sample(stages):
            return [_part(stage) for stage in stages]
        case Threshold(predicate, keys):
            return [(predicate, keys)]
        case NewTerms(predicate, fields):
            return [(predicate, fields)]
        case Events(predicate) | IndicatorMatch(predicate):
            return [(predicate, ())]


def _part(stage: Stage) -> tuple[Predicate, tuple[Field, ...]]:
    return stage.predicate, stage.keys


def _touched(draft: Draft, parts: Iterable[tuple[Holds, Keys]]) -> Iterator[Hashable]:
    for document in dict.fromkeys(map(_Once, (planned.fields for planned in draft.events))):
        event = event_of(document.fields, 0)
        for holds, keys in parts:
            if holds(event):
                yield from keys.of(event)


class _Once:
    """A document that is looked at once, however many events of a scenario are made of it."""

    def __init__(self, fields: Document) -> None:
        self.fields = fields

    def __hash__(self) -> int:
        return id(self.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and self.fields is other.fields


def _of_indicators(detection: IndicatorMatch, catalogue: Catalogue) -> Touch:
    """Events meet the indicators that have one of their values in some field of the mapping; all of them where a group
    of entries is negated throughout."""
    search = Search(catalogue, NOW)
    selects, lists = search.holds(detection.predicate), search.holds(detection.indicators)
    entries = [entry for group in detection.mapping for entry in group]
    ours = {catalogue[entry.field.name].parent or entry.field.name for entry in entries}
    theirs = {entry.indicator.name for entry in entries}

    unbound = any(all(entry.negate for entry in group) for group in detection.mapping)
    everything = frozenset({"*"} if unbound else ())

    def touch(draft: Draft) -> Touched:
        events = [event_of(planned.fields, 0) for planned in draft.events]
        indicators = [event_of(document, 0) for document in draft.indicators]
        for holds, documents in ((selects, events), (lists, indicators)):
            for document in documents:
                holds(document)
        values = {value for event in events for value in _values(event, ours)}
        listed = {value for indicator in indicators for value in _values(indicator, theirs)}
        marks = {*(("event", value) for value in values), *(("indicator", value) for value in listed)}
        asks = {*(("indicator", value) for value in values), *(("event", value) for value in listed)}
        return Touched(everything | marks, everything | asks)

    return touch


def _values(event: Event, names: Iterable[str]) -> Iterator[Hashable]:
    for name in names:
        for value in event.fields.get(name, ()):
            yield value.lower() if isinstance(value, str) else value
