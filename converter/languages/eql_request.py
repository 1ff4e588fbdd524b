"""EQL search requests: a query with a filter in Query DSL and the fields that order events (elasticsearch-target 5)."""

import json
from collections.abc import Mapping
from dataclasses import replace

from converter.errors import RuleError
from converter.ir import Always
from converter.languages import dsl, eql
from converter.languages.dsl.shape import Json, as_object, as_text, check_keys
from converter.languages.limits import check_text
from converter.languages.lowered import Lowered
from converter.passes.restrict import restrict
from converter.schema.catalogue import Catalogue

_PRESENTATION = frozenset(
    {"size", "fetch_size", "fields", "max_samples_per_key", "result_position", "allow_partial_search_results"}
)
_ORDER = frozenset({"timestamp_field", "tiebreaker_field"})


def read_request(body: Mapping[str, object] | str, catalogue: Catalogue) -> Lowered:
    """What a request finds, whenever it is sent: a window of time that the filter begins with is no part of it.

    Which fields order events is known to whoever has the events. RuleError for a key or clause that is not understood.
    """
    request = as_object(_parsed(body) if isinstance(body, str) else body, "request")
    check_keys(request, "request", _PRESENTATION | _ORDER | {"query", "filter", "event_category_field"})
    category = as_text(request.get("event_category_field", "event.category"), "event_category_field")
    query = eql.parse(as_text(request.get("query"), "query"))
    found = eql.lower(query, catalogue, category_field=category)
    condition = dsl.read(without_window(as_object(request.get("filter", {"match_all": {}}), "filter")), catalogue)
    return found if condition == Always() else replace(found, detection=restrict(found.detection, (condition,)))


def _parsed(text: str) -> Json:
    check_text(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise RuleError("dsl-syntax", "the request is not JSON") from None


def without_window(condition: Mapping[str, Json]) -> Mapping[str, Json]:
    """The filter without the window of the run, if that is its first part."""
    match condition:
        case {"bool": {"filter": [first, *others], **more}, **rest} if not rest and _is_window(first):
            return {"bool": {"filter": others, **more}}
        case _:
            return {"match_all": {}} if _is_window(condition) else condition


def _is_window(clause: Json) -> bool:
    """A range that ends relative to now, or one for events with and one for events without the rule's own clock."""
    match clause:
        case {"range": {**fields}} if len(fields) == 1:
            return all(_is_relative(bounds) for bounds in fields.values())
        case {"bool": {"should": [own, {"bool": {"filter": [other], "must_not": [{"exists": _}]}}]}}:
            return _is_window(own) and _is_window(other)
        case _:
            return False


def _is_relative(bounds: Json) -> bool:
    match bounds:
        case {"gte": str(start), "lte": str(end), **more}:
            return not more and start.startswith("now") and end.startswith("now")
        case _:
            return False
