"""The state machine of sequences (spec eql 10.3), fed with events in order.

Per key there is one pending sequence in every state at most: the most recent one. An event moves a pending sequence
on, or opens one, from the last stage to the first, so that no event fills two stages of one sequence.

Two shortcuts keep memory bounded by the keys that are open, and change no result. A pending sequence that a check
(`maxspan`, `until`) is bound to reject is dropped at once: whether it is replaced, or taken and then dropped, nothing
ever comes of it. And of the events before, only what the checks ask about is kept.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from converter.evaluate.failure import EvaluationError
from converter.evaluate.keys import Key
from converter.evaluate.match import Match
from converter.evaluate.search import Search
from converter.evaluate.sequence.absence import Complete, Lookback, Outlook
from converter.evaluate.sequence.stages import Part, plan
from converter.events.event import Event
from converter.ir.detection import Sequence

_SMALLEST_SWEEP = 1024
_GROWTH = 2
"""What has expired is looked for whenever this many times as much is open as after the last time."""


def find_sequences(detection: Sequence, events: Iterable[Event], search: Search) -> Iterator[Match]:
    """The sequences among events that come in order, by their last event; pipes are not applied.

    Raises EvaluationError `event-without-time` for an event of some stage that has no time.
    """
    machine = _Machine(detection, search)
    for event in events:
        yield from machine.step(event)
    yield from machine.rest()


@dataclass(slots=True)
class _Pending:
    """A sequence that is not complete: when it began, the whole millisecond of its last event, the last missing event
    before it. `rejected` ones keep their place, since the choice of events is blind to missing stages (10.4)."""

    ids: list[str]
    start: float
    last: int
    lead: int | None
    rejected: bool = False


_Track = dict[int, _Pending]
"""The pending sequences of one key, by state."""


class _Machine:
    def __init__(self, detection: Sequence, search: Search) -> None:
        self._plan = plan(detection, search)
        self._from_last = self._plan.positive[::-1]
        self._maxspan = math.inf if detection.maxspan is None else detection.maxspan
        self._tracks: dict[Key, _Track] = {}
        self._lead = Lookback(self._plan.leading)
        self._between = {state: Lookback(parts) for state, parts in self._plan.between.items()}
        self._lookbacks = (*self._between.values(), *((self._lead,) if self._plan.leading else ()))
        self._outlook = Outlook(self._plan.trailing)
        self._sweep_at = _SMALLEST_SWEEP

    def step(self, event: Event) -> Iterable[Match]:
        """Takes the next event; gives the results that are settled with it."""
        time = event.time
        if time is None:
            self._check_irrelevant(event)
            return ()
        moment = math.floor(time)
        for lookback in self._lookbacks:
            lookback.see(event, moment)
        for part in self._from_last:
            if part.holds(event):
                for key in part.keys.of(event):
                    self._advance(part, key, event, time, moment)
        if self._tracks or self._lookbacks:
            self._close(event, time)
        if not self._outlook:
            return ()
        self._outlook.see(event, moment)
        return self._outlook.settled(moment)

    def rest(self) -> Iterator[Match]:
        """The results once all events have been taken."""
        return self._outlook.rest()

    def _advance(self, part: Part, key: Key, event: Event, time: float, moment: int) -> None:
        """Moves the key's pending sequences to the states that the stage leads to."""
        track = self._tracks.get(key)
        if track is not None:
            for state in range(part.last - 1, part.first - 2, -1):
                pending = track.pop(state, None)
                if pending is not None and time - pending.start <= self._maxspan:
                    self._extend(pending, state + 1, key, event, moment)
                    self._place(pending, state + 1, key, track)
        if part.first == 0:
            opened = _Pending([event.id], time, moment, self._lead.latest_before(key, moment))
            track = self._tracks.setdefault(key, {}) if track is None else track
            self._place(opened, 0, key, track)
        if track is not None and not track:
            del self._tracks[key]

    def _extend(self, pending: _Pending, state: int, key: Key, event: Event, moment: int) -> None:
        lookback = self._between.get(state)
        if lookback is not None:
            seen = lookback.latest_before(key, moment)
            pending.rejected = pending.rejected or (seen is not None and seen > pending.last)
        pending.ids.append(event.id)
        pending.last = moment

    def _place(self, pending: _Pending, state: int, key: Key, track: _Track) -> None:
        if state < self._plan.final:
            track[state] = pending
        elif not pending.rejected and not self._too_close(pending):
            self._outlook.add(Complete(self._match(pending, key), key, pending.last, self._deadline(pending)))

    def _too_close(self, pending: _Pending) -> bool:
        """Whether a missing event before the first one rejects the sequence, where none is asked for after the last."""
        alone = bool(self._plan.leading) and not self._plan.trailing
        return alone and pending.lead is not None and pending.last - pending.lead <= self._maxspan

    def _deadline(self, pending: _Pending) -> float:
        """Up to when a missing event after the last one rejects the sequence: a span from the first event on, or from
        the missing event before it where the sequence asks for one at both ends."""
        if not self._plan.trailing or (self._plan.leading and pending.lead is None):
            return -math.inf
        return self._maxspan + (math.floor(pending.start) if pending.lead is None else pending.lead)

    def _match(self, pending: _Pending, key: Key) -> Match:
        ids = iter(pending.ids)
        items = tuple(next(ids) if present else None for present in self._plan.layout)
        return Match(items, self._plan.positive[0].keys.shown(key))

    def _close(self, event: Event, time: float) -> None:
        """Drops what the event, as an `until`, is bound to stop, and from time to time what has expired."""
        until = self._plan.until
        if until is not None and until.holds(event):
            for key in until.keys.of(event):
                self._tracks.pop(key, None)
        if self._size() > self._sweep_at:
            self._sweep(time)

    def _size(self) -> int:
        return len(self._tracks) + sum(map(len, self._lookbacks))

    def _sweep(self, time: float) -> None:
        """Drops what has expired. The cost of looking through all that is open is spread over what has been opened."""
        for key, track in list(self._tracks.items()):
            for state in [state for state, pending in track.items() if time - pending.start > self._maxspan]:
                del track[state]
            if not track:
                del self._tracks[key]
        if math.isfinite(self._maxspan):
            for lookback in self._lookbacks:
                lookback.forget(math.floor(time - self._maxspan))
        self._sweep_at = max(_SMALLEST_SWEEP, _GROWTH * self._size())

    def _check_irrelevant(self, event: Event) -> None:
        plan = self._plan
        gaps = (part for parts in plan.between.values() for part in parts)
        until = () if plan.until is None else (plan.until,)
        for part in (*plan.positive, *until, *plan.leading, *gaps, *plan.trailing):
            if part.holds(event):
                raise EvaluationError(
                    "event-without-time",
                    f"event {event.id} belongs to a stage of the sequence and has no time",
                    expected="a readable timestamp in every event of a sequence",
                )
