"""New terms: combinations of values that were not there before, as an aggregation (spec elasticsearch-target 4.4)."""

import re
from dataclasses import dataclass

from backends.elasticsearch import groups
from backends.elasticsearch.clause import Clause, Json, Range, to_json
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.window import TIMESTAMP, restricted
from converter.ir import NewTerms

_UNROUNDED = re.compile(r"now([+-]\d*[yMwdhHms])*", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewTermsSearch:
    """Combinations of field values that were first seen after `start`; `history` and `start` are date math.

    No clock is in the body: a combination is new if its bucket holds no document at or before `start`. One request
    decides, since a bucket is filled from the whole of history before it is kept or not, whatever page it is on.
    """

    condition: Clause
    fields: tuple[str, ...]
    history: str
    start: str

    @property
    def query(self) -> Clause:
        return restricted(Range(TIMESTAMP, {"gte": self.history, "lte": "now"}), self.condition)

    def to_json(self) -> Json:
        inside: Json = {
            "old": {"filter": to_json(Range(TIMESTAMP, {"lte": self.start}))},
            "new": groups.keep({"old": "old._count"}, "params.old == 0", {}),
            "first": {"top_hits": {"size": 1, "sort": [{TIMESTAMP: "asc"}]}},
        }
        return {"size": 0, "query": to_json(self.query), "aggs": {"terms": groups.composite(self.fields, inside)}}


def search(detection: NewTerms, condition: Clause) -> NewTermsSearch:
    """The search that finds new terms. Raises InexpressibleError."""
    if not _UNROUNDED.fullmatch(detection.start):
        # `lte` rounds to the end of a unit, and no bound of a range means "not after its beginning".
        what = f"the run begins at `{detection.start:.40}`, which a range cannot say as the end of history"
        raise InexpressibleError("elasticsearch-start-rounded", what)
    return NewTermsSearch(condition, groups.names(detection.fields), detection.history, detection.start)
