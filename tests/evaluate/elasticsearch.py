"""Elasticsearch's acceptance data for EQL (../shared/oracle/elasticsearch-eql) as the library takes it.

Queries with what they return, documents, and the schema that their mappings say.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from converter.events.clock import iso
from converter.events.event import Scalar, flatten
from tests.shared import shared

FOLDER = "oracle/elasticsearch-eql"
_FILE_TIME_EPOCH = 11_644_473_600_000

Ids = tuple[str | None, ...]
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A query and what it returns, flat: the ids (any one of `outcomes` is right) and, if stated, the keys."""

    name: str
    query: str
    outcomes: tuple[Ids, ...]
    keys: tuple[str, ...] | None
    size: int | None
    max_samples_per_key: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """Documents, `_id` and `@timestamp` included, with the schema of the index they lie in."""

    documents: tuple[Document, ...]
    schema: dict[str, Any]


def text_of(file: str) -> str:
    return path_of(file).read_text(encoding="utf-8")


def path_of(file: str) -> Path:
    return shared(f"{FOLDER}/{file}")


# --- queries -----------------------------------------------------------------------------------------------------


def cases(file: str) -> list[Case]:
    """The active cases of a query file."""
    text = re.sub(r"^join_keys *=[^\]]*\]", _quoted_nulls, text_of(file), flags=re.MULTILINE)
    return [_case(entry) for entry in tomllib.loads(text)["queries"]]


def _quoted_nulls(found: re.Match[str]) -> str:
    return re.sub(r'(?<!")\bnull\b', '"null"', found[0])


def _case(entry: dict[str, Any]) -> Case:
    ids = entry["expected_event_ids"]
    outcomes = ids if ids and isinstance(ids[0], list) else [ids]
    keys = entry.get("join_keys")
    return Case(
        entry["name"],
        entry["query"],
        tuple(map(_ids, outcomes)),
        None if keys is None else tuple(map(_key, keys)),
        entry.get("size"),
        entry.get("max_samples_per_key", 1),
    )


def _ids(numbers: Iterable[int]) -> Ids:
    return tuple(None if number == -1 else str(number) for number in numbers)


def _key(text: object) -> str:
    """Samples state dates in milliseconds, sequences as texts; our keys are always texts."""
    written = str(text)
    return iso(int(written)) if re.fullmatch(r"\d{13}", written) else written


def spelled(key: Scalar | None) -> str:
    """One of our keys as the cases write keys."""
    if key is None:
        return "null"
    return str(key).lower() if isinstance(key, bool) else str(key)


# --- documents ---------------------------------------------------------------------------------------------------


@cache
def endgame() -> DataSet:
    """The documents of the first query files, with Windows file times."""
    documents = _identified(_documents("test_data.json"), "serial_event_id")
    for document in documents:
        document["@timestamp"] = document["timestamp"] // 10_000 - _FILE_TIME_EPOCH
    return _set(documents, ["endgame-140.mapping"], "serial_event_id")


@cache
def endgame_nanoseconds() -> DataSet:
    """The same documents with the same number read as nanoseconds, which take a text."""
    documents = _identified(_documents("test_data.json"), "serial_event_id")
    for document in documents:
        seconds, rest = divmod(document["timestamp"], 10**9)
        document["@timestamp"] = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
    return _set(documents, ["endgame-140.mapping"], "serial_event_id")


@cache
def extra() -> DataSet:
    """The documents of test_extra.toml, the `null_value` of their mapping applied."""
    documents = _identified(_documents("data/extra.data"), "sequence")
    for document in documents:
        if "optional_field_default_null" in document and document["optional_field_default_null"] is None:
            document["optional_field_default_null"] = "NULL"
    return _set(documents, ["extra.mapping"], "sequence")


@cache
def missing_events() -> DataSet:
    return _set(_identified(_documents("data/missing-events.data"), "sequence"), ["missing-events.mapping"], "sequence")


