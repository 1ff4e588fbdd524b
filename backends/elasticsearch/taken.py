"""EQL's `head` and `tail` on single events: so many from one end of a sorted search (spec eql 10.5)."""

from backends.elasticsearch.body import EventSearch, Order
from backends.elasticsearch.clause import Clause
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.window import TIMESTAMP
from converter import rule
from converter.events.document import TIEBREAK_FIELD
from converter.ir import Take
from converter.losses import Assumption

MOST_HITS = 10_000
"""Elasticsearch's default `index.max_result_window`."""

TIES = Assumption(
    "elasticsearch-ties", "every event has a time, and no two of one time agree in what orders them besides"
)


def order(stated: rule.Order) -> Order:
    """The order that a rule states."""
    return Order(stated.timestamp, stated.tiebreaker)


def search(condition: Clause, pipes: tuple[Take, ...], stated: rule.Order) -> EventSearch:
    """The search that a rule with pipes needs. Raises InexpressibleError."""
    if stated.timestamp != TIMESTAMP:
        raise _refusal(f"the rule takes the first or last events by `{stated.timestamp}`, not by `{TIMESTAMP}`")
    if len({pipe.end for pipe in pipes}) > 1:
        raise _refusal("`head` and `tail` after one another need the number of events before any is taken")
    fewest = min(pipes, key=lambda pipe: pipe.count)
    if not 0 < fewest.count <= MOST_HITS:
        raise _refusal(f"a search returns between 1 and {MOST_HITS:,} events, the rule takes {fewest.count:,}")
    return EventSearch(condition, Order(TIMESTAMP, stated.tiebreaker or TIEBREAK_FIELD), fewest)


def _refusal(what: str) -> InexpressibleError:
    return InexpressibleError("elasticsearch-take", what)
