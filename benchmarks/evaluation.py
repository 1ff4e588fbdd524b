"""All single-event Windows rules in EQL over made-up events: together, one by one, and in python-eql's engine."""

from collections.abc import Iterator, Sequence

from benchmarks import peer
from benchmarks.corpus import rules
from benchmarks.measure import Comparison, Finding, compare, in_turn, seconds, speed
from benchmarks.telemetry import documents
from converter.evaluate import evaluate, evaluate_many
from converter.events.document import event_of
from converter.events.event import Event
from converter.ir.detection import Detection, Events
from converter.schema.catalogue import default_catalogue

_ONE_BY_ONE = 10_000
_SAMPLE = 2_000


def run(count: int) -> Iterator[Finding]:
    """Rule-events per second over `count` events. Compiling the rules and ordering the events is part of our time and
    none of python-eql's."""
    queries, detections = _windows_rules()
    events = [event_of(document, position) for position, document in enumerate(documents(count))]
    yield _against_one_by_one(detections, events[:_ONE_BY_ONE])
    yield _against_python_eql(queries, detections, events)


def _windows_rules() -> tuple[list[str], list[Detection]]:
    chosen = [
        (rule.query, rule.detection)
        for rule in rules()
        if rule.language == "eql" and "OS: Windows" in rule.tags and isinstance(rule.detection, Events)
    ]
    return [query for query, _ in chosen], [detection for _, detection in chosen]


def _together(detections: Sequence[Detection], events: Sequence[Event]) -> None:
    for outcome in evaluate_many(detections, events, default_catalogue()):
        if outcome.error is not None:
            raise outcome.error


def _against_one_by_one(detections: Sequence[Detection], events: Sequence[Event]) -> Finding:
    catalogue = default_catalogue()

    def one_by_one() -> None:
        for detection in detections:
            evaluate(detection, events, catalogue)

    comparison = compare(lambda: _together(detections, events), one_by_one, runs=2)
    return speed("evaluate, all rules at once / one by one", comparison, _rates(comparison, detections, events))


def _against_python_eql(queries: Sequence[str], detections: Sequence[Detection], events: Sequence[Event]) -> Finding:
    """Both run the rules that python-eql takes and does not break down on."""
    name = "evaluate, all rules at once / python-eql's engine"
    if not peer.is_installed():
        return Finding(name, peer.ABSENT)
    with peer.running() as worker:
        usable = peer.runnable(worker, queries, events[:_SAMPLE])
        asked = [query for query, runs in zip(queries, usable, strict=True) if runs]
        chosen = [detection for detection, runs in zip(detections, usable, strict=True) if runs]
        comparison = in_turn(
            lambda: seconds(lambda: _together(chosen, events)),
            lambda: worker.time_evaluate(asked, events).seconds[0],
            runs=2,
        )
    return speed(name, comparison, _rates(comparison, chosen, events))


def _rates(comparison: Comparison, detections: Sequence[Detection], events: Sequence[Event]) -> str:
    pairs = len(detections) * len(events) / 1e6
    return (
        f"{len(detections)} rules, {len(events)} events: {pairs / min(comparison.subject):.1f} against "
        f"{pairs / min(comparison.peer):.2f} million rule-events a second"
    )
