"""OpenSearch as an engine: it answers, and its queries mean what spec elasticsearch-target says of them."""

from collections.abc import Iterator, Mapping

import pytest

from tests.engines.opensearch.client import Client, RequestError
from tests.engines.opensearch.server import Server

pytestmark = pytest.mark.engine

INDEX = "smoke"
TYPES = {
    "name": {"type": "keyword"},
    "other": {"type": "keyword"},
    "loose": {"type": "wildcard"},
    "pid": {"type": "long"},
    "address": {"type": "ip"},
    "@timestamp": {"type": "date"},
}
DOCUMENTS: dict[str, dict[str, object]] = {
    "plain": {"name": "Cmd.exe", "other": "x", "pid": 5, "address": "10.0.0.7", "@timestamp": "2024-05-01T00:00:00Z"},
    "path": {"name": "C:\\Windows\\a*b.exe", "loose": "C:\\Windows", "pid": -1, "@timestamp": "2024-05-02T00:00:00Z"},
    "lines": {"name": "one\ntwo", "address": "::1", "@timestamp": "2024-05-03T00:00:00Z"},
    "list": {"name": ["É", "k", "Cmd.exe"], "other": ["q", "k"], "pid": [1, 9], "@timestamp": "2024-05-04T00:00:00Z"},
    "empty": {"name": "", "@timestamp": "2024-05-05T00:00:00Z"},
    "nothing": {"@timestamp": "2024-05-06T00:00:00Z"},
}
COMMON_VALUE = (
    "if (doc['name'].size() == 0 || doc['other'].size() == 0) return false;"
    "for (x in doc['name']) { if (doc['other'].contains(x)) return true; } return false;"
)


@pytest.fixture(scope="module")
def client(opensearch: Server) -> Iterator[Client]:
    with Client(opensearch.url) as made:
        made.create(INDEX, TYPES)
        made.index(INDEX, DOCUMENTS)
        yield made
        made.delete(INDEX)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"match_all": {}}, set(DOCUMENTS)),
        ({"term": {"name": {"value": "cmd.exe"}}}, set()),
        ({"term": {"name": {"value": "cmd.exe", "case_insensitive": True}}}, {"plain", "list"}),
        ({"term": {"name": {"value": ""}}}, {"empty"}),
        ({"exists": {"field": "name"}}, {"plain", "path", "lines", "list", "empty"}),
        ({"bool": {"must_not": {"term": {"pid": 5}}}}, set(DOCUMENTS) - {"plain"}),
        ({"range": {"pid": {"gt": 2, "lt": 8}}}, {"plain"}),
        ({"term": {"address": "10.0.0.0/8"}}, {"plain"}),
        ({"wildcard": {"name": {"value": "one*two"}}}, {"lines"}),
        ({"wildcard": {"name": {"value": "cmd.ex?", "case_insensitive": True}}}, {"plain", "list"}),
        ({"wildcard": {"name": {"value": "*\\\\windows\\\\a\\*b*", "case_insensitive": True}}}, {"path"}),
        ({"regexp": {"name": {"value": "one.two", "flags": "NONE"}}}, {"lines"}),
        ({"regexp": {"name": {"value": "c.d\\.exe", "case_insensitive": True, "flags": "NONE"}}}, {"plain", "list"}),
        ({"regexp": {"name": {"value": "[a-z]", "flags": "NONE"}}}, {"list"}),
        ({"script": {"script": COMMON_VALUE}}, {"list"}),
    ],
)
def test_a_query_selects(client: Client, query: Mapping[str, object], expected: set[str]) -> None:
    assert client.ids(INDEX, query) == expected


def test_letters_outside_ascii_do_not_fold(client: Client) -> None:
    assert client.ids(INDEX, {"term": {"name": {"value": "é", "case_insensitive": True}}}) == set()


def test_escaped_backslashes_are_lost_on_wildcard_fields(client: Client) -> None:
    """A defect of OpenSearch's: why strings are mapped as keyword."""
    query = {"value": "*\\\\W*"}
    assert client.ids(INDEX, {"wildcard": {"name": query}}) == {"path"}
    assert client.ids(INDEX, {"wildcard": {"loose": query}}) == set()


def test_look_ahead_is_literal_and_long_expressions_are_refused(client: Client) -> None:
    assert client.ids(INDEX, {"regexp": {"name": {"value": "(?=C)Cmd.exe", "flags": "NONE"}}}) == set()
    with pytest.raises(RequestError, match="max_regex_length") as refusal:
        client.ids(INDEX, {"regexp": {"name": {"value": "a" * 1001}}})
    assert refusal.value.status == 400


def test_many_queries_in_one_request(client: Client) -> None:
    queries = [{"term": {"pid": number}} for number in (1, 2, 5)]
    assert client.ids_of_each(INDEX, queries) == [{"list"}, set(), {"plain"}]
    with pytest.raises(RequestError, match="no such query"):
        client.ids_of_each(INDEX, [*queries, {"no such query": {}}])


def test_groups_are_filtered_by_their_counts(client: Client) -> None:
    sub_aggregations = {
        "old": {"filter": {"range": {"@timestamp": {"lte": "2024-05-03T12:00:00Z"}}}},
        "new": {"bucket_selector": {"buckets_path": {"n": "old._count"}, "script": "params.n == 0"}},
    }
    groups = {"composite": {"size": 100, "sources": [{"name": {"terms": {"field": "name"}}}]}, "aggs": sub_aggregations}
    answer = client.search(INDEX, {"size": 0, "aggs": {"groups": groups}})
    names = [bucket["key"]["name"] for bucket in answer["aggregations"]["groups"]["buckets"]]
    assert names == ["", "k", "É"]


def test_a_refused_document_is_an_error(client: Client) -> None:
    with pytest.raises(RequestError, match="pid"):
        client.index(INDEX, {"bad": {"pid": "no number"}})
