"""What is sent to an Elasticsearch, and what is made of its answers. No Elasticsearch runs here: what only it has (EQL,
KQL in search bodies) is checked against answers as its reference documents them."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from converter.backend import Artifact, Observations, TargetEvent, engine_of
from converter.errors import EngineError
from tests.backends.elasticsearch.fake_server import ABOUT, Answer, FakeServer, fake_server

NOW = 1_767_225_600_000.0
EVENTS = [
    TargetEvent(name, {"process.name": (name,)}, None, NOW - 1000, {"process": {"name": name}, "_id": name})
    for name in ("one", "two", "three")
]


def run(server: FakeServer, artifact: Artifact, events: Sequence[TargetEvent] = EVENTS) -> Observations:
    engine = engine_of("elasticsearch", f"{server.product}={server.url}")
    assert (engine.name, engine.independent) == (f"{server.product} {_version(server)}", True)
    return engine.run([artifact], events, now=NOW)


def _version(server: FakeServer) -> Any:
    about: Any = server.answers["GET"][0].body if "GET" in server.answers else ABOUT[server.product]
    return about["version"]["number"]


def hit(position: int) -> dict[str, object]:
    return {"_index": "i", "_id": str(position), "_source": {}}


MISSING = {"_index": "", "_id": "", "missing": True}


def test_sequences_are_the_ids_of_their_events() -> None:
    sequences = [{"join_keys": ["h"], "events": [hit(0), hit(2)]}, {"events": [hit(1), MISSING, hit(2)]}]
    text = 'sequence [process where process.name == "one"] [process where true]\n'
    with fake_server("elasticsearch", search=Answer({"hits": {"sequences": sequences}})) as server:
        found = run(server, Artifact("r", ".eql", text))
    assert found == Observations("sequences", frozenset({("one", "three"), ("two", "", "three")}))
    (asked,) = server.sent("_search")
    assert asked.path.endswith("/_eql/search")
    assert asked.body == {"query": text.rstrip(), "timestamp_field": "@timestamp", "size": 10_000}


def test_events_of_one_time_are_told_apart_where_they_can_be() -> None:
    events = [TargetEvent("a", {"event.sequence": (7,)}, None, NOW, tiebreak=7.0)]
    with fake_server("elasticsearch", search=Answer({"hits": {"events": []}})) as server:
        run(server, Artifact("r", ".eql", "any where true"), events)
    assert server.sent("_search")[0].body["tiebreaker_field"] == "event.sequence"


@pytest.mark.parametrize(
    "sign", [{"_shards": {"failed": 1}}, {"shard_failures": [{}]}, {"timed_out": True}, {"is_partial": True}]
)
@pytest.mark.parametrize(("suffix", "text"), [(".eql", "any where true"), (".dsl.json", "{}")])
def test_half_an_answer_is_none(suffix: str, text: str, sign: dict[str, object]) -> None:
    with (
        fake_server("elasticsearch", search=Answer({"hits": {"events": [], "hits": []}, **sign})) as server,
        pytest.raises(EngineError, match="a part of the index only"),
    ):
        run(server, Artifact("r", suffix, text))
    assert server.indices[0] == server.indices[1] != set()


def test_large_events_are_sent_in_parts() -> None:
    events = [TargetEvent(str(number), {"message": ("x" * 2_000_000,)}, None, NOW) for number in range(5)]
    with fake_server("elasticsearch") as server:
        run(server, Artifact("r", ".dsl.json", "{}"), events)
    assert [len(bulk.body) // 2 for bulk in server.sent("_bulk")] == [3, 2]
    assert [line["index"]["_id"] for bulk in server.sent("_bulk") for line in bulk.body[::2]] == list("01234")


def test_no_sequence() -> None:
    with fake_server("elasticsearch", search=Answer({"hits": {"sequences": []}})) as server:
        assert run(server, Artifact("r", ".eql", "sequence [a where true] [b where true]")).kind == "sequences"


def test_events_of_an_eql_query() -> None:
    with fake_server("elasticsearch", search=Answer({"hits": {"events": [hit(1)]}})) as server:
        assert run(server, Artifact("r", ".eql", "any where true")) == Observations("events", frozenset({("two",)}))


def test_a_request_in_eql_is_sent_without_its_window_and_with_its_other_conditions() -> None:
    window = {"range": {"@timestamp": {"gte": "now-9m", "lte": "now"}}}
    other = {"range": {"event.ingested": {"gte": "now-1d"}}}
    body = {
        "query": "any where true",
        "size": 100,
        "filter": {"bool": {"filter": [window, other]}},
        "fields": ["*"],
        "tiebreaker_field": "event.sequence",
    }
    with fake_server("elasticsearch", search=Answer({"hits": {"events": []}})) as server:
        run(server, Artifact("r", ".eql.json", json.dumps(body)))
    (asked,) = server.sent("_search")
    rest = {"range": {"event.ingested": {"gte": "2026-01-01T00:00:00.000Z||-1d"}}}
    assert asked.body == {
        "query": "any where true",
        "size": 10_000,
        "filter": {"bool": {"filter": [rest]}},
        "tiebreaker_field": "event.sequence",
    }


def test_kql_is_a_clause_since_8_16() -> None:
    with fake_server("elasticsearch", search=Answer({"hits": {"hits": [hit(0)]}})) as server:
        assert run(server, Artifact("r", ".kql", "process.name: one\n")).items == {("one",)}
        assert server.sent("_search")[0].body["query"] == {"kql": {"query": "process.name: one"}}
        older = {"name": "a", "version": {"number": "8.15.3"}}
        server.answers["GET"] = [Answer(older)]
        with pytest.raises(EngineError, match=r"runs KQL since 8\.16, and this is 8\.15\.3"):
            run(server, Artifact("r", ".kql", "process.name: one\n"))


@pytest.mark.parametrize("text", ["event.ingested >= now-5d", '@timestamp < "now"', "event.ingested: [now/d TO *]"])
@pytest.mark.parametrize("suffix", [".kql", ".lucene"])
def test_relative_dates_in_texts_are_not_run(suffix: str, text: str) -> None:
    with fake_server("elasticsearch") as server:
        with pytest.raises(EngineError, match="relative to now") as caught:
            run(server, Artifact("r", suffix, text))
        assert caught.value.code == "engine-format"
        assert run(server, Artifact("r", suffix, "process.name: (nowhere or snow or know-how or i.now)")).items == set()
    assert len(server.sent("PUT")) == 1


def test_a_rule_for_kibana_is_not_run() -> None:
    with fake_server("elasticsearch") as server, pytest.raises(EngineError, match=r"does not run `\.ndjson` files"):
        run(server, Artifact("r", ".ndjson", "{}"))


@pytest.mark.parametrize("suffix", [".eql", ".eql.json", ".kql"])
def test_opensearch_has_neither_eql_nor_kql(suffix: str) -> None:
    with fake_server("opensearch") as server:
        with pytest.raises(EngineError, match=r"OpenSearch has no (EQL|KQL)") as caught:
            run(server, Artifact("r", suffix, "any where true"))
        assert caught.value.code == "engine-format"
    assert server.sent("PUT") == []


def test_the_index_holds_the_documents_without_their_metadata() -> None:
    with fake_server("elasticsearch") as server:
        run(server, Artifact("r", ".dsl.json", '{"query": {"term": {"process.command_line": "x"}}}'))
    (made,) = server.sent("PUT")
    assert made.body["mappings"]["properties"] == {
        "@timestamp": {"type": "date"},
        "event": {"properties": {"category": {"type": "keyword"}}},
        "process": {"properties": {"command_line": {"type": "wildcard"}, "name": {"type": "keyword"}}},
    }
    (bulk,) = server.sent("_bulk")
    assert bulk.body[:2] == [{"index": {"_id": "0"}}, {"process": {"name": "one"}}]
    assert len(bulk.body) == 6
    assert [(asked.method, asked.path.count("/")) for asked in server.asked] == [
        ("GET", 1),
        ("PUT", 1),
        ("POST", 2),
        ("POST", 2),
        ("POST", 2),
        ("DELETE", 1),
    ]


def test_events_after_the_present_are_left_out() -> None:
    later = TargetEvent("later", {"process.name": ("x",)}, None, NOW + 1)
    with fake_server("elasticsearch") as server:
        run(server, Artifact("r", ".dsl.json", "{}"), [EVENTS[0], later])
    assert len(server.sent("_bulk")[0].body) == 2


def test_composite_aggregations_are_asked_for_page_by_page() -> None:
    """A page may be empty and not be the last."""

    def page(*names: str, after: str | None) -> Answer:
        buckets = [{"key": {"n": name}, "doc_count": 1} for name in names]
        following = {} if after is None else {"after_key": {"n": after}}
        return Answer({"hits": {"hits": []}, "aggregations": {"g": {"buckets": buckets, **following}}})

    source = {"n": {"terms": {"field": "process.name"}}}
    body = {"size": 0, "aggs": {"g": {"composite": {"size": 2, "sources": [source]}, "aggs": {}}}}
    pages = [page("one", "two", after="two"), page(after="t"), page("three", after="three"), page(after=None)]
    with fake_server("elasticsearch", search=pages) as server:
        found = run(server, Artifact("r", ".dsl.json", json.dumps(body)))
    assert found == Observations("groups", frozenset({("one",), ("two",), ("three",)}))
    after = [asked.body["aggs"]["g"]["composite"].get("after") for asked in server.sent("_search")]
    assert after == [None, {"n": "two"}, {"n": "t"}, {"n": "three"}]
