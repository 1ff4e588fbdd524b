"""Missing-event stages (spec eql 10.4): looking back from an event, and forward from a complete sequence.

All times here are whole milliseconds, all bounds exclusive; the tiebreaker plays no part. Both ways memory is bounded:
what lies further back than `maxspan` is forgotten, and no sequence waits longer than `maxspan`.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from converter.evaluate.keys import Key
from converter.evaluate.match import Match
from converter.evaluate.sequence.stages import Part
from converter.events.event import Event


class Lookback:
    """When the events that must be missing were last seen, by key. One `Lookback` is about one or several stages that
    stand at the same place."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(parts)
        self._seen: dict[Key, tuple[int | None, int]] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def see(self, event: Event, moment: int) -> None:
        """Notes the event if it is one of those; of every key the last two distinct moments are kept."""
        for part in self._parts:
            if part.holds(event):
                for key in part.keys.of(event):
                    _, latest = self._seen.get(key, (None, None))
                    if latest is None or latest < moment:
                        self._seen[key] = (latest, moment)

    def latest_before(self, key: Key, moment: int) -> int | None:
        """The last moment before this one, which must be that of the event at hand."""
        earlier, latest = self._seen.get(key, (None, None))
        return latest if latest is not None and latest < moment else earlier

    def forget(self, before: int) -> None:
        """Drops the keys that were not seen since."""
        self._seen = {key: seen for key, seen in self._seen.items() if seen[1] >= before}


@dataclass(slots=True)
class Complete:
    """A complete sequence. An event that must be missing rejects it if it lies after `last` and not after `deadline`;
    `stands` is None as long as that is open."""

    match: Match
    key: Key = ()
    last: int = 0
    deadline: float = -math.inf
    stands: bool | None = None


class Outlook:
    """Complete sequences in result order; one that may still be rejected holds back those behind it."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(parts)
        self._waiting: deque[Complete] = deque()
        self._open: dict[Key, deque[Complete]] = {}

    def __bool__(self) -> bool:
        """Whether any result waits."""
        return bool(self._waiting)

    def add(self, complete: Complete) -> None:
        """Takes a sequence; they come in the order of their last events."""
        self._waiting.append(complete)
        if complete.deadline <= complete.last:
            complete.stands = True
        else:
            self._open.setdefault(complete.key, deque()).append(complete)

    def see(self, event: Event, moment: int) -> None:
        """Decides those for which the event is the first that must be missing after their end."""
        for part in self._parts:
            if self._open and part.holds(event):
                for key in part.keys.of(event):
                    while key in self._open and self._open[key][0].last < moment:
                        self._close(key, moment)

    def settled(self, moment: float) -> Iterator[Match]:
        """The results that no event from this moment on can change."""
        while self._waiting:
            head = self._waiting[0]
            if head.stands is None:
                if moment <= head.deadline:
                    return
                self._close(head.key, moment)
            self._waiting.popleft()
            if head.stands:
                yield head.match

    def rest(self) -> Iterator[Match]:
        """The results once no event comes any more."""
        return self.settled(math.inf)

    def _close(self, key: Key, moment: float) -> None:
        """Decides the oldest open sequence of the key by the next event that must be missing, or none up to then."""
        waiting = self._open[key]
        oldest = waiting.popleft()
        oldest.stands = moment > oldest.deadline
        if not waiting:
            del self._open[key]
