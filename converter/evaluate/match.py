"""What a detection finds, and the order of events in which it looks."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from converter.evaluate.failure import EvaluationError
from converter.events.event import Event, Scalar

KeyValue = Scalar | None


@dataclass(frozen=True, slots=True)
class Match:
    """One result. `ids` are those of the events it consists of, in order; None stands for a missing event.

    `keys` are the values that a group, a sequence or a new term is about, in the order the detection names its
    fields; `count` is the number of events of a group. Both are None where a detection has none.
    """

    ids: tuple[str | None, ...]
    keys: tuple[KeyValue, ...] | None = None
    count: int | None = None


def up_to(events: Iterable[Event], now: float | None) -> Iterator[Event]:
    """Events up to `now`, inclusive, and those without a time, in the order given."""
    return (event for event in events if now is None or event.time is None or event.time <= now)


def in_order(events: Iterable[Event], now: float | None) -> list[Event]:
    """Events up to `now`, inclusive, by time, then tiebreaker, then position (spec eql 10.1).

    Events without a tiebreaker come after those with one, events without a time after all others.
    """
    return sorted(up_to(events, now), key=place_of)


def checked_order(events: Iterable[Event], now: float | None) -> Iterator[Event]:
    """Events up to `now`, as they come. Raises EvaluationError for the first one that belongs before another."""
    latest = (-math.inf, False, -math.inf)
    for event in events:
        place = place_of(event)
        if place < latest:
            raise EvaluationError(
                "events-out-of-order",
                f"event {event.id} comes after an event that is later than it",
                expected="events in order of time, then tiebreaker",
            )
        latest = place
        if now is None or event.time is None or event.time <= now:
            yield event


def place_of(event: Event) -> tuple[float, bool, float]:
    """What events are ordered by: time, then tiebreaker; without one of them, after those that have it."""
    time = math.inf if event.time is None else event.time
    return (time, event.tiebreak is None, event.tiebreak or 0)


def moment_of(events: Sequence[Event], now: float | None) -> float | None:
    """What `now` is: as the run says, else the time of the newest event. Of no events any moment is as good: what is
    wrong with a detection shows without them."""
    if now is not None:
        return now
    return newest(events) if events else 0.0


def newest(events: Iterable[Event]) -> float | None:
    """The time of the newest event, None if none has a time."""
    return max((event.time for event in events if event.time is not None), default=None)
