"""Aggregations that group events, and the scripts that keep some of the groups (spec elasticsearch-target 4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from converter.errors import RuleError
from converter.languages.dsl.shape import Json, Object, as_list, as_object, as_text, check_keys, error


@dataclass(frozen=True, slots=True)
class Buckets:
    """Groups by the values of fields, without fields one group of all events; `inner` is what is asked of a group."""

    fields: tuple[str, ...]
    inner: Mapping[str, Object]


@dataclass(frozen=True, slots=True)
class Selector:
    """A script that decides about a bucket, what its variables stand for, and its parameters."""

    paths: Mapping[str, Json]
    source: str
    parameters: Mapping[str, Json]


def unknown(clause: str, what: str) -> RuleError:
    """An aggregation that is not one of those that are understood."""
    return error(clause, what, "dsl-aggregation-unknown")


def buckets(value: Json) -> Buckets:
    """The one aggregation of a search: a composite over terms, or one filter that every event passes."""
    aggregation = _only(value, "aggs")
    check_keys(aggregation, "aggs", {"composite", "filters", "aggs", "aggregations"})
    if len(aggregation) != 2 or ("composite" in aggregation) == ("filters" in aggregation):
        raise unknown("aggs", "a `composite` or `filters` with aggregations inside was expected")
    inside = as_object(aggregation.get("aggs", aggregation.get("aggregations")), "aggs")
    inner = {name: as_object(item, "aggs") for name, item in inside.items()}
    if any(len(item) != 1 for item in inner.values()):
        raise unknown("aggs", "aggregations two levels below another are not supported")
    if "composite" in aggregation:
        return Buckets(tuple(_composite(aggregation["composite"])), inner)
    if _only(_all_filters(aggregation["filters"]), "filters") != {"match_all": {}}:
        raise unknown("filters", "one filter was expected, `match_all`")
    return Buckets((), inner)


def named(found: Buckets, kind: str) -> dict[str, Object]:
    """The inner aggregations of a kind, by name."""
    return {name: as_object(item[kind], kind) for name, item in found.inner.items() if kind in item}


def check_kinds(found: Buckets, *kinds: str) -> None:
    """RuleError `dsl-aggregation-unknown` for the first inner aggregation of another kind."""
    for name, item in found.inner.items():
        if not set(item) <= set(kinds):
            raise unknown("aggs", f"the aggregation `{name:.80}` is not supported")


def selectors(found: Buckets) -> Iterator[Selector]:
    """The scripts that keep buckets."""
    for body in named(found, "bucket_selector").values():
        check_keys(body, "bucket_selector", {"buckets_path", "script"})
        paths = as_object(body.get("buckets_path"), "bucket_selector")
        script = body.get("script")
        if isinstance(script, str):
            yield Selector(paths, script, {})
            continue
        stated = as_object(script, "bucket_selector")
        check_keys(stated, "bucket_selector", {"source", "lang", "params"})
        if stated.get("lang", "painless") != "painless":
            raise unknown("bucket_selector", "only scripts in Painless are understood")
        parameters = as_object(stated.get("params", {}), "bucket_selector")
        yield Selector(paths, as_text(stated.get("source"), "bucket_selector"), parameters)


def field_of(body: Object, clause: str) -> str:
    """The field of an aggregation that takes nothing but a field."""
    check_keys(body, clause, {"field"})
    return as_text(body.get("field"), clause)


def _composite(value: Json) -> Iterator[str]:
    """The fields of a composite; `size` only says how many buckets a page has."""
    composite = as_object(value, "composite")
    check_keys(composite, "composite", {"size", "sources"})
    sources = as_list(composite.get("sources"), "composite")
    if not sources:
        raise error("composite", "there are no sources")
    for item in sources:
        source = _only(item, "composite")
        check_keys(source, "composite", {"terms"})
        yield field_of(as_object(source.get("terms"), "composite"), "composite")


def _all_filters(value: Json) -> Json:
    filters = as_object(value, "filters")
    check_keys(filters, "filters", {"filters"})
    return filters.get("filters")


def _only(value: Json, clause: str) -> Object:
    entries = list(as_object(value, clause).values())
    if len(entries) != 1:
        raise unknown(clause, f"one entry was expected, not {len(entries)}")
    return as_object(entries[0], clause)
