"""Search bodies: plain searches, the first-seen aggregation, and everything else refused."""

import copy
import json
from typing import Any

import pytest

from converter.errors import RuleError
from converter.ir import All, Always, Equal, Events, Field, NewTerms, Not, Present, Take, Test, TextLiteral
from converter.languages.dsl import read, read_search
from converter.schema.catalogue import Catalogue

CATALOGUE = Catalogue({})
TERM = {"term": {"k": {"value": "a"}}}
MEANING = Test(Field("k"), (Equal(TextLiteral("a")),))
WINDOW = {"range": {"@timestamp": {"gte": "now-5d", "lte": "now"}}}


def first_seen() -> dict[str, Any]:
    return {
        "size": 0,
        "query": {"bool": {"filter": [TERM, WINDOW], "must_not": [{"exists": {"field": "x"}}]}},
        "aggs": {
            "any name": {
                "composite": {
                    "size": 500,
                    "sources": [{"a": {"terms": {"field": "user.name"}}}, {"b": {"terms": {"field": "host.id"}}}],
                },
                "aggs": {
                    "before": {"filter": {"range": {"@timestamp": {"lte": "now-9m"}}}},
                    "new": {
                        "bucket_selector": {"buckets_path": {"seen": "before._count"}, "script": "params.seen == 0"}
                    },
                    "first": {"top_hits": {"size": 1, "sort": [{"@timestamp": "asc"}]}},
                },
            }
        },
    }


def test_plain_search() -> None:
    body = {"query": TERM, "size": 100, "sort": [{"@timestamp": "asc"}], "track_total_hits": True, "fields": ["*"]}
    assert read_search(body, CATALOGUE) == Events(MEANING)
    assert read_search(json.dumps(body), CATALOGUE) == Events(MEANING)
    assert read_search({}, CATALOGUE) == Events(Always())


@pytest.mark.parametrize(
    ("shown", "take"),
    [
        ({"size": 5, "sort": [{"@timestamp": "asc"}], "track_total_hits": False}, Take("head", 5)),
        ({"size": 5, "sort": ["@timestamp", "event.sequence"], "track_total_hits": False}, Take("head", 5)),
        (
            {
                "size": 1,
                "sort": [{"@timestamp": {"order": "desc", "missing": "_first"}}],
                "track_total_hits": False,
            },
            Take("tail", 1),
        ),
        ({"size": 5, "sort": [{"@timestamp": "asc"}]}, None),
        ({"size": 5, "sort": [{"@timestamp": "asc"}], "track_total_hits": True}, None),
        ({"size": 0, "sort": [{"@timestamp": "asc"}], "track_total_hits": False}, None),
        ({"size": 5, "sort": [{"_score": "desc"}], "track_total_hits": False}, None),
        ({"size": 5, "track_total_hits": False}, None),
    ],
)
def test_a_search_that_does_not_count_takes_events_from_an_end(shown: dict[str, Any], take: Take | None) -> None:
    assert read_search({"query": TERM, **shown}, CATALOGUE) == Events(MEANING, () if take is None else (take,))


def test_first_seen() -> None:
    assert read_search(first_seen(), CATALOGUE) == NewTerms(
        All((MEANING, Not(Test(Field("x"), (Present(),))))),
        (Field("user.name"), Field("host.id")),
        "now-5d",
        "now-9m",
    )


def test_a_time_test_of_the_rule_itself_stays() -> None:
    body = first_seen()
    own = {"range": {"@timestamp": {"gte": "now-30d/d"}}}
    body["query"] = {"bool": {"filter": [own, WINDOW]}}
    found = read_search(body, CATALOGUE)
    assert isinstance(found, NewTerms)
    assert found.predicate == read(own, CATALOGUE)
    assert found.history == "now-5d"


AGGREGATION = ("aggs", "any name")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("from",), 10),
        (("runtime_mappings",), {}),
        (("post_filter",), TERM),
        (("aggregations",), {}),
        (("query",), TERM),
        (("query",), {"bool": {"filter": [TERM]}}),
        (("query",), {"bool": {"filter": [{"range": {"@timestamp": {"gte": "now-5d", "lte": "now-1d"}}}]}}),
        (("aggs", "second"), {"terms": {"field": "k"}}),
        ((*AGGREGATION, "terms"), {"field": "k"}),
        ((*AGGREGATION, "composite", "after"), {}),
        ((*AGGREGATION, "composite", "sources"), [{"a": {"terms": {"field": "k", "missing_bucket": True}}}]),
        ((*AGGREGATION, "composite", "sources"), [{"a": {"histogram": {"field": "k"}}}]),
        ((*AGGREGATION, "aggs", "more"), {"max": {"field": "k"}}),
        ((*AGGREGATION, "aggs", "more"), {"filter": TERM}),
        ((*AGGREGATION, "aggs", "before"), {"filter": {"range": {"@timestamp": {"lt": "now-9m"}}}}),
        ((*AGGREGATION, "aggs", "before"), {"filter": {"range": {"@timestamp": {"lte": "now-1h/h"}}}}),
        ((*AGGREGATION, "aggs", "before"), {"filter": {"range": {"@timestamp": {"lte": "2024-05-01"}}}}),
        ((*AGGREGATION, "aggs", "before"), {"filter": {"range": {"event.ingested": {"lte": "now-9m"}}}}),
        ((*AGGREGATION, "aggs", "new", "bucket_selector", "script"), "params.seen == 1"),
        ((*AGGREGATION, "aggs", "new", "bucket_selector", "script"), "params.other == 0"),
        ((*AGGREGATION, "aggs", "new", "bucket_selector", "buckets_path"), {"seen": "_count"}),
        ((*AGGREGATION, "aggs", "new", "bucket_selector", "gap_policy"), "skip"),
    ],
)
def test_anything_else_is_refused(path: tuple[str, ...], value: object) -> None:
    body = copy.deepcopy(first_seen())
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(RuleError) as caught:
        read_search(body, CATALOGUE)
    assert caught.value.code.startswith("dsl-")


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "[" * 100_000, '{"query": null}'])
def test_texts_that_are_no_search(text: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_search(text, CATALOGUE)
    assert caught.value.code == "dsl-syntax"
