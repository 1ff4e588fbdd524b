"""Elasticsearch's own acceptance data for EQL (../shared/oracle/elasticsearch-eql): cases, documents, mappings."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from converter.events.event import Event, flatten
from converter.schema.catalogue import Catalogue, FieldType
from tests.shared import shared

FOLDER = "oracle/elasticsearch-eql"
_FILE_TIME_EPOCH = 11_644_473_600_000


@dataclass(frozen=True, slots=True)
class Case:
    """One query and the ids that it returns, in order; `file` and `name` identify it."""

    file: str
    name: str
    query: str
    ids: tuple[str, ...]


def event_cases(file: str) -> list[Case]:
    """The cases of a query file that are plain event queries."""
    text = shared(f"{FOLDER}/{file}").read_text(encoding="utf-8")
    text = re.sub(r"^join_keys *=.*?\]\s*$", "", text, flags=re.MULTILINE | re.DOTALL)
    entries = tomllib.loads(text)["queries"]
    return [
        Case(file, entry["name"], entry["query"], tuple(str(number) for number in entry["expected_event_ids"]))
        for entry in entries
        if not re.match(r"\s*(?:sequence|sample)\b", entry["query"])
    ]


def endgame_events(*, nanoseconds: bool = False) -> list[Event]:
    """The documents of test_data.json with `@timestamp` by the suite's conversion (README, "Time")."""
    documents = json.loads(shared(f"{FOLDER}/test_data.json").read_text(encoding="utf-8"))
    return [_endgame_event(document, nanoseconds) for document in documents]


def _endgame_event(document: dict[str, object], nanoseconds: bool) -> Event:
    stamp = document["timestamp"]
    assert isinstance(stamp, int)
    moment = stamp / 1_000_000 if nanoseconds else stamp // 10_000 - _FILE_TIME_EPOCH
    fields = flatten(document)
    fields["@timestamp"] = (_iso_nanoseconds(stamp) if nanoseconds else int(moment),)
    fields["event.category"] = fields["event_type"]
    fields["event.sequence"] = fields["serial_event_id"]
    return Event(str(document["serial_event_id"]), fields, document, float(moment))


def _iso_nanoseconds(stamp: int) -> str:
    """A text, since milliseconds as a double lose nanoseconds."""
    from datetime import UTC, datetime

    seconds, rest = divmod(stamp, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def extra_events() -> list[Event]:
    """The documents of extra.data, in order of time and sequence number; its mapping's `null_value` applied."""
    documents = json.loads(shared(f"{FOLDER}/data/extra.data").read_text(encoding="utf-8"))
    return [_extra_event(document) for document in documents]


def _extra_event(document: dict[str, object]) -> Event:
    if "optional_field_default_null" in document and document["optional_field_default_null"] is None:
        document = document | {"optional_field_default_null": "NULL"}
    fields = flatten(document)
    fields["event.category"] = fields["event_type"]
    fields["event.sequence"] = fields["sequence"]
    return Event(str(document["sequence"]), fields, document)


def mapped_catalogue(mapping: str) -> Catalogue:
    """The types of a mapping file; aliases and the placeholder for keyword types are resolved."""
    text = shared(f"{FOLDER}/data/{mapping}").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    properties = json.loads(text.replace("[runtime_random_keyword_type]", "keyword"))["properties"]
    entries = dict(_entries("", properties))
    types = {name: entry["type"] for name, entry in entries.items()}
    aliases = {name: entry["path"] for name, entry in entries.items() if entry["type"] == "alias"}
    resolved = types | {name: types[path] for name, path in aliases.items()}
    return Catalogue({}).retyped({name: _type(kind) for name, kind in resolved.items()})


def _entries(prefix: str, properties: dict[str, dict[str, object]]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, entry in properties.items():
        below = entry.get("properties")
        if isinstance(below, dict):
            yield from _entries(f"{prefix}{name}.", below)
        else:
            yield f"{prefix}{name}", {key: str(value) for key, value in entry.items()}


def _type(name: str) -> FieldType:
    return FieldType("date" if name == "date_nanos" else name)
