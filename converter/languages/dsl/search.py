"""Search bodies to detections: plain searches, thresholds and first-seen terms (spec elasticsearch-target 4, 5)."""

import json
from collections.abc import Mapping

from converter.errors import RuleError
from converter.ir import Detection, Events, Take
from converter.languages.dsl.aggregation import buckets
from converter.languages.dsl.first_seen import first_seen
from converter.languages.dsl.reader import read
from converter.languages.dsl.shape import Json, Object, as_object, check_keys, error
from converter.languages.dsl.threshold import threshold
from converter.languages.dsl.timespan import TIME_FIELD
from converter.languages.limits import check_text
from converter.schema.catalogue import Catalogue

_PRESENTATION = frozenset({"size", "sort", "track_total_hits", "fields", "_source", "timeout"})
"""Keys of a body that decide how hits are shown, not which; `_taken` knows when they do."""


def read_search(body: Mapping[str, object] | str, catalogue: Catalogue) -> Detection:
    """What a search body finds: events; groups or new terms if it aggregates for such.

    RuleError for every key, clause or aggregation that is not understood.
    """
    request = as_object(_parsed(body) if isinstance(body, str) else body, "search")
    check_keys(request, "search", _PRESENTATION | {"query", "aggs", "aggregations"})
    query = as_object(request.get("query", {"match_all": {}}), "query")
    aggregations = [request[key] for key in ("aggs", "aggregations") if key in request]
    if not aggregations:
        return Events(read(query, catalogue), _taken(request))
    if len(aggregations) > 1:
        raise error("search", "`aggs` and `aggregations` are the same key")
    found = buckets(aggregations[0])
    if any("filter" in item for item in found.inner.values()):
        return first_seen(query, found, catalogue)
    return threshold(query, found, catalogue)


def _parsed(text: str) -> Json:
    check_text(text)
    try:
        parsed: Json = json.loads(text)
        json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise RuleError("text-half-character", "an escape of the search body is half of a character") from None
    except (ValueError, RecursionError):
        raise RuleError("dsl-syntax", "the search body is not JSON") from None
    return parsed


def _taken(request: Object) -> tuple[Take, ...]:
    """What is taken of the events in order of time: a search that does not count its hits asks for no more of them
    than it shows, any other shows the first page."""
    match request:
        case {"track_total_hits": False, "size": int(size), "sort": [first, *_]} if size > 0 and size is not True:
            direction = _direction(first)
            return () if direction is None else (Take("tail" if direction == "desc" else "head", size),)
        case _:
            return ()


def _direction(key: Json) -> str | None:
    """The direction in which a key sorts by time, None if it sorts by something else."""
    match key:
        case str(name) if name == TIME_FIELD:
            return "asc"
        case {"@timestamp": ("asc" | "desc") as direction, **more} if not more:
            return str(direction)
        case {"@timestamp": {"order": ("asc" | "desc") as direction}, **more} if not more:
            return str(direction)
        case _:
            return None
