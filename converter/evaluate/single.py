"""Event detections: every event that satisfies the predicate, then the pipes (spec eql 10.5)."""

from collections.abc import Sequence

from converter.evaluate.match import Match
from converter.evaluate.predicate import Holds
from converter.events.event import Event
from converter.ir.detection import Take


def select(holds: Holds, events: Sequence[Event], take: Sequence[Take]) -> list[Match]:
    """Matches in event order; pipes compose from left to right."""
    return taken([Match((event.id,)) for event in events if holds(event)], take)


def taken(matches: list[Match], take: Sequence[Take]) -> list[Match]:
    """The matches that `head` and `tail` leave, still in ascending order."""
    for pipe in take:
        matches = matches[: pipe.count] if pipe.end == "head" else matches[max(len(matches) - pipe.count, 0) :]
    return matches
