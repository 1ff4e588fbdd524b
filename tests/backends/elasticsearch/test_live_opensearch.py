"""The live engine on a real OpenSearch: types, kinds of observations, and that nothing is left behind."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from backends.elasticsearch.live.access import Access
from backends.elasticsearch.live.connection import connect
from backends.elasticsearch.live.index import PREFIX
from converter.backend import Artifact, Engine, Observations, TargetEvent, engine_of
from converter.errors import EngineError
from converter.events.clock import iso
from converter.events.event import flatten
from tests.engines.opensearch.server import Server

pytestmark = pytest.mark.engine

SCRIPT = "powershell.file.script_block_text"
ANY_CASE = {"case_insensitive": True}
NOW = 1_767_225_600_000.0
MINUTE = 60_000.0


@pytest.fixture(scope="module")
def engine(opensearch: Server) -> Engine:
    return engine_of("elasticsearch", f"opensearch={opensearch.url}")


@pytest.fixture(autouse=True)
def nothing_is_left(opensearch: Server) -> Iterator[None]:
    yield
    connection = connect("opensearch", Access.of(opensearch.url, {}))
    assert [name for name in connection.request("GET", "/_settings") if name.startswith(PREFIX)] == []


def event(name: str, document: Mapping[str, Any], minutes: float = 0) -> TargetEvent:
    time = NOW - minutes * MINUTE
    whole = {"@timestamp": iso(time), **document}
    return TargetEvent(name, flatten(whole), None, time, whole)


def run(engine: Engine, body: Mapping[str, Any], *events: TargetEvent) -> Observations:
    return engine.run([Artifact("r", ".dsl.json", json.dumps(body))], events, now=NOW)


def test_it_says_what_it_is(engine: Engine) -> None:
    assert (engine.name, engine.independent) == ("opensearch 2.19.1", True)


@pytest.mark.parametrize(
    ("field", "value", "query", "holds"),
    [
        ("process.name", "Cmd.exe", {"term": {"process.name": "Cmd.exe"}}, True),
        ("process.name", "Cmd.exe", {"term": {"process.name": "cmd.exe"}}, False),
        ("process.name", "Cmd.exe", {"term": {"process.name.caseless": "cmd.exe"}}, True),
        ("process.name", "Cmd.exe x", {"match_phrase": {"process.name.text": "cmd.exe"}}, True),
        ("process.name", "Cmd.exe x", {"match_phrase": {"process.name": "cmd.exe"}}, False),
        ("process.name", "x" * 5000, {"exists": {"field": "process.name"}}, True),
        ("process.command_line", "a\\b c", {"wildcard": {"process.command_line": "a\\\\b*"}}, True),
        ("data_stream.dataset", ["a", "b"], {"term": {"data_stream.dataset": "b"}}, True),
        ("message", "One-Two three", {"match_phrase": {"message": "two THREE"}}, True),
        (SCRIPT, "a Get-Item.x", {"match": {SCRIPT: "get-item"}}, True),
        (SCRIPT, "a Get-Item.x", {"match": {SCRIPT: "item"}}, False),
        ("process.pid", "5", {"range": {"process.pid": {"gt": 4}}}, True),
        ("process.pid", "many", {"exists": {"field": "process.pid"}}, False),
        ("process.pid", ["many", 7], {"term": {"process.pid": 7}}, True),
        ("event.risk_score", 1.5, {"term": {"event.risk_score": 1.5}}, True),
        ("process.interactive", "true", {"term": {"process.interactive": True}}, True),
        ("process.interactive", "perhaps", {"exists": {"field": "process.interactive"}}, False),
        ("event.ingested", "2024-05-01", {"range": {"event.ingested": {"lt": "2024-05-02"}}}, True),
        ("event.ingested", "yesterday", {"exists": {"field": "event.ingested"}}, False),
        ("host.ip", ["::1", "10.0.0.7"], {"term": {"host.ip": "10.0.0.0/8"}}, True),
        ("host.ip", "router", {"exists": {"field": "host.ip"}}, False),
        ("file.elf.exports", {"a": {"b": "C"}}, {"prefix": {"file.elf.exports.a.b": {"value": "c", **ANY_CASE}}}, True),
        ("some.unheard-of", "x", {"term": {"some.unheard-of": "x"}}, True),
    ],
)  # fmt: skip
def test_fields_have_the_types_of_the_catalogue(
    engine: Engine, field: str, value: object, query: Mapping[str, Any], holds: bool
) -> None:
    found = run(engine, {"query": query}, event("e", {field: value}))
    assert found == Observations("events", frozenset({("e",)}) if holds else frozenset())


def test_one_object_of_a_nested_field(engine: Engine) -> None:
    def attachments(*pairs: tuple[str, str]) -> dict[str, object]:
        return {"email": {"attachments": [{"file": {"name": name, "extension": kind}} for name, kind in pairs]}}

    parts = [{"term": {f"email.attachments.file.{key}": key[0]}} for key in ("name", "extension")]
    query = {"nested": {"path": "email.attachments", "query": {"bool": {"filter": parts}}}}
    together, apart = attachments(("n", "e")), attachments(("n", "x"), ("x", "e"))
    assert run(engine, {"query": query}, event("same", together), event("other", apart)).items == {("same",)}


def test_ids_may_be_anything(engine: Engine) -> None:
    names = ["a/b", "é", " ", "x" * 1000, "_id", '"']
    found = run(engine, {"query": {"match_all": {}}}, *(event(name, {"_id": "else"}) for name in names))
    assert found.items == {(name,) for name in names}


def test_all_events_are_found_of_however_many(engine: Engine) -> None:
    events = [event(str(number), {"process.pid": number}) for number in range(10_050)]
    body = {"query": {"range": {"process.pid": {"gte": 20}}}, "size": 100, "sort": [{"@timestamp": "asc"}]}
    assert len(run(engine, body, *events).items) == 10_030


def test_no_events(engine: Engine) -> None:
    assert run(engine, {"query": {"match_all": {}}, "sort": [{"@timestamp": "asc"}]}) == Observations("events")


def test_a_search_for_a_few_events_keeps_its_size(engine: Engine) -> None:
    events = [event(str(minutes), {}, minutes) for minutes in range(5)]
    body = {"query": {"match_all": {}}, "size": 2, "sort": [{"@timestamp": "asc"}], "track_total_hits": False}
    assert run(engine, body, *events).items == {("4",), ("3",)}


def test_now_is_the_present_of_the_run(engine: Engine) -> None:
    events = [event(str(minutes), {}, minutes) for minutes in (-1, 0, 8, 9, 10)]
    body = {"query": {"range": {"@timestamp": {"gte": "now-9m", "lte": "now"}}}}
    assert run(engine, body, *events).items == {("0",), ("8",), ("9",)}


def test_query_strings(engine: Engine) -> None:
    events = [event("a", {"process.name": "a b"}), event("b", {"process.name": "b"})]
    artifact = Artifact("r", ".lucene", "process.name:a\\ * AND NOT process.name:c\n")
    assert engine.run([artifact], events, now=NOW) == Observations("events", frozenset({("a",)}))


def groups(least: int, *fields: str, size: int = 10_000) -> dict[str, Any]:
    keep = {"bucket_selector": {"buckets_path": {"n": "_count"}, "script": f"params.n >= {least}"}}
    if not fields:
        return {"size": 0, "aggs": {"g": {"filters": {"filters": {"all": {"match_all": {}}}}, "aggs": {"keep": keep}}}}
    sources = [{name: {"terms": {"field": name}}} for name in fields]
    return {"size": 0, "aggs": {"g": {"composite": {"size": size, "sources": sources}, "aggs": {"keep": keep}}}}


@pytest.mark.parametrize("size", [1, 2, 10_000])
def test_groups_are_their_values_on_however_many_pages(engine: Engine, size: int) -> None:
    documents: list[dict[str, Any]] = [
        {"user.name": ["x", "y"], "host.ip": "2001:DB8::1"},
        {"user.name": "x", "host.ip": "2001:db8:0::1"},
        {"user.name": "y", "host.ip": "10.0.0.1"},
        {"user.name": "z"},
    ]
    events = [event(str(number), document) for number, document in enumerate(documents)]
    assert run(engine, groups(2, "user.name", "host.ip", size=size), *events) == Observations(
        "groups", frozenset({("x", "2001:db8::1")})
    )
    assert len(run(engine, groups(1, "user.name", "host.ip", size=size), *events).items) == 3


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("process.pid", 5, "5"),
        ("event.risk_score", 2, "2.0"),
        ("process.interactive", True, "true"),
        ("event.ingested", "2024-05-01T02:00:00+02:00", "2024-05-01T00:00:00.000Z"),
        ("user.name", "", ""),
    ],
)
def test_values_of_groups_are_texts(engine: Engine, field: str, value: object, shown: str) -> None:
    assert run(engine, groups(1, field), event("e", {field: value})).items == {(shown,)}


@pytest.mark.parametrize(("least", "items"), [(2, {()}), (3, set())])
def test_without_fields_there_is_one_group(engine: Engine, least: int, items: set[tuple[str, ...]]) -> None:
    assert run(engine, groups(least), event("a", {}), event("b", {})) == Observations("groups", frozenset(items))


def test_first_seen_values_are_terms(engine: Engine) -> None:
    body = groups(1, "user.name")
    old = {"filter": {"range": {"@timestamp": {"lte": "now-9m"}}}}
    keep = {"bucket_selector": {"buckets_path": {"n": "old._count"}, "script": "params.n == 0"}}
    body["aggs"]["g"]["aggs"] = {"old": old, "new": keep}
    events = [event("a", {"user.name": "x"}, 9), event("b", {"user.name": ["x", "y"]}, 8)]
    assert run(engine, body, *events) == Observations("terms", frozenset({("y",)}))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"query": {"wild": {"a": "b"}}}, r"unknown field \[wild\]"),
        ({"query": {"regexp": {"process.name": {"value": "a" * 1001}}}}, "max_regex_length"),
        ({"query": {"script": {"script": "return 1 / 0 == 1"}}}, "by zero"),
    ],
)
def test_a_body_that_is_refused_says_why(engine: Engine, body: Mapping[str, Any], reason: str) -> None:
    with pytest.raises(EngineError, match=reason) as caught:
        run(engine, body, event("e", {"process.name": "x"}))
    assert caught.value.code == "engine-refuses"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"process": "x", "process.name": "y"}, "found a concrete value"),
        ({"process.name": "x" * 40_000}, "immense term"),
    ],
)
def test_an_event_that_is_refused_says_why(engine: Engine, document: Mapping[str, Any], reason: str) -> None:
    with pytest.raises(EngineError, match=reason) as caught:
        run(engine, {"query": {"match_all": {}}}, event("e", document))
    assert caught.value.code == "engine-events"
