"""Events put in order of time as they come, with so much patience: a file is nearly sorted, or small, or refused."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from converter.errors import ConfigurationError
from converter.evaluate.match import place_of
from converter.events.event import Event


@dataclass(frozen=True, slots=True)
class Patience:
    """How many events are held at a time while their place is open, and how large they may be together (in characters,
    roughly; every value counts for some)."""

    events: int = 50_000
    size: int = 32_000_000


DEFAULT_PATIENCE = Patience()


def held(events: Iterator[Event], patience: Patience = DEFAULT_PATIENCE) -> tuple[list[Event], bool]:
    """As many events as may be held, in the order in which they come, and whether these are all."""
    taken: list[Event] = []
    size = 0
    for event in events:
        taken.append(event)
        size += _size(event)
        if len(taken) >= patience.events or size >= patience.size:
            return taken, False
    return taken, True


def in_order_of_time(events: Iterable[Event], patience: Patience = DEFAULT_PATIENCE) -> Iterator[Event]:
    """The events by time, then tiebreaker, then position, each given out once so many later ones were seen as may be
    held.

    Raises ConfigurationError `events-out-of-order` for an event that belongs before one that was given out.
    """
    coming = iter(events)
    first, _ = held(coming, patience)
    heap = [(place_of(event), number, event) for number, event in enumerate(first)]
    size = sum(map(_size, first))
    heapq.heapify(heap)
    given = None
    for number, event in enumerate(coming, len(first)):
        heapq.heappush(heap, (place_of(event), number, event))
        size += _size(event)
        while len(heap) > patience.events or (size > patience.size and heap):
            place, _, earliest = heapq.heappop(heap)
            size -= _size(earliest)
            if given is not None and place < given:
                raise _late(earliest, patience)
            given = place
            yield earliest
    for place, _, event in sorted(heap):
        if given is not None and place < given:
            raise _late(event, patience)
        yield event


def _size(event: Event) -> int:
    return 200 + sum(
        50 + (len(value) if isinstance(value, str) else 0) for value in chain.from_iterable(event.fields.values())
    )


def _late(event: Event, patience: Patience) -> ConfigurationError:
    return ConfigurationError(
        "events-out-of-order",
        f"event {event.id:.80} belongs before events that came more than {patience.events} earlier",
        expected="events in order of time, or nearly so",
        advice="sort the file",
    )
