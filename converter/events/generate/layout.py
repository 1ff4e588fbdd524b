"""Scenarios placed in streams: side by side where their keys keep them apart, one after the other where time does, in
streams of their own where nothing does."""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from converter.events.clock import iso
from converter.events.document import TIEBREAK_FIELD, TIME_FIELD
from converter.events.generate.claim import Document
from converter.events.generate.coherence import agrees
from converter.events.generate.scenario import Draft, Planned
from converter.events.generate.touching import Touched
from converter.events.generate.value import NOW
from converter.schema.catalogue import Catalogue
from converter.schema.relation import relations

STEP = 100.0
"""Milliseconds between events, or scenarios: thousands of them lie inside the few minutes that a rule looks back."""

_DAY = 86_400_000.0
_ROOM = 8
"""So many scenarios find room one after the other in a stream, even if each takes longer than a day."""

_RELATIONS = tuple(dict.fromkeys(relations().values()))


@dataclass(slots=True)
class Lane:
    """A stream that is being filled: its scenarios with their starts, and from when on each key is free again."""

    placed: list[tuple[Draft, float]] = field(default_factory=list)
    free: dict[Hashable, float] = field(default_factory=dict)

    def start(self, draft: Draft, touched: Touched) -> float:
        """The earliest start at which the scenario and those placed before do not disturb each other; infinite if
        there is none."""
        earliest = max((self.free.get(key, -math.inf) for key in touched.asks), default=-math.inf)
        if draft.anchored:
            return 0.0 if earliest == -math.inf else math.inf
        return max(STEP * len(self.placed), earliest - _first(draft))

    def place(self, draft: Draft, touched: Touched, start: float, gap: float) -> None:
        """Puts the scenario there; its keys are free again a gap after its end."""
        self.placed.append((draft, start))
        until = math.inf if draft.anchored else start + _last(draft) + gap
        for key in touched.marks:
            self.free[key] = max(until, self.free.get(key, -math.inf))


def lanes(drafts: Iterable[tuple[Draft, Touched]], gap: float, most: int) -> list[Lane]:
    """The scenarios in as few streams as keep them apart, at most so many; what finds no place is left out.

    `gap`: milliseconds after which an event no longer has to do with an earlier one of its key; infinite if never.
    """
    found: list[Lane] = []
    for draft, touched in drafts:
        for lane in found:
            start = lane.start(draft, touched)
            if start <= _latest_start(draft, gap):
                lane.place(draft, touched, start, gap)
                break
        else:
            if len(found) < most:
                found.append(Lane())
                found[-1].place(draft, touched, found[-1].start(draft, touched), gap)
    return found


def _latest_start(draft: Draft, gap: float) -> float:
    """The start beyond which a stream would become longer than it should."""
    length = 0.0 if draft.anchored else _last(draft) - _first(draft)
    return max(_DAY, _ROOM * (gap + length)) - length if math.isfinite(gap) else _DAY


def _first(draft: Draft) -> float:
    return min((item.at for item in draft.events), default=0.0)


def _last(draft: Draft) -> float:
    return max((item.at for item in draft.events), default=0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """An event to be, at its moment: the number of its scenario in the lane, and its tiebreaker."""

    planned: Planned
    scenario: int
    time: float
    tiebreak: int | None


def dated(lane: Lane) -> list[Place]:
    """The events of a stream in order of time, the last one just before the present unless they are anchored."""
    moved = [start + _last(draft) for draft, start in lane.placed if not draft.anchored]
    shift = NOW - STEP - max(moved, default=0.0)
    places: list[Place] = []
    taken = 0
    for number, (draft, start) in enumerate(lane.placed):
        base = 0.0 if draft.anchored else shift + start
        orders = sorted({item.order for item in draft.events if item.order is not None})
        ranks = {order: rank for rank, order in enumerate(orders, taken)}
        for item in draft.events:
            tiebreak = None if item.order is None else ranks[item.order]
            places.append(Place(item, number, base + item.at, tiebreak))
        taken += len(ranks)
    return sorted(places, key=lambda place: (place.time, place.tiebreak is None, place.tiebreak or 0))


def stated(fields: Document, identity: str, time: float, tiebreak: int | None) -> Document:
    """The document of an event; a time or a tiebreaker that it states itself stays."""
    document: Document = {"_id": identity, TIME_FIELD: iso(time)}
    if tiebreak is not None and TIEBREAK_FIELD not in fields:
        document[TIEBREAK_FIELD] = tiebreak
    return document | fields


def is_coherent(document: Document) -> bool:
    """All related fields of the document say the same thing."""
    return all(agrees(relation, document) for relation in _RELATIONS)


def has_foreign_list(fields: Document, catalogue: Catalogue) -> bool:
    """Some field for which producers write one value holds a list of several."""
    lists = [name for name, value in fields.items() if isinstance(value, list) and len(value) > 1]
    return any(catalogue[name].known and not catalogue[name].array for name in lists)
