"""A throw-away index: made for the events of one run, deleted whatever happens.

Its name is of chance (UUID), so that runs side by side never meet; nothing that is written depends on it.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from backends.elasticsearch.live import mapping
from backends.elasticsearch.live.connection import Connection, Json
from backends.elasticsearch.live.failure import RequestError
from converter.backend import TargetEvent
from converter.errors import ConfigurationError, ConverterError, EngineError
from converter.schema.catalogue import Catalogue

PREFIX = "ruleport-verify-"
PAGE = 10_000
"""Hits and buckets that a server gives at once by default."""

_BULK = 5_000_000
"""Characters of events that are sent at once, roughly."""

_FEW_FIELDS = 1_000
_NOT_FOUND = 404


@contextmanager
def index_of(
    events: Sequence[TargetEvent], asked: Iterable[str], connection: Connection, catalogue: Catalogue
) -> Iterator[str]:
    """The name of an index that holds the events, each with its position as its id, as long as the block runs.

    `asked`: fields that are mapped besides those of the events. Raises ConfigurationError if the server has no room
    for an index or does not answer, EngineError if it does not take the events.
    """
    documents = [_document(event) for event in events]
    fields = {name for event in events for name in event.fields if not name.startswith("_")}
    name = f"{PREFIX}{uuid.uuid4().hex}"
    try:
        _create(name, mapping.properties(connection.product, fields, asked, catalogue), len(documents), connection)
        _fill(name, documents, connection)
        yield name
    except BaseException as error:
        _delete_after(error, name, connection)
        raise
    left = _delete(name, connection)
    if left is not None:
        raise _left_behind(name, connection, left)


def _document(event: TargetEvent) -> Mapping[str, object]:
    """The event without its metadata, which an index keeps elsewhere."""
    document = event.document or event.fields
    return {name: value for name, value in document.items() if not name.startswith("_")}


def _create(name: str, properties: Json, size: int, connection: Connection) -> None:
    settings = {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "analysis": mapping.ANALYSIS,
        "max_result_window": max(PAGE, size),
        "mapping.total_fields.limit": max(_FEW_FIELDS, 2 * mapping.count(properties)),
        "mapping.ignore_malformed": True,  # a value that does not fit its field is as good as none
    }
    body: Json = {"settings": {"index": settings}, "mappings": {"dynamic": False, "properties": properties}}
    try:
        answer = connection.request("PUT", f"/{name}", body)
    except RequestError as error:
        raise ConfigurationError("engine-index", f"{connection.access.url} makes no index: {error}") from None
    if not answer.get("shards_acknowledged", False):
        what = f"{connection.access.url} made an index whose data is nowhere: the cluster is red or full"
        raise ConfigurationError("engine-index", what)


def _fill(name: str, documents: Iterable[Mapping[str, object]], connection: Connection) -> None:
    for lines in _in_parts(documents):
        try:
            answer = connection.request("POST", f"/{name}/_bulk", lines)
        except RequestError as error:
            raise _not_taken(str(error)) from None
        if answer.get("errors"):
            reasons = [item["index"]["error"]["reason"] for item in answer["items"] if "error" in item["index"]]
            raise _not_taken(reasons[0])
    connection.request("POST", f"/{name}/_refresh")


def _in_parts(documents: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The NDJSON of bulk requests, none of them much longer than the longest document."""
    lines: list[str] = []
    length = 0
    for position, document in enumerate(documents):
        lines.append(f'{{"index": {{"_id": "{position}"}}}}\n{json.dumps(document)}\n')
        length += len(lines[-1])
        if length >= _BULK:
            yield "".join(lines)
            lines, length = [], 0
    if lines:
        yield "".join(lines)


def _not_taken(reason: str) -> EngineError:
    return EngineError("engine-events", f"the engine does not take an event: {reason:.300}")


def _delete(name: str, connection: Connection) -> str | None:
    """Deletes the index, if there is one; otherwise why that failed."""
    try:
        connection.request("DELETE", f"/{name}")
    except RequestError as error:
        return None if error.status == _NOT_FOUND else str(error)
    except ConfigurationError as error:
        return error.what
    return None


def _delete_after(error: BaseException, name: str, connection: Connection) -> None:
    """Deletes the index of a run that failed. If that fails too, one line tells of both."""
    left = _delete(name, connection)
    if left is not None:
        before = error.what if isinstance(error, ConverterError) else None
        raise _left_behind(name, connection, left, before) from error


def _left_behind(name: str, connection: Connection, why: str, before: str | None = None) -> ConfigurationError:
    reasons = dict.fromkeys(reason for reason in (before, why) if reason)
    return ConfigurationError(
        "engine-index-left",
        f"the index `{name}` may be left at {connection.access.url}: {'; '.join(reasons)}",
        advice="delete it there",
    )
