"""Thresholds: groups of events that are large and varied enough (spec elastic-rules 2.4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from converter.evaluate.instant import instant
from converter.evaluate.keys import Key
from converter.evaluate.match import Match
from converter.evaluate.refusal import check_no_window
from converter.evaluate.search import Search
from converter.events.event import Event
from converter.ir.detection import Threshold
from converter.ir.predicate import Field

UNGROUPED_CEILING = 10_000
"""Without group fields Elasticsearch stops counting here: a higher threshold is never reached."""


@dataclass(slots=True)
class _Group:
    ids: list[str] = field(default_factory=list)
    distinct: set[Key] = field(default_factory=set)


def find_groups(detection: Threshold, events: Iterable[Event], search: Search) -> Iterator[Match]:
    """One match per group that reaches the threshold, with its events, in ascending order of the groups' values.

    Events before the detection's start, or without a time where it states one, are not counted.

    An event is in one group per combination of its values, in none if it misses a field. Without group fields all
    selected events are one group. Raises EvaluationError for a detection with a window of its own.
    """
    check_no_window("threshold", detection.within)
    holds = search.holds(detection.predicate)
    start = None if detection.start is None else instant(detection.start, search.now)
    keys = search.keys(detection.keys)
    counted, least = detection.distinct or (None, 0)
    values = search.keys(() if counted is None else (Field(counted.name),))
    groups: dict[Key, _Group] = {}
    for event in events:
        if start is not None and (event.time is None or event.time < start):
            continue
        if holds(event):
            for key in keys.of(event):
                group = groups.setdefault(key, _Group())
                group.ids.append(event.id)
                group.distinct.update(values.of(event))
    for key in sorted(groups, key=keys.rank):
        group = groups[key]
        count = len(group.ids) if detection.keys else min(len(group.ids), UNGROUPED_CEILING)
        if count >= detection.at_least and len(group.distinct) >= least:
            yield Match(tuple(group.ids), keys.shown(key), len(group.ids))
