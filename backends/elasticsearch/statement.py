"""The search request that a detection needs, within Elasticsearch's limits, and what it leaves to whoever sends it."""

from collections.abc import Iterable, Iterator

from backends.elasticsearch import new_terms, taken, threshold
from backends.elasticsearch.body import EventSearch, Search
from backends.elasticsearch.clause import count, depth
from backends.elasticsearch.query import InexpressibleError, clause
from converter.ir import Detection, Events, IndicatorMatch, NewTerms, Threshold
from converter.losses import Direction, Loss, Note
from converter.rule import Order, Rule

DEEPEST = 30
"""Elasticsearch's default `indices.query.bool.max_nested_depth`; the body adds one level of its own."""

MANY_CLAUSES = 1_024
"""The least that `indices.query.bool.max_clause_count` is by default; it grows with the memory of a node."""

_WINDOWED = NewTerms | Threshold
"""Detections whose searches state the time that they look at."""


def search(detection: Detection, order: Order | None = None) -> Search:
    """The search that makes the detection's observations; `order` is the one of its rule. Raises InexpressibleError."""
    found = _unchecked(detection, order or Order())
    if depth(found.query) >= DEEPEST:
        raise InexpressibleError(
            "elasticsearch-depth", f"`bool` clauses nest {depth(found.query)} deep, Elasticsearch takes {DEEPEST}"
        )
    return found


def _unchecked(detection: Detection, order: Order) -> Search:
    match detection:
        case Events(predicate, take=()):
            return EventSearch(clause(predicate), taken.order(order))
        case Events(predicate, take):
            return taken.search(clause(predicate), take, order)
        case Threshold(predicate):
            return threshold.search(detection, clause(predicate))
        case NewTerms(predicate):
            return new_terms.search(detection, clause(predicate))
        case IndicatorMatch():
            raise InexpressibleError(
                "elasticsearch-indicators-missing",
                "a search body holds the indicators themselves: name their file with `--indicators`",
            )
        case _:
            raise InexpressibleError(
                "elasticsearch-detection", "a search body cannot say this kind of rule; `--format rule` keeps it whole"
            )


def losses(rule: Rule) -> Iterator[Loss]:
    """What a search that states its time does not say of the rule's: it ends when it is run."""
    end = rule.schedule.end
    if isinstance(rule.detection, _WINDOWED) and end != "now":
        what = f"the rule's runs end at `{end:.40}`, the search looks at events up to now"
        yield Loss("elasticsearch-run-end", what, Direction.DIFFERENT)


def notes(rule: Rule, searches: Iterable[Search]) -> list[Note]:
    """What bare search bodies leave to whoever sends them."""
    found = []
    if (clauses := max(count(one.query) for one in searches)) > MANY_CLAUSES:
        found.append(Note("clause-count", f"the body has {clauses} clauses; small nodes take {MANY_CLAUSES}"))
    if rule.scope.indices:
        found.append(Note("request-path", f"send the body to `{','.join(rule.scope.indices)}/_search`"))
    if not isinstance(rule.detection, _WINDOWED):
        found.append(
            Note("run-window", f"the rule runs every {rule.schedule.interval} over events since {rule.schedule.start}")
        )
    if rule.schedule.timestamp_override:
        found.append(Note("timestamp-override", f"the rule's clock is `{rule.schedule.timestamp_override}`"))
    return found
