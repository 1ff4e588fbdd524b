"""Thresholds: the groups that are large and varied enough, as an aggregation (spec elasticsearch-target 4.3)."""

from dataclasses import dataclass

from backends.elasticsearch import groups
from backends.elasticsearch.clause import Clause, Json, Range, to_json
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.window import TIMESTAMP, restricted
from converter.ir import Threshold

CEILING = 10_000
"""Without group fields Elastic counts so far and no further (spec elastic-rules 2.4)."""


@dataclass(frozen=True, slots=True)
class ThresholdSearch:
    """Groups of events since `start` by `fields`, of at least so many events, and of at least `varied[1]` values of the
    field `varied[0]`. Without fields, all events are one group.

    `start` is date math, None for all events; no clock is in the body.
    """

    condition: Clause
    fields: tuple[str, ...]
    least: int
    varied: tuple[str, int] | None = None
    start: str | None = None

    @property
    def query(self) -> Clause:
        if self.start is None:
            return self.condition
        return restricted(Range(TIMESTAMP, {"gte": self.start, "lte": "now"}), self.condition)

    def to_json(self) -> Json:
        return {"size": 0, "track_total_hits": True, "query": to_json(self.query), "aggs": {"groups": self._groups()}}

    def _groups(self) -> Json:
        if self.fields:
            return groups.composite(self.fields, self._inside())
        return {"filters": {"filters": {"all": {"match_all": {}}}}, "aggs": self._inside()}

    def _inside(self) -> Json:
        """What is known of a group, and whether it is kept."""
        times: Json = {"first": {"min": {"field": TIMESTAMP}}, "last": {"max": {"field": TIMESTAMP}}}
        paths: Json = {"count": "_count"}
        counted = "params.count" if self.fields else "Math.min(params.count, params.ceiling)"
        conditions = [f"{counted} >= params.least"]
        parameters: Json = {"least": self.least}
        if not self.fields:
            parameters["ceiling"] = CEILING
        if self.varied is not None:
            field, least_values = self.varied
            times["values"] = {"cardinality": {"field": field}}
            paths["values"] = "values"
            parameters["least_values"] = least_values
            conditions.append("params.values >= params.least_values")
        return {**times, "reached": groups.keep(paths, " && ".join(conditions), parameters)}


def search(detection: Threshold, condition: Clause) -> ThresholdSearch:
    """The search that finds a threshold's groups. Raises InexpressibleError."""
    if detection.within is not None:
        what = "the threshold slides over time, and an aggregation looks at one span of time"
        raise InexpressibleError("elasticsearch-detection", what)
    varied = None if detection.distinct is None else (groups.name(detection.distinct[0]), detection.distinct[1])
    return ThresholdSearch(condition, groups.names(detection.keys), detection.at_least, varied, detection.start)