@cache
def samples() -> DataSet:
    """Three indices as one set. The first writes its dates in a format of its own."""
    names = ("sample1", "sample2", "sample3")
    documents = _identified([item for name in names for item in _documents(f"data/{name}.data")], "id")
    for document in documents:
        pretty = document.get("@timestamp_pretty", "")
        if re.fullmatch(r"\d\d-\d\d-\d{4}", pretty):
            document["@timestamp_pretty"] = f"{datetime.strptime(pretty, '%d-%m-%Y'):%Y-%m-%d}"  # noqa: DTZ007
    return _set(documents, [f"{name}.mapping" for name in names])


@cache
def multiple_samples() -> DataSet:
    return _set(_identified(_documents("data/sample-multi.data"), "id"), ["sample-multi.mapping"])


FILES: dict[str, tuple[int, Callable[[], DataSet]]] = {
    "test_queries.toml": (133, endgame),
    "additional_test_queries.toml": (61, endgame),
    "test_queries_date.toml": (4, endgame),
    "test_queries_date_nanos.toml": (3, endgame_nanoseconds),
    "test_extra.toml": (40, extra),
    "test_missing_events.toml": (26, missing_events),
    "test_sample.toml": (25, samples),
    "test_sample_multi.toml": (9, multiple_samples),
}
"""The query files with the number of their cases, and their documents."""


def _documents(file: str) -> list[Document]:
    documents: list[Document] = json.loads(re.sub(r"^\s*//.*$", "", text_of(file), flags=re.MULTILINE))
    return documents


def _identified(documents: list[Document], id_field: str) -> list[Document]:
    return [document | {"_id": str(document[id_field])} for document in documents]


def _set(documents: list[Document], mappings: Iterable[str], tiebreaker: str | None = None) -> DataSet:
    properties: dict[str, Any] = {}
    for name in mappings:
        properties |= _properties(name)
    schema: dict[str, Any] = {"strict": True, "properties": properties, "types": _dynamic(documents, properties)}
    if tiebreaker is not None:
        schema["tiebreaker"] = tiebreaker
    return DataSet(tuple(documents), schema)


def _properties(mapping: str) -> dict[str, Any]:
    """The fields of a mapping file, the placeholder for keyword types filled in."""
    text = re.sub(r"^\s*#.*$", "", text_of(f"data/{mapping}"), flags=re.MULTILINE)
    found: dict[str, Any] = json.loads(text.replace("[runtime_random_keyword_type]", "keyword"))["properties"]
    return found


def _dynamic(documents: Iterable[Document], properties: dict[str, Any]) -> dict[str, str]:
    """The types that Elasticsearch gives to fields which no mapping names; a text gets an exact sub-field, which EQL
    uses."""
    found: dict[str, str] = {}
    for document in documents:
        for name, values in flatten(document).items():
            if name.split(".")[0] not in properties:
                found.setdefault(name, _type(values[0]))
    return found


def _type(value: Scalar) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "long"
        case float():
            return "double"
        case str():
            return "keyword"


# --- queries that are commented out ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommentedOut:
    """A case that Elasticsearch's suite keeps as a comment. `digest` begins the SHA-256 of its query text."""

    file: str
    line: int
    query: str
    ids: Ids

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.query.encode()).hexdigest()[:12]


def commented_out(file: str) -> list[CommentedOut]:
    """The cases of a query file that stand in comments, in order, with the line they begin on."""
    blocks: list[tuple[int, list[str]]] = []
    inside = False
    for number, line in enumerate(text_of(file).splitlines(), 1):
        found = re.fullmatch(r"\s*#(?!#)\s?(.*)", line)
        if found is not None and found[1].strip() == "[[queries]]":
            blocks.append((number, []))
            inside = True
        elif not line.lstrip().startswith("#"):
            inside = False
        elif found is not None and inside:
            blocks[-1][1].append(found[1])
    entries = ((number, tomllib.loads("\n".join(lines))) for number, lines in blocks)
    return [CommentedOut(file, number, entry["query"], _ids(entry["expected_event_ids"])) for number, entry in entries]
