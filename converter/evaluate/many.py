"""Many detections over the same events: every event goes only to the detections that may look at it.

An event that satisfies none of a detection's predicates changes nothing in what it finds: events are selected, grouped
and joined because they satisfy one. So it is enough to show a detection those, in order, and their neighbours that the
requirements of the predicates do not tell apart from them.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from converter.errors import ConverterError
from converter.evaluate.dispatch import Dispatch
from converter.evaluate.finding import find_matches, is_timeless, looks_back
from converter.evaluate.match import Match, moment_of, place_of, up_to
from converter.evaluate.requirement import requirements
from converter.evaluate.scope import in_scope
from converter.evaluate.search import Search
from converter.events.event import Event
from converter.ir.detection import Detection, Sample, Stage
from converter.ir.detection import Sequence as SequenceOf
from converter.ir.predicate import Any, Predicate
from converter.rule import Scope
from converter.schema.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one of many detections found, or what stopped it: the others are not affected."""

    matches: tuple[Match, ...] = ()
    error: ConverterError | None = None


def evaluate_many(
    detections: Sequence[Detection],
    events: Iterable[Event],
    catalogue: Catalogue,
    *,
    now: float | None = None,
    mapped: Container[str] | None = None,
    indicators: Iterable[Event] | None = None,
    max_samples_per_key: int = 1,
    scopes: Sequence[Scope] | None = None,
) -> Iterator[Outcome]:
    """For each detection, in the order given, what `evaluate` returns or raises for it alone over these events.

    The parameters are those of `evaluate`; `now` is by default the time of the newest of all the events. `scopes`
    says for each detection where it looks (a rule's index patterns); events outside it are not shown to it. Events may
    come in any order and are read once.
    """
    known = list(events)
    moment = moment_of(known, now)
    listed = None if indicators is None else list(indicators)
    search = Search(catalogue, moment, mapped)
    places = [None] * len(detections) if scopes is None else scopes
    shown = _distributed(detections, up_to(known, moment), catalogue)
    for detection, relevant, scope in zip(detections, shown, places, strict=True):
        if moment is None and looks_back(detection):
            yield Outcome()  # as in `evaluate`
            continue
        inside = relevant if scope is None else (event for event in relevant if in_scope(event, scope))
        try:
            yield Outcome(tuple(find_matches(detection, inside, search, listed, max_samples_per_key)))
        except ConverterError as error:
            yield Outcome(error=error)


def _distributed(
    detections: Sequence[Detection], events: Iterable[Event], catalogue: Catalogue
) -> Sequence[Sequence[Event]]:
    """For each detection the events that may satisfy one of its predicates, in the order in which it looks at them."""
    candidates = Dispatch(requirements(_relevant(detection), catalogue) for detection in detections).candidates
    shown: list[list[Event]] = [[] for _ in detections]
    for event in events:
        for number in candidates(event):
            shown[number].append(event)
    for detection, chosen in zip(detections, shown, strict=True):
        if not is_timeless(detection):
            chosen.sort(key=place_of)
    return shown


def _relevant(detection: Detection) -> Predicate:
    """What is true of every event that the detection looks at."""
    match detection:
        case SequenceOf(stages, _, until):
            return _some(stages if until is None else (*stages, until))
        case Sample(stages):
            return _some(stages)
        case _:
            return detection.predicate


def _some(stages: Sequence[Stage]) -> Predicate:
    return Any(tuple(stage.predicate for stage in stages))
