"""From a detection to its matches over events that come in order: which evaluator is in charge of which kind."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from converter.evaluate.indicator import match_indicators
from converter.evaluate.match import Match
from converter.evaluate.newterms import first_seen
from converter.evaluate.pipes import piped
from converter.evaluate.sample import find_samples
from converter.evaluate.search import Search
from converter.evaluate.sequence import find_sequences
from converter.evaluate.single import select
from converter.evaluate.threshold import find_groups
from converter.events.event import Event
from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Threshold


def find_matches(
    detection: Detection,
    events: Iterable[Event],
    search: Search,
    indicators: Iterable[Event] | None,
    max_samples_per_key: int,
) -> Iterator[Match]:
    """The matches in the order Elasticsearch returns them. Raises EvaluationError for what fails a search."""
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


def is_timeless(detection: Detection) -> bool:
    """Whether the order of time plays no part: of the events that a sample could take, the first given are taken
    (spec eql 11)."""
    return isinstance(detection, Sample)


def looks_back(detection: Detection) -> bool:
    """Whether the detection looks only at events of a time that it states relative to the run."""
    match detection:
        case NewTerms():
            return True
        case Threshold(start=start):
            return start is not None
        case _:
            return False
