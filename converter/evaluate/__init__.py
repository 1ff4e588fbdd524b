"""The reference evaluator: what a detection selects, by the specification and nothing else.

evaluate(detection, events, catalogue)      the matches of a detection over events in any order
evaluate_many(detections, ...)              the same for many detections, faster than one by one
stream(detection, events, catalogue)        the same over events that come in order, one at a time
compile_predicate(predicate, catalogue)     one predicate as a function of an event
"""

from collections.abc import Container, Iterable, Iterator

from converter.evaluate.failure import EvaluationError
from converter.evaluate.finding import find_matches, is_timeless, looks_back
from converter.evaluate.many import Outcome, evaluate_many
from converter.evaluate.match import Match, checked_order, in_order, moment_of, up_to
from converter.evaluate.predicate import compile_predicate
from converter.evaluate.search import Search
from converter.events.event import Event
from converter.ir.detection import Detection
from converter.schema.catalogue import Catalogue

__all__ = ["EvaluationError", "Match", "Outcome", "compile_predicate", "evaluate", "evaluate_many", "stream"]


def evaluate(
    detection: Detection,
    events: Iterable[Event],
    catalogue: Catalogue,
    *,
    now: float | None = None,
    mapped: Container[str] | None = None,
    indicators: Iterable[Event] | None = None,
    max_samples_per_key: int = 1,
) -> list[Match]:
    """What the detection finds among the events up to `now`, inclusive, in the order Elasticsearch returns it.

    `now` is in milliseconds, by default the time of the newest event. `mapped` is the strict mode for optional fields
    (`compile_predicate`). `indicators` are the documents that an indicator match compares with;
    `max_samples_per_key` bounds the samples of one key. Raises EvaluationError for what fails a search in
    Elasticsearch, and for what is not evaluated (`detection-not-evaluated`).
    """
    known = list(events)
    moment = moment_of(known, now)
    if moment is None and looks_back(detection):
        return []  # no event has a time, so none lies in the history or the window
    search = Search(catalogue, moment, mapped)
    ordered = up_to(known, moment) if is_timeless(detection) else in_order(known, moment)
    return list(find_matches(detection, ordered, search, indicators, max_samples_per_key))


def stream(
    detection: Detection,
    events: Iterable[Event],
    catalogue: Catalogue,
    *,
    now: float | None = None,
    mapped: Container[str] | None = None,
    indicators: Iterable[Event] | None = None,
    max_samples_per_key: int = 1,
) -> Iterator[Match]:
    """As `evaluate`, over events that come in order (spec eql 10.1): each is read once, matches follow as found.

    Events and sequences need no memory of the stream but what is open: all other detections keep the events, or the
    terms, that they select. Without `now` dates relative to it cannot be evaluated. Raises EvaluationError
    `events-out-of-order` for an event that comes too late.
    """
    search = Search(catalogue, now, mapped)
    ordered = up_to(events, now) if is_timeless(detection) else checked_order(events, now)
    return find_matches(detection, ordered, search, indicators, max_samples_per_key)
