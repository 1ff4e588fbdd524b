"""Search bodies to detections: plain searches, and the first-seen aggregation (spec elasticsearch-target 4.4, 5)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from converter.errors import RuleError
from converter.ir import Detection, Events, Field, NewTerms
from converter.languages.dsl.reader import read
from converter.languages.dsl.shape import Json, Object, as_list, as_object, as_text, check_keys, error
from converter.languages.limits import check_text
from converter.schema.catalogue import Catalogue

TIME_FIELD = "@timestamp"

_PRESENTATION = frozenset({"size", "sort", "track_total_hits", "fields", "_source", "timeout"})
"""Keys of a body that decide how hits are shown, not which."""


def read_search(body: Mapping[str, object] | str, catalogue: Catalogue) -> Detection:
    """What a search body finds: events, or new terms if it aggregates for first-seen combinations.

    RuleError for every key, clause or aggregation that is not understood.
    """
    request = as_object(_parsed(body) if isinstance(body, str) else body, "search")
    check_keys(request, "search", _PRESENTATION | {"query", "aggs", "aggregations"})
    query = as_object(request.get("query", {"match_all": {}}), "query")
    aggregations = [request[key] for key in ("aggs", "aggregations") if key in request]
    if not aggregations:
        return Events(read(query, catalogue))
    if len(aggregations) > 1:
        raise error("search", "`aggs` and `aggregations` are the same key")
    buckets = _first_seen(aggregations[0])
    rest, history = _without_window(query)
    return NewTerms(read(rest, catalogue), tuple(Field(name) for name in buckets.fields), history, buckets.start)


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


@dataclass(frozen=True, slots=True)
class _Buckets:
    """What a first-seen aggregation groups by, and up to when a combination counts as old."""

    fields: tuple[str, ...]
    start: str


def _first_seen(value: Json) -> _Buckets:
    """A composite over terms whose buckets are kept if they hold no document at or before `start`."""
    _, aggregation = _only(value, "aggs")
    check_keys(aggregation, "aggs", {"composite", "aggs"})
    composite = as_object(aggregation.get("composite"), "composite")
    check_keys(composite, "composite", {"size", "sources"})
    inner = {name: as_object(item, "aggs") for name, item in as_object(aggregation.get("aggs"), "aggs").items()}
    old = _named(inner, "filter")
    selector = _named(inner, "bucket_selector")
    if others := [name for name, item in inner.items() if name not in {old, selector} and set(item) != {"top_hits"}]:
        raise error("aggs", f"the aggregation `{others[0]}` is not supported", "dsl-aggregation-unknown")
    _check_selector(inner[selector]["bucket_selector"], old)
    fields = tuple(_terms_source(source) for source in as_list(composite.get("sources"), "composite"))
    return _Buckets(fields, _start(inner[old]["filter"]))


def _only(value: Json, clause: str) -> tuple[str, Object]:
    entries = list(as_object(value, clause).items())
    if len(entries) != 1:
        raise error(clause, f"one entry was expected, not {len(entries)}", "dsl-aggregation-unknown")
    return entries[0][0], as_object(entries[0][1], clause)


def _named(aggregations: Mapping[str, Object], kind: str) -> str:
    """The name of the one aggregation of a kind."""
    found = [name for name, item in aggregations.items() if set(item) == {kind}]
    if len(found) != 1:
        raise error("aggs", f"one `{kind}` was expected, not {len(found)}", "dsl-aggregation-unknown")
    return found[0]


def _terms_source(value: Json) -> str:
    """The field of one source of a composite; buckets for missing values are not understood."""
    _, source = _only(value, "composite")
    check_keys(source, "composite", {"terms"})
    terms = as_object(source.get("terms"), "composite")
    check_keys(terms, "composite", {"field"})
    return as_text(terms.get("field"), "composite")


def _start(value: Json) -> str:
    """The bound of `{"range": {"@timestamp": {"lte": start}}}`."""
    match value:
        case {"range": {"@timestamp": {"lte": str(start), **more}, **others}, **rest} if not (more or others or rest):
            return start
        case _:
            raise error(
                "filter", f"a range over `{TIME_FIELD}` with `lte` alone was expected", "dsl-aggregation-unknown"
            )


def _check_selector(value: Json, old: str) -> None:
    """A bucket is kept if the count of old documents is 0."""
    selector = as_object(value, "bucket_selector")
    check_keys(selector, "bucket_selector", {"buckets_path", "script"})
    paths = as_object(selector.get("buckets_path"), "bucket_selector")
    match selector.get("script"):
        case str(source) | {"source": str(source)}:
            counted = re.fullmatch(r"\s*params\.(\w+)\s*==\s*0\s*", source)
        case _:
            counted = None
    if counted is None or dict(paths) != {counted[1]: f"{old}._count"}:
        raise error("bucket_selector", f"`params.n == 0` over `{old}._count` was expected", "dsl-aggregation-unknown")


def _without_window(query: Object) -> tuple[Object, str]:
    """The query without the clause that says how far history reaches, and where history begins."""
    match query:
        case {"bool": {"filter": [*clauses], **others}, **rest} if not rest:
            windows = [index for index, clause in enumerate(clauses) if _history(clause) is not None]
            if windows:
                history = _history(clauses[windows[-1]])
                left = [clause for index, clause in enumerate(clauses) if index != windows[-1]]
                return {"bool": {"filter": left, **others}}, history or ""
        case _:
            pass
    raise error("query", f"a filter on `{TIME_FIELD}` from the beginning of history to `now` was expected")


def _history(clause: Json) -> str | None:
    match clause:
        case {"range": {"@timestamp": {"gte": str(start), "lte": "now", **more}, **others}, **rest}:
            return None if more or others or rest else start
        case _:
            return None
