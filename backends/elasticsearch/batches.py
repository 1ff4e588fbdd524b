"""Indicator matches as search bodies: as many as their indicators need to stay below Elasticsearch's limits."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backends.elasticsearch import indicators
from backends.elasticsearch.clause import count, to_json
from backends.elasticsearch.indicators import Alternative
from backends.elasticsearch.leaf import MOST_TERMS
from backends.elasticsearch.query import clause
from backends.elasticsearch.statement import MANY_CLAUSES
from converter.evaluate.match import newest
from converter.events.event import Event
from converter.ir import All, Any, Equal, Events, IndicatorMatch, Matcher, Network, Never, Predicate
from converter.passes import normalise
from converter.schema.catalogue import Catalogue

LONGEST = 10_000_000
"""Characters of the conditions of a body; `http.max_content_length` is 100 MB by default."""

_CHUNK = 512
"""Values compared in a clause each that stand together; those that `terms` take are one clause however many."""


@dataclass(frozen=True, slots=True)
class Batches:
    """The conditions of each body, the condition of all together, and how many indicators they hold, chosen at which
    moment (milliseconds)."""

    parts: tuple[Events, ...]
    whole: Events
    indicators: int
    moment: float | None


def batches(detection: IndicatorMatch, documents: Sequence[Event], catalogue: Catalogue) -> Batches:
    """The detection as searches for events that agree with one of the documents. Raises InexpressibleError.

    Without any indicator there is one search, which finds nothing.
    """
    chosen = indicators.selected(detection, documents, catalogue)
    pieces = [
        piece for alternative in indicators.alternatives(detection, chosen, catalogue) for piece in _pieces(alternative)
    ]
    parts = tuple(_events(detection.predicate, batch) for batch in _packed(pieces, count(clause(detection.predicate))))
    return Batches(parts or (Events(Never()),), _events(detection.predicate, pieces), len(chosen), newest(documents))


def _events(predicate: Predicate, alternatives: Sequence[Alternative]) -> Events:
    if not alternatives:
        return Events(Never())
    found = [alternative.predicate() for alternative in alternatives]
    return Events(normalise(All((predicate, Any(tuple(found))))))


def _pieces(alternative: Alternative) -> Iterator[Alternative]:
    """The alternative cut into lists that one clause, or few enough clauses, can hold."""
    matchers = alternative.test.matchers
    most = MOST_TERMS if all(isinstance(matcher, Equal | Network) for matcher in matchers) else _CHUNK
    chunk: list[Matcher] = []
    size = 0
    for matcher in matchers:
        length = len(repr(matcher))
        if chunk and (len(chunk) == most or size + length > LONGEST):
            yield replace(alternative, test=replace(alternative.test, matchers=tuple(chunk)))
            chunk, size = [], 0
        chunk.append(matcher)
        size += length
    yield replace(alternative, test=replace(alternative.test, matchers=tuple(chunk)))


def _packed(pieces: Sequence[Alternative], base: int) -> Iterator[list[Alternative]]:
    """The pieces in their order, as many together as the limits allow besides the rule's own conditions."""
    batch: list[Alternative] = []
    clauses, size = base, 0
    for piece in pieces:
        written = clause(piece.predicate())
        more, length = count(written), len(json.dumps(to_json(written)))
        if batch and (clauses + more > MANY_CLAUSES or size + length > LONGEST):
            yield batch
            batch, clauses, size = [], base, 0
        batch.append(piece)
        clauses, size = clauses + more, size + length
    if batch:
        yield batch
