"""New terms: combinations of values that the rule selects for the first time (spec elastic-rules 2.5)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

from converter.evaluate.failure import EvaluationError
from converter.evaluate.instant import instant
from converter.evaluate.match import Match
from converter.evaluate.search import Search
from converter.evaluate.typed import Reader, reader
from converter.events.event import Event, Scalar
from converter.ir.detection import NewTerms
from converter.ir.predicate import Field
from converter.schema.catalogue import Catalogue

COMBINATIONS_LIMIT = 10_000

Terms = tuple[Scalar, ...]


def first_seen(detection: NewTerms, events: Iterable[Event], search: Search) -> Iterator[Match]:
    """One match per new combination, with the earliest event that has it, in ascending order of the combinations.

    History is what the same predicate selects in [history, now]; a combination is new if the first of it lies
    strictly after the start of the run. Events without a value for one of the fields are not looked at.
    """
    history, start = instant(detection.history, search.now), instant(detection.start, search.now)
    holds = search.holds(detection.predicate)
    sources = [_source(field, search.catalogue) for field in detection.fields]
    first: dict[Terms, Event] = {}
    for event in events:
        if event.time is not None and event.time >= history and holds(event):
            for terms in _combinations(event, sources):
                first.setdefault(terms, event)
    new = [(terms, event) for terms, event in first.items() if event.time is not None and event.time > start]
    for terms, event in sorted(new, key=lambda item: _rank(item[0])):
        yield Match((event.id,), terms)


def _source(field: Field, catalogue: Catalogue) -> tuple[str, Reader]:
    info = catalogue[field.name]
    return info.parent or info.name, reader(info)


def _combinations(event: Event, sources: Sequence[tuple[str, Reader]]) -> Iterator[Terms]:
    """Every way to take one value of each field: arrays give several, a missing field none."""
    choices = [
        dict.fromkeys(typed for typed in map(read, event.fields.get(name, ())) if typed is not None)
        for name, read in sources
    ]
    if prod(map(len, choices)) > COMBINATIONS_LIMIT:
        raise EvaluationError("too-many-combinations", f"event {event.id} has too many combinations of terms")
    return product(*choices)


def _rank(terms: Terms) -> tuple[tuple[bool, Scalar], ...]:
    """A key that orders terms by value, numbers and texts apart."""
    return tuple((isinstance(term, str), term) for term in terms)
