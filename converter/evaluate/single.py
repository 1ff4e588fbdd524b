"""Event detections: every event that satisfies the predicate."""

from collections.abc import Iterable, Iterator

from converter.evaluate.match import Match
from converter.evaluate.predicate import Holds
from converter.events.event import Event


def select(holds: Holds, events: Iterable[Event]) -> Iterator[Match]:
    """Matches in event order."""
    return (Match((event.id,)) for event in events if holds(event))
