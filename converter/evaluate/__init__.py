"""The reference evaluator: what a detection selects, by the specification and nothing else.

evaluate(detection, events, catalogue)      the matches of a detection over events in any order
stream(detection, events, catalogue)        the same over events that come in order, one at a time
compile_predicate(predicate, catalogue)     one predicate as a function of an event
"""

from collections.abc import Container, Iterable, Iterator
from typing import assert_never

from converter.evaluate.failure import EvaluationError
from converter.evaluate.indicator import match_indicators
from converter.evaluate.match import Match, checked_order, in_order, newest
from converter.evaluate.newterms import first_seen
from converter.evaluate.pipes import piped
from converter.evaluate.predicate import compile_predicate
from converter.evaluate.sample import find_samples
from converter.evaluate.search import Search
from converter.evaluate.sequence import find_sequences
from converter.evaluate.single import select
from converter.evaluate.threshold import find_groups
from converter.events.event import Event
from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Threshold
from converter.schema.catalogue import Catalogue

__all__ = ["EvaluationError", "Match", "compile_predicate", "evaluate", "stream"]


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
    moment = newest(known) if now is None else now
    if moment is None and (isinstance(detection, NewTerms) or (isinstance(detection, Threshold) and detection.start)):
        return []  # no event has a time, so none lies in the history or the window
    search = Search(catalogue, moment, mapped)
    return list(_matches(detection, in_order(known, moment), search, indicators, max_samples_per_key))


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
    return _matches(detection, checked_order(events, now), search, indicators, max_samples_per_key)


def _matches(
    detection: Detection,
    events: Iterable[Event],
    search: Search,
    indicators: Iterable[Event] | None,
    max_samples_per_key: int,
) -> Iterator[Match]:
    match detection:
        case Events(predicate, take):
            return piped(select(search.holds(predicate), events), take)
        case Sequence():
            return piped(find_sequences(detection, events, search), detection.take)
        case Sample():
            return find_samples(detection, events, search, max_samples_per_key)
        case Threshold():
            return find_groups(detection, events, search)
        case NewTerms():
            return first_seen(detection, events, search)
        case IndicatorMatch():
            return match_indicators(detection, events, indicators, search)
        case _:
            assert_never(detection)
