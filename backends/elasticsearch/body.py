"""Search bodies: what is sent to `GET <indices>/_search` (spec elasticsearch-target 4.4, 5)."""

from dataclasses import dataclass

from backends.elasticsearch.clause import Bool, Clause, Json, Range, to_json

TIME_FIELD = "@timestamp"
PAGE = 10_000
"""Composite buckets a page; page on with `after` until a response has no `after_key`."""


@dataclass(frozen=True, slots=True)
class EventSearch:
    """Events that satisfy the clause, oldest first."""

    query: Clause


@dataclass(frozen=True, slots=True)
class NewTermsSearch:
    """Combinations of field values that were first seen after `start`; `history` and `start` are date math.

    No clock is in the body: a combination is new if its bucket holds no document at or before `start`.
    """

    query: Clause
    fields: tuple[str, ...]
    history: str
    start: str


Search = EventSearch | NewTermsSearch


def to_body(search: Search) -> Json:
    """The search as the JSON object of a request body."""
    match search:
        case EventSearch(query):
            return {
                "query": to_json(_filtered(query)),
                "size": 100,
                "sort": [{TIME_FIELD: "asc"}],
                "track_total_hits": True,
            }
        case NewTermsSearch(query, fields, history, start):
            window = Range(TIME_FIELD, {"gte": history, "lte": "now"})
            return {
                "size": 0,
                "query": to_json(Bool(filter=(*_conjuncts(query), window), must_not=_excluded(query))),
                "aggs": {"terms": _first_seen(fields, start)},
            }


def _first_seen(fields: tuple[str, ...], start: str) -> Json:
    return {
        "composite": {"size": PAGE, "sources": [{field: {"terms": {"field": field}}} for field in fields]},
        "aggs": {
            "old": {"filter": to_json(Range(TIME_FIELD, {"lte": start}))},
            "new": {"bucket_selector": {"buckets_path": {"n": "old._count"}, "script": "params.n == 0"}},
            "first": {"top_hits": {"size": 1, "sort": [{TIME_FIELD: "asc"}]}},
        },
    }


def _filtered(query: Clause) -> Clause:
    """Inside a `filter`, where nothing is scored and results can be cached."""
    match query:
        case Bool(_, should=()):
            return query
        case _:
            return Bool(filter=(query,))


def _conjuncts(query: Clause) -> tuple[Clause, ...]:
    match query:
        case Bool(filter_, should=()):
            return filter_
        case _:
            return (query,)


def _excluded(query: Clause) -> tuple[Clause, ...]:
    match query:
        case Bool(should=(), must_not=must_not):
            return must_not
        case _:
            return ()
