"""The search request that a detection needs, within Elasticsearch's limits, and what it leaves to whoever sends it."""

from backends.elasticsearch.body import EventSearch, NewTermsSearch, Search
from backends.elasticsearch.clause import count, depth
from backends.elasticsearch.query import InexpressibleError, clause
from converter.ir import Detection, Events, NewTerms
from converter.losses import Note
from converter.rule import Rule

DEEPEST = 30
"""Elasticsearch's default `indices.query.bool.max_nested_depth`; the body adds one level of its own."""

MANY_CLAUSES = 1_024
"""The least that `indices.query.bool.max_clause_count` is by default; it grows with the memory of a node."""


def search(detection: Detection) -> Search:
    """The search that makes the detection's observations. Raises InexpressibleError."""
    found = _unchecked(detection)
    if depth(found.query) >= DEEPEST:
        raise InexpressibleError(
            "elasticsearch-depth", f"`bool` clauses nest {depth(found.query)} deep, Elasticsearch takes {DEEPEST}"
        )
    return found


def _unchecked(detection: Detection) -> Search:
    match detection:
        case Events(predicate, take=()):
            return EventSearch(clause(predicate))
        case NewTerms(predicate, fields, history, start):
            return NewTermsSearch(clause(predicate), tuple(field.name for field in fields), history, start)
        case _:
            raise InexpressibleError(
                "elasticsearch-detection", "a search body cannot say this kind of rule; `--format rule` keeps it whole"
            )


def notes(rule: Rule, body: Search) -> list[Note]:
    """What a bare search body leaves to whoever sends it."""
    found = []
    if (clauses := count(body.query)) > MANY_CLAUSES:
        found.append(Note("clause-count", f"the body has {clauses} clauses; small nodes take {MANY_CLAUSES}"))
    if rule.scope.indices:
        found.append(Note("request-path", f"send the body to `{','.join(rule.scope.indices)}/_search`"))
    if not isinstance(rule.detection, NewTerms):
        found.append(
            Note("run-window", f"the rule runs every {rule.schedule.interval} over events since {rule.schedule.start}")
        )
    if rule.schedule.timestamp_override:
        found.append(Note("timestamp-override", f"the rule's clock is `{rule.schedule.timestamp_override}`"))
    return found
