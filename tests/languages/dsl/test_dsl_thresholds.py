"""Thresholds in Query DSL: groups kept for their size, in every form that says so, and everything else refused."""

import copy
from typing import Any

import pytest

from converter.errors import RuleError
from converter.ir import Always, Equal, Field, Range, Test, TextLiteral, Threshold
from converter.languages.dsl import read_search
from converter.schema.catalogue import Catalogue

CATALOGUE = Catalogue({})
TERM = {"term": {"k": {"value": "a"}}}
MEANING = Test(Field("k"), (Equal(TextLiteral("a")),))
WINDOW = {"range": {"@timestamp": {"gte": "now-9m", "lte": "now"}}}


def selector(script: object, **paths: str) -> dict[str, Any]:
    return {"bucket_selector": {"buckets_path": paths, "script": script}}


def body(**changes: object) -> dict[str, Any]:
    """The threshold of spec elasticsearch-target 4.3, with other inner aggregations."""
    inner: dict[str, object] = {
        "d": {"cardinality": {"field": "user.name"}},
        "last": {"max": {"field": "@timestamp"}},
        "first": {"min": {"field": "@timestamp"}},
        "c": selector("params.n >= 10", n="_count"),
        "e": selector("params.n >= 3", n="d"),
    }
    sources = [{"host.id": {"terms": {"field": "host.id"}}}]
    return {
        "size": 0,
        "track_total_hits": True,
        "query": {"bool": {"filter": [TERM, WINDOW]}},
        "aggs": {"g": {"composite": {"size": 10_000, "sources": sources}, "aggs": inner | changes}},
    }


def ungrouped(**inner: object) -> dict[str, Any]:
    return {"aggs": {"g": {"filters": {"filters": {"all": {"match_all": {}}}}, "aggs": inner}}}


EXPECTED = Threshold(MEANING, (Field("host.id"),), 10, (Field("user.name"), 3), start="now-9m")


def test_the_form_of_the_specification() -> None:
    assert read_search(body(), CATALOGUE) == EXPECTED


@pytest.mark.parametrize(
    "one",
    [
        selector("params.n >= 10 && params.m >= 3", n="_count", m="d"),
        selector(
            {"source": "params.n>=params.a && params.m>=params.b", "params": {"a": 10, "b": 3}}, n="_count", m="d"
        ),
        selector({"lang": "painless", "source": "params.m >= 3&&params.n >= 10"}, n="_count", m="d"),
    ],
)
def test_both_conditions_in_one_script(one: dict[str, Any]) -> None:
    found = body(c=one)
    del found["aggs"]["g"]["aggs"]["e"]
    assert read_search(found, CATALOGUE) == EXPECTED


def test_one_condition_alone() -> None:
    by_values = body()
    del by_values["aggs"]["g"]["aggs"]["c"]
    assert read_search(by_values, CATALOGUE) == Threshold(
        MEANING, (Field("host.id"),), 1, (Field("user.name"), 3), start="now-9m"
    )


def test_without_a_window_all_events_count() -> None:
    found = body()
    found["query"] = TERM
    assert read_search(found, CATALOGUE) == Threshold(MEANING, (Field("host.id"),), 10, (Field("user.name"), 3))


def test_a_second_span_of_time_is_a_condition() -> None:
    found = body()
    found["query"] = {"bool": {"filter": [WINDOW, {"range": {"@timestamp": {"gte": "now-1h", "lte": "now"}}}]}}
    read = read_search(found, CATALOGUE)
    assert isinstance(read, Threshold)
    assert read.start == "now-9m"
    assert isinstance(read.predicate, Test)
    assert isinstance(read.predicate.matchers[0], Range)


@pytest.mark.parametrize("script", ["params.n >= 5", "Math.min(params.n, 10000) >= 5"])
def test_all_events_as_one_group(script: str) -> None:
    assert read_search(ungrouped(c=selector(script, n="_count")), CATALOGUE) == Threshold(Always(), (), 5)


def test_beyond_the_ceiling_nothing_is_found() -> None:
    script = {"source": "Math.min(params.n, params.c) >= params.least", "params": {"c": 10_000, "least": 20_000}}
    assert read_search(ungrouped(c=selector(script, n="_count")), CATALOGUE) == Threshold(Always(), (), 20_000)


COMPOSITE = ("aggs", "g", "composite")
INNER = ("aggs", "g", "aggs")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("aggs", "h"), {"terms": {"field": "k"}}),
        (("aggs", "g", "meta"), {}),
        (("aggs", "g", "filters"), {"filters": {"all": {"match_all": {}}}}),
        ((*COMPOSITE, "after"), {}),
        ((*COMPOSITE, "sources"), []),
        ((*COMPOSITE, "sources"), [{"a": {"terms": {"field": "k", "order": "desc"}}}]),
        ((*COMPOSITE, "sources"), [{"a": {"date_histogram": {"field": "k"}}}]),
        ((*INNER, "d"), {"cardinality": {"field": "user.name", "missing": "x"}}),
        ((*INNER, "d"), {"value_count": {"field": "user.name"}}),
        ((*INNER, "d"), {"cardinality": {"field": "user.name"}, "aggs": {}}),
        ((*INNER, "last"), {"max": {"field": "process.pid"}}),
        ((*INNER, "more"), {"top_hits": {"size": 1}}),
        ((*INNER, "more"), {"bucket_sort": {"size": 1}}),
        ((*INNER, "c"), selector("params.n > 10", n="_count")),
        ((*INNER, "c"), selector("params.n >= 10 || params.m >= 3", n="_count", m="d")),
        ((*INNER, "c"), selector("params.n >= 1.5", n="_count")),
        ((*INNER, "c"), selector("params.n >= params.least", n="_count")),
        ((*INNER, "c"), selector("params.n >= 10", n="last")),
        ((*INNER, "c"), selector("params.n >= 10", n="d")),
        ((*INNER, "c"), selector("params.n >= 10", m="_count")),
        ((*INNER, "c"), selector("params.n >= 10", n="_count", m="d")),
        ((*INNER, "c"), selector("Math.min(params.n, 10000) >= 10", n="_count")),
        ((*INNER, "c"), selector({"source": "params.n >= 10", "lang": "expression"}, n="_count")),
        ((*INNER, "c"), selector({"id": "stored"}, n="_count")),
        ((*INNER, "c", "bucket_selector", "gap_policy"), "insert_zeros"),
    ],
)
def test_anything_else_is_refused(path: tuple[str, ...], value: object) -> None:
    found = copy.deepcopy(body())
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(RuleError) as caught:
        read_search(found, CATALOGUE)
    assert caught.value.code.startswith("dsl-")


@pytest.mark.parametrize(
    "found",
    [
        ungrouped(),
        ungrouped(c=selector("params.n >= 20000", n="_count")),
        ungrouped(c=selector("Math.min(params.n, 500) >= 20", n="_count")),
        {"aggs": {"g": {"filters": {"filters": {"all": TERM}}, "aggs": {"c": selector("params.n >= 2", n="_count")}}}},
        {
            "aggs": {
                "g": {
                    "filters": {"filters": {"a": {"match_all": {}}, "b": {"match_all": {}}}},
                    "aggs": {"c": selector("params.n >= 2", n="_count")},
                }
            }
        },
    ],
)
def test_other_groups_of_all_events_are_refused(found: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as caught:
        read_search(found, CATALOGUE)
    assert caught.value.code == "dsl-aggregation-unknown"
