"""The few requests that tests make of a search server, over one connection that is kept open."""

import http.client
import json
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

Json = dict[str, Any]


class RequestError(Exception):
    """The server refused a request; the text is its answer."""

    def __init__(self, status: int, answer: str) -> None:
        super().__init__(f"{status}: {answer}")
        self.status = status


class Client:
    """Requests to one server by its address (`http://127.0.0.1:9200`). All raise RequestError."""

    def __init__(self, url: str, seconds: float = 60) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def create(
        self, index: str, properties: Mapping[str, object], settings: Mapping[str, object] | None = None
    ) -> None:
        """A new index of one shard, with the types of its fields (`mappings.properties`)."""
        always = {"number_of_shards": 1, "number_of_replicas": 0}
        mapping = {"properties": properties}
        self._request("PUT", f"/{index}", {"settings": {**always, **(settings or {})}, "mappings": mapping})

    def index(self, index: str, documents: Mapping[str, Mapping[str, object]]) -> None:
        """Writes documents by id and makes them visible; one that is refused is an error."""
        lines = [line for name, document in documents.items() for line in ({"index": {"_id": name}}, document)]
        answer = self._request("POST", f"/{index}/_bulk?refresh=true", _ndjson(lines))
        if answer["errors"]:
            refused = [item["index"]["error"] for item in answer["items"] if "error" in item["index"]]
            raise RequestError(400, json.dumps(refused[0]))

    def refresh(self, index: str) -> None:
        """Makes visible what was written."""
        self._request("POST", f"/{index}/_refresh")

    def search(self, index: str, body: Mapping[str, object]) -> Json:
        """The whole answer of one search."""
        return self._request("POST", f"/{index}/_search", body)

    def ids(self, index: str, query: Mapping[str, object]) -> set[str]:
        """The documents that a query selects."""
        return _ids(self.search(index, _whole(query)))

    def ids_of_each(self, index: str, queries: Iterable[Mapping[str, object]]) -> list[set[str]]:
        """The same for many queries in one request."""
        lines = [line for query in queries for line in ({}, _whole(query))]
        answers = self._request("POST", f"/{index}/_msearch", _ndjson(lines))["responses"]
        for answer in answers:
            if "error" in answer:
                raise RequestError(answer["status"], json.dumps(answer["error"]))
        return [_ids(answer) for answer in answers]

    def delete(self, index: str) -> None:
        self._request("DELETE", f"/{index}")

    def _request(self, method: str, path: str, body: Mapping[str, object] | bytes | None = None) -> Json:
        sent = json.dumps(body).encode() if isinstance(body, Mapping) else body
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        self._connection.request(method, path, sent, {"Content-Type": kind})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status >= http.client.BAD_REQUEST:
            raise RequestError(answer.status, text)
        found: Json = json.loads(text)
        return found


def _ndjson(lines: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def _whole(query: Mapping[str, object]) -> Json:
    """A search that returns every document a query selects, and nothing of it but the id."""
    return {"query": query, "size": 10_000, "_source": False}


def _ids(answer: Json) -> set[str]:
    return {hit["_id"] for hit in answer["hits"]["hits"]}
