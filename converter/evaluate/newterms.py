"""New terms: combinations of values that the rule selects for the first time (spec elastic-rules 2.5)."""

from collections.abc import Iterable, Iterator

from converter.evaluate.instant import instant
from converter.evaluate.keys import Key
from converter.evaluate.match import Match
from converter.evaluate.search import Search
from converter.events.event import Event
from converter.ir.detection import NewTerms
from converter.ir.predicate import Field


def first_seen(detection: NewTerms, events: Iterable[Event], search: Search) -> Iterator[Match]:
    """One match per new combination, with the earliest event that has it, in ascending order of the combinations.

    History is what the same predicate selects in [history, now]; a combination is new if the first of it lies
    strictly after the start of the run. Events without a value for one of the fields are not looked at.
    """
    history, start = instant(detection.history, search.now), instant(detection.start, search.now)
    holds = search.holds(detection.predicate)
    keys = search.keys(Field(field.name) for field in detection.fields)
    first: dict[Key, Event] = {}
    for event in events:
        if event.time is not None and event.time >= history and holds(event):
            for key in keys.of(event):
                first.setdefault(key, event)
    new = [(key, event) for key, event in first.items() if event.time is not None and event.time > start]
    for key, event in sorted(new, key=lambda item: keys.rank(item[0])):
        yield Match((event.id,), keys.shown(key))
