"""Sequences against their stages: what joining costs on top of looking for the events that are joined."""

from collections.abc import Iterator, Sequence

from benchmarks.corpus import rules
from benchmarks.measure import Finding, compare, cost
from benchmarks.telemetry import documents
from converter.evaluate import stream
from converter.events.document import event_of
from converter.events.event import Event
from converter.ir.detection import Events
from converter.ir.detection import Sequence as SequenceOf
from converter.schema.catalogue import default_catalogue

_EVENTS = 5_000


def run() -> Iterator[Finding]:
    """All sequence rules over one stream, relative to their stages as event rules over the same stream."""
    chosen = [rule.detection for rule in rules() if isinstance(rule.detection, SequenceOf)]
    events = [event_of(document, position) for position, document in enumerate(documents(_EVENTS))]
    catalogue = default_catalogue()

    def ours() -> None:
        for detection in chosen:
            _exhaust(detection, events)

    def peer() -> None:
        for detection in chosen:
            for stage in _stages(detection):
                _exhaust(stage, events)

    def _exhaust(detection: SequenceOf | Events, given: Sequence[Event]) -> None:
        for _ in stream(detection, given, catalogue, now=events[-1].time):
            pass

    name = f"{len(chosen)} sequences / their stages as rules of their own"
    yield cost(name, compare(ours, peer, runs=3))


def _stages(detection: SequenceOf) -> Iterator[Events]:
    for stage in detection.stages if detection.until is None else (*detection.stages, detection.until):
        yield Events(stage.predicate)
