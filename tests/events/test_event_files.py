"""Event files: every container that is accepted, and every way in which one can be broken."""

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.events.event import Event
from converter.events.reading import read_documents, read_events
from converter.events.writing import line_of, write_documents
from tests.shared import shared

TWO = b'{"process":{"name":"a"}}\n{"process.name":"b"}\n'


def write(folder: Path, content: bytes, name: str = "events") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/events.json", content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TWO, id="ndjson"),
        pytest.param(TWO.replace(b"\n", b"\r\n\r\n"), id="blank lines and CRLF"),
        pytest.param(b"\xef\xbb\xbf" + TWO, id="byte order mark"),
        pytest.param(TWO.rstrip(), id="no last line break"),
        pytest.param(b'[{"process":{"name":"a"}},{"process.name":"b"}]', id="array"),
        pytest.param(b'\n [\n {"process": {\n"name":"a"}},\n{"process.name":"b"}\n]\n', id="array over lines"),
        pytest.param(gzip.compress(TWO), id="gzip"),
        pytest.param(zipped(TWO), id="zip"),
    ],
)
def test_every_container_gives_the_same_events(tmp_path: Path, content: bytes) -> None:
    events = list(read_events(write(tmp_path, content)))
    assert [(event.id, event.fields) for event in events] == [
        ("0", {"process.name": ("a",)}),
        ("1", {"process.name": ("b",)}),
    ]


@pytest.mark.parametrize("content", [TWO, gzip.compress(TWO)], ids=["plain", "gzip"])
def test_a_dash_is_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
    assert [event.id for event in read_events("-")] == ["0", "1"]


def test_hits_keep_their_id_and_index(tmp_path: Path) -> None:
    hit = {"_index": "logs-x", "_id": "q1", "_source": {"a": {"b": [1, None, "x"]}, "event": {"sequence": 7}}}
    (event,) = read_events(write(tmp_path, json.dumps(hit).encode()))
    assert (event.id, event.index, event.tiebreak) == ("q1", "logs-x", 7)
    assert event.fields == {"a.b": (1, "x"), "event.sequence": (7,)}
    assert event.document == hit["_source"]


@pytest.mark.parametrize(
    ("stamp", "millis"),
    [
        ("1970-01-01T00:00:01Z", 1000.0),
        ("1970-01-01T00:00:01.5", 1500.0),
        ("1970-01-01T02:00:00+02:00", 0.0),
        ("1970-01-01T00:00:00.000250000Z", 0.25),
        ("1970-01-02", 86_400_000.0),
        (1500, 1500.0),
        ("15000", 15_000.0),
        ([1500], 1500.0),
        ("1500", -14_831_769_600_000.0),
        (1.5, 1.5),
        (-5, -5.0),
        (None, None),
        ([], None),
    ],
)
def test_time_is_milliseconds_since_1970(tmp_path: Path, stamp: object, millis: float | None) -> None:
    (event,) = read_events(write(tmp_path, json.dumps({"@timestamp": stamp}).encode()))
    assert event.time == millis


def test_ndjson_is_read_line_by_line(tmp_path: Path) -> None:
    events = read_events(write(tmp_path, b'{"a":1}\nnot json\n'))
    assert next(events).fields == {"a": (1,)}


documents = st.dictionaries(
    st.text(min_size=1),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    ),
)


@given(st.lists(documents, max_size=4))
def test_written_documents_read_back_equal(written: list[dict[str, object]]) -> None:
    out = io.StringIO()
    write_documents(written, out)
    monkey = io.TextIOWrapper(io.BufferedReader(io.BytesIO(out.getvalue().encode("ascii"))))
    before, sys.stdin = sys.stdin, monkey
    try:
        read = [document for _, document in read_documents("-")]
    finally:
        sys.stdin = before
    assert read == written


def test_a_document_is_written_on_one_ascii_line() -> None:
    assert line_of({"b": "é\n", "a": [1, None]}) == '{"b":"\\u00e9\\n","a":[1,null]}'


@pytest.mark.shared
def test_recorded_windows_telemetry_is_readable() -> None:
    folder = shared("events/security-datasets")
    paths = sorted(folder.glob("*.zip"))[:3]
    assert paths
    for path in paths:
        first: Event = next(read_events(str(path)))
        assert "EventID" in first.fields
        assert first.time is not None
