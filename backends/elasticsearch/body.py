"""Search bodies, what is sent to `<indices>/_search` (spec elasticsearch-target 5), and the one for single events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backends.elasticsearch.clause import Bool, Clause, Json, to_json
from backends.elasticsearch.window import TIMESTAMP
from converter.ir import Take

PAGE = 100
"""Events that a body asks for; page on with `search_after`."""


class Search(Protocol):
    """A search request: its condition, and the whole as the JSON object of a body."""

    @property
    def query(self) -> Clause: ...

    def to_json(self) -> Json: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What events are sorted by: a time, then, if there is one, a field that tells events of one time apart."""

    timestamp: str = TIMESTAMP
    tiebreaker: str | None = None

    def to_json(self, direction: str) -> list[Json]:
        """Ascending with missing values last, descending with missing values first: each the other one reversed."""
        missing: Mapping[str, object] = {"missing": "_first"} if direction == "desc" else {}
        keys: list[Json] = [{self.timestamp: {"order": "desc", **missing} if missing else "asc"}]
        if self.tiebreaker is not None:
            # Without a type for it an index that does not know the field fails the whole search.
            keys.append({self.tiebreaker: {"order": direction, "unmapped_type": "long", **missing}})
        return keys


@dataclass(frozen=True, slots=True)
class EventSearch:
    """Events that satisfy the clause, oldest first; with `take` only so many from one end, and no count of the rest."""

    query: Clause
    order: Order = Order()
    take: Take | None = None

    def to_json(self) -> Json:
        direction = "desc" if self.take is not None and self.take.end == "tail" else "asc"
        return {
            "query": to_json(_filtered(self.query)),
            "size": PAGE if self.take is None else self.take.count,
            "sort": self.order.to_json(direction),
            "track_total_hits": self.take is None,
        }


def _filtered(query: Clause) -> Clause:
    """Inside a `filter`, where nothing is scored and results can be cached."""
    match query:
        case Bool(_, should=()):
            return query
        case _:
            return Bool(filter=(query,))
