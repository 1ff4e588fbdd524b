"""Scenarios put together: streams of events, and what the reference evaluator finds in each."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from converter.evaluate import evaluate
from converter.evaluate.failure import EvaluationError
from converter.events.document import event_of
from converter.events.event import Event
from converter.events.generate.claim import Document
from converter.events.generate.generated import GeneratedEvent, Scenario, Stream
from converter.events.generate.layout import Lane, Place, dated, has_foreign_list, is_coherent, lanes, stated
from converter.events.generate.scenario import Draft
from converter.events.generate.touching import Touched, satisfying, touching
from converter.events.generate.value import NOW
from converter.events.generate.variation import Limits
from converter.ir.detection import Detection, Events
from converter.ir.detection import Sequence as EventSequence
from converter.schema.catalogue import Catalogue


def assembled(
    detection: Detection, drafts: Iterable[Draft], catalogue: Catalogue, limits: Limits
) -> tuple[tuple[Stream, ...], tuple[Scenario, ...]]:
    """The scenarios in as few streams as keep them apart, the first one first.

    Scenarios that make a search fail, or are too many, are left out; all are if the evaluator refuses the detection.
    """
    apart = lanes(_affordable(drafts, detection, catalogue, limits), _gap(detection), limits.streams)
    builder = _Builder(detection, catalogue)
    built = [builder.stream(lane) for lane in apart]
    scenarios = [item for number, lane in enumerate(apart) for item in builder.scenarios(number, lane, built[number])]
    return tuple(built), tuple(scenarios)


def _gap(detection: Detection) -> float:
    """Milliseconds after which an event has nothing to do with an earlier one of its key."""
    if isinstance(detection, EventSequence) and detection.maxspan is not None:
        return float(detection.maxspan + 1)
    return math.inf


def _affordable(
    drafts: Iterable[Draft], detection: Detection, catalogue: Catalogue, limits: Limits
) -> Iterator[tuple[Draft, Touched]]:
    """The scenarios that make no search fail, up to the limit of events, with what they touch."""
    touched_by = touching(detection, catalogue)
    left = limits.events
    for draft in drafts:
        if len(draft.events) > left:
            return
        if not draft.events:
            continue
        try:
            touched = touched_by(draft)
        except EvaluationError:
            continue
        left -= len(draft.events)
        yield draft, touched


class _Builder:
    """Makes events and indicators out of lanes; numbers them through."""

    def __init__(self, detection: Detection, catalogue: Catalogue) -> None:
        self._detection = (
            detection if not isinstance(detection, Events | EventSequence) else replace(detection, take=())
        )
        self._catalogue = catalogue
        self._satisfies = satisfying(detection, catalogue)
        self._events = 0
        self._indicators = 0

    def stream(self, lane: Lane) -> Stream:
        """The events of the lane in order of time, with the indicators of its scenarios."""
        events = tuple(self._event(place, lane) for place in dated(lane))
        documents = [document for draft, _ in lane.placed for document in draft.indicators]
        return Stream(events, tuple(self._indicator(document) for document in documents))

    def scenarios(self, number: int, lane: Lane, stream: Stream) -> Iterator[Scenario]:
        """What the lane's scenarios have become, with what the evaluator finds of them."""
        found = self._found(stream)
        if found is None:
            return
        ids: list[list[str]] = [[] for _ in lane.placed]
        for place, item in zip(dated(lane), stream.events, strict=True):
            ids[place.scenario].append(item.event.id)
        indicators = iter(stream.indicators)
        for own, (draft, _) in zip(ids, lane.placed, strict=True):
            listed = tuple(next(indicators).id for _ in draft.indicators)
            yield Scenario(draft.purpose, tuple(own), draft.mutation, not found.isdisjoint(own), number, listed)

    def _event(self, place: Place, lane: Lane) -> GeneratedEvent:
        identity = f"g{self._events:04d}"
        document = stated(place.planned.fields, identity, place.time, place.tiebreak)
        event = event_of(document, self._events)
        self._events += 1
        listed = has_foreign_list(place.planned.fields, self._catalogue)
        coherent = place.planned.coherent and not listed and is_coherent(document)
        purpose = lane.placed[place.scenario][0].purpose
        return GeneratedEvent(event, purpose, self._satisfies(event), coherent, place.planned.span)

    def _indicator(self, fields: Document) -> Event:
        self._indicators += 1
        return event_of({"_id": f"i{self._indicators - 1:04d}", **fields}, self._indicators - 1)

    def _found(self, stream: Stream) -> set[str] | None:
        """Ids of all events that some match consists of; None if the evaluator refuses."""
        events: Sequence[Event] = [item.event for item in stream.events]
        try:
            matches = evaluate(self._detection, events, self._catalogue, now=NOW, indicators=stream.indicators)
        except EvaluationError:
            return None
        return {id_ for match in matches for id_ in match.ids if id_ is not None}
