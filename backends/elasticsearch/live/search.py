"""Outputs as requests to an index, and what their answers observe (spec elasticsearch-target 5).

Bodies are sent as they were written, but for how many hits they ask for and what they show of them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from backends.elasticsearch.live.connection import Connection, Json
from backends.elasticsearch.live.failure import PRODUCTS, RequestError
from backends.elasticsearch.live.index import PAGE
from backends.elasticsearch.live.mapping import TIME_FIELD
from backends.elasticsearch.live.pinned import pinned
from converter.backend import Artifact, Observations
from converter.errors import EngineError
from converter.evaluate import dates
from converter.languages.eql_request import without_window
from converter.schema.catalogue import Catalogue, FieldType

KQL_SINCE = (8, 16)
"""The release of Elasticsearch that reads KQL in search bodies."""

_RELATIVE_DATE = re.compile(r"(?<![\w.])now(?=[-+/\s)\]}\"]|$)")


@dataclass(frozen=True, slots=True)
class Run:
    """An index with its `size` in documents, and the present (milliseconds) of the run. `tiebreaker`: the field that
    orders events of one time, where a text does not name it."""

    connection: Connection
    index: str
    size: int
    now: float
    catalogue: Catalogue
    tiebreaker: str | None = None

    def observe(self, artifact: Artifact) -> Observations:
        """What the output finds; ids are those of the index. Raises EngineError for a form that this server does not
        run and for a request that it refuses, ConfigurationError if it does not answer."""
        check(self.connection, artifact)
        try:
            return _WAYS[artifact.suffix](self, artifact.text)
        except RequestError as error:
            raise EngineError("engine-refuses", f"{PRODUCTS[self.connection.product]} refuses it: {error}") from None

    def send(self, path: str, body: Json) -> Json:
        """The answer to a search. Raises RequestError for one that is refused, EngineError for one that is answered in
        part: what is not in it was not looked for."""
        answer = self.connection.request("POST", f"/{self.index}/{path}", body)
        failed = answer.get("_shards", {}).get("failed") or answer.get("shard_failures")
        if failed or answer.get("timed_out") or answer.get("is_partial"):
            raise EngineError(
                "engine-refuses", f"{PRODUCTS[self.connection.product]} answers for a part of the index only"
            )
        return answer


def check(connection: Connection, artifact: Artifact) -> None:
    """Whether the server runs outputs of this form. Raises EngineError."""
    product = PRODUCTS[connection.product]
    what = None
    if artifact.suffix not in _WAYS:
        what = f"{product} does not run `{artifact.suffix}` files"
    elif connection.product != "elasticsearch" and artifact.suffix in _ELASTIC_ONLY:
        what = f"{product} has no {_ELASTIC_ONLY[artifact.suffix]}: it runs search bodies and query strings"
    elif artifact.suffix == ".kql" and _release(connection) < KQL_SINCE:
        what = f"{product} runs KQL since {'.'.join(map(str, KQL_SINCE))}, and this is {connection.version}"
    elif artifact.suffix in _TEXTS and _RELATIVE_DATE.search(artifact.text):
        what = "dates in a query text that are relative to now are counted by the clock of the server"
    if what is not None:
        raise EngineError("engine-format", what)


def _release(connection: Connection) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", connection.version)[:2])


def _search(run: Run, text: str) -> Observations:
    """A search body: its buckets if it aggregates, otherwise its hits."""
    body = pinned(json.loads(text), run.now, run.catalogue)
    for aggregation in body.get("aggs", {}).values():
        return _groups(run, body, aggregation)
    limited = body.get("track_total_hits") is False  # then the size is part of what is searched for
    shown = {"_source": False, "size": body["size"] if limited else max(run.size, 1)}
    return _events(run.send("_search", {**body, **shown})["hits"]["hits"])


def _groups(run: Run, body: Json, aggregation: Json) -> Observations:
    inside = aggregation.get("aggs", {}).values()
    kind = "terms" if any("filter" in item for item in inside) else "groups"
    if "composite" not in aggregation:
        return Observations(kind, frozenset(() for _ in _buckets(run.send("_search", body))))
    sources = [source for part in aggregation["composite"]["sources"] for source in part.items()]
    read = [(name, _reader(run.catalogue[source["terms"]["field"]].type)) for name, source in sources]
    pages = _pages(run, body, aggregation)
    return Observations(kind, frozenset(tuple(show(item["key"][name]) for name, show in read) for item in pages))


def _pages(run: Run, body: Json, aggregation: Json) -> Iterator[Json]:
    """All buckets of a composite aggregation; a page may be empty and not be the last."""
    name = next(iter(body["aggs"]))
    after: Json = {}
    while True:
        composite = {**aggregation["composite"], **after}
        answer = run.send("_search", {**body, "aggs": {name: {**aggregation, "composite": composite}}})
        yield from _buckets(answer)
        following = answer["aggregations"][name].get("after_key")
        if following is None:
            return
        after = {"after": following}


def _buckets(answer: Json) -> Iterable[Json]:
    (found,) = answer["aggregations"].values()
    buckets = found["buckets"]
    return list(buckets.values()) if isinstance(buckets, dict) else buckets


def _reader(kind: FieldType) -> Callable[[Any], str]:
    """A bucket's key as engines spell terms."""
    if kind is FieldType.DATE:
        return lambda value: dates.text_of(value * dates.MILLISECOND)
    return lambda value: str(value).lower() if isinstance(value, bool) else str(value)


def _query(kind: str) -> Callable[[Run, str], Observations]:
    """A query text as the clause of that kind."""
    options = {"analyze_wildcard": True} if kind == "query_string" else {}

    def send(run: Run, text: str) -> Observations:
        query = {kind: {"query": text.rstrip("\n"), **options}}
        return _events(
            run.send("_search", {"query": query, "_source": False, "size": max(run.size, 1)})["hits"]["hits"]
        )

    return send


def _eql_text(run: Run, text: str) -> Observations:
    order = {"timestamp_field": TIME_FIELD}
    if run.tiebreaker is not None:
        order["tiebreaker_field"] = run.tiebreaker
    return _eql(run, {"query": text.rstrip("\n"), **order})


def _eql_request(run: Run, text: str) -> Observations:
    """A request without the window of time that it searches, which is no part of what is selected."""
    body = json.loads(text)
    return _eql(
        run, pinned({**body, "filter": without_window(body.get("filter", {"match_all": {}}))}, run.now, run.catalogue)
    )


def _eql(run: Run, body: Json) -> Observations:
    shown = {key: value for key, value in body.items() if key != "fields"}
    hits = run.send("_eql/search", {**shown, "size": max(run.size, PAGE)})["hits"]
    if "sequences" not in hits:
        return _events(hits.get("events", []))
    # A missing event has an empty id there as here.
    found = (tuple(event["_id"] for event in item["events"]) for item in hits["sequences"])
    return Observations("sequences", frozenset(found))


def _events(hits: Iterable[Json]) -> Observations:
    return Observations("events", frozenset((hit["_id"],) for hit in hits))


_WAYS: dict[str, Callable[[Run, str], Observations]] = {
    ".dsl.json": _search,
    ".lucene": _query("query_string"),
    ".kql": _query("kql"),
    ".eql": _eql_text,
    ".eql.json": _eql_request,
}
_TEXTS = frozenset({".lucene", ".kql"})
_ELASTIC_ONLY = {".eql": "EQL", ".eql.json": "EQL", ".kql": "KQL"}
