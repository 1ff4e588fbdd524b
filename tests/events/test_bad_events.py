"""Event files that are broken, hostile or odd: one clear finding each, with its place; what Elasticsearch would do on
indexing decides what is an error, what is told, and what is plain."""

import gzip
import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.errors import ConfigurationError
from converter.events.container import Limits
from converter.events.document import Clock
from converter.events.event import Event
from converter.events.indexing import Oddities
from converter.events.reading import read_events

NOON = "2024-05-01T12:00:00Z"


def packed(content: bytes, *names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or ("events.json",):
            archive.writestr(name, content)
    return out.getvalue()


def encrypted(content: bytes) -> bytes:
    """An archive that says it is encrypted."""
    whole = bytearray(packed(content))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(signature) + flags] |= 1
    return bytes(whole)


def line(**fields: object) -> bytes:
    return json.dumps({"@timestamp": NOON, **fields}).encode() + b"\n"


def written(folder: Path, content: bytes) -> str:
    path = folder / "events"
    path.write_bytes(content)
    return str(path)


BROKEN = {
    "a line that is cut off": (b'{"a":1}\n{"a":', "events-not-json", 2, 6),
    "a line that is cut off inside a text": (b'{"a":1}\n{"a":"bc', "events-not-json", 2, 6),
    "no JSON behind blanks": (b"{}\n   nonsense", "events-not-json", 2, 4),
    "two documents on a line": (b"{}\n{} {}", "events-not-json", 2, 4),
    "single quotes": (b"{'a': 1}", "events-not-json", 1, 2),
    "a comma too many": (b'{"a":1,}', "events-not-json", 1, 8),
    "not a number": (b'{"a":NaN}', "events-not-json", 1, 1),
    "infinity": (b'{}\n{"a":-Infinity}', "events-not-json", 2, 1),
    "a number of thousands of digits": (b'{"a":' + b"9" * 5000 + b"}", "events-not-json", 1, 1),
    "a number that no double holds": (b'{}\n{"a":{"b":[1,1e999]}}', "events-number-too-large", 2, 1),
    "an array without end": (b'[{"a":1},\n{"a":1}', "events-not-json", 2, 8),
    "text behind an array": (b'[{"a":1}]\n{}', "events-not-json", 2, 1),
    "a text for an event": (b'{}\n"text"', "events-not-objects", 2, 1),
    "a number for an event": (b"{}\n17", "events-not-objects", 2, 1),
    "null for an event": (b"null\n", "events-not-objects", 1, 1),
    "an array of numbers": (b"[1]", "events-not-objects", 1, 1),
    "an array of arrays of events": (b"[[{}]]", "events-not-objects", 1, 1),
    "a list on a later line": (b"{}\n[{}]", "events-not-objects", 2, 1),
    "Latin-1": (b'{}\n{"a":"\xff"}', "events-not-utf-8", 2, 7),
    "Latin-1 in an array": (b'[{},\n{"a":"\xff"}]', "events-not-utf-8", 2, 7),
    "UTF-16, little endian": ('{"a":1}\n'.encode("utf-16"), "events-not-utf-8", 1, 1),
    "UTF-16, big endian, unmarked": ('{"a":1}\n'.encode("utf-16-be"), "events-not-utf-8", 1, 1),
    "nested too deeply to parse": (b'{"a":' * 100_000, "events-too-deep", 1, 1),
    "lists nested too deeply": (b'{"a":' + b"[" * 100_000, "events-too-deep", 1, 1),
    "21 levels of objects": (b'{"a":' * 21 + b"1" + b"}" * 21, "events-too-deep", 1, 1),
    "21 levels of dots": (b'{"' + b".".join([b"a"] * 21) + b'":1}', "events-too-deep", 1, 1),
    "a key twice": (b'{}\n{"a":1,"a":2}', "events-key-repeated", 2, 1),
    "a key twice inside": (b'{"x":[{"a":{"b":1,"c":2,"b":1}}]}', "events-key-repeated", 1, 1),
    "a value and an object": (b'{}\n{"a":1,"a.b":2}', "events-field-conflict", 2, 1),
    "a value and an object, nested": (b'{"a":{"b":1},"a.b":{"c":1}}', "events-field-conflict", 1, 1),
    "values and objects in a list": (b'{"a":[1,{"b":2}]}', "events-field-conflict", 1, 1),
    "a field without a name": (b'{"":1}', "events-field-name", 1, 1),
    "a field name with an empty part": (b'{"a..b":1}', "events-field-name", 1, 1),
    "a field name that ends in a dot": (b'{"a.":1}', "events-field-name", 1, 1),
    "a time in words": (line() + b'{"@timestamp":"yesterday"}', "events-time-unreadable", 2, 1),
    "a time that does not exist": (b'{"@timestamp":"2024-02-30T00:00:00Z"}', "events-time-unreadable", 1, 1),
    "a time with a blank": (b'{"@timestamp":"2024-02-20 00:00:00"}', "events-time-unreadable", 1, 1),
    "a boolean for a time": (b'{"@timestamp":true}', "events-time-unreadable", 1, 1),
    "a time beyond 64 bits": (b'{"@timestamp":1' + b"0" * 400 + b"}", "events-time-unreadable", 1, 1),
    "two times": (b'{"@timestamp":[1500,1600]}', "events-time-several", 1, 1),
    "an object for an id": (line(_id={"a": 1}), "events-id-unusable", 1, 1),
    "gzip that is cut off": (gzip.compress(line())[:-9], "events-unreadable", 1, 1),
    "gzip with a wrong sum": (gzip.compress(line())[:-8] + b"\0" * 8, "events-unreadable", 1, 1),
    "zip that is cut off": (packed(line())[:-30], "events-unreadable", 1, 1),
    "zip that is encrypted": (encrypted(line()), "events-unreadable", 1, 1),
    "a second member that is broken": (packed(b"nonsense", "a.json", "b.json"), "events-not-json", 1, 1),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_no_index_takes_is_refused_where_it_stands(case: str, tmp_path: Path) -> None:
    content, code, at_line, column = BROKEN[case]
    path = written(tmp_path, content)
    with pytest.raises(ConfigurationError) as caught:
        list(read_events(path))
    place = caught.value.place
    assert (caught.value.code, place.path, place.line, place.column) == (code, path, at_line, column)


TAKEN: dict[str, tuple[bytes, dict[str, tuple[object, ...]]]] = {
    "numbers as text": (b'{"process":{"pid":"4"}}', {"process.pid": ("4",)}),
    "arrays of arrays": (b'{"a":[[1,[2]],[],[[3]]]}', {"a": (1, 2, 3)}),
    "dotted and nested": (b'{"a.b":1,"a":{"b":2,"c.d":[{"e":3},{"e":4}]}}', {"a.b": (1, 2), "a.c.d.e": (3, 4)}),
    "nulls and empty containers": (b'{"a":null,"b":[],"c":{},"d":[null,{}],"e":""}', {"e": ("",)}),
    "20 levels": (b'{"a":' * 20 + b"1" + b"}" * 20, {".".join("a" * 20): (1,)}),
    "lists 100 deep": (b'{"a":' + b"[" * 100 + b"1" + b"]" * 100 + b"}", {"a": (1,)}),
    "a text of 5 MB": (b'{"a":"' + b"x" * 5_000_000 + b'"}', {"a": ("x" * 5_000_000,)}),
    "an integer beyond 64 bits": (b'{"a":' + b"9" * 30 + b"}", {"a": (10**30 - 1,)}),
    "half a surrogate pair": (b'{"a":"\\ud800"}', {"a": ("\ud800",)}),
    "a zero byte": (b'{"a":"\\u0000"}', {"a": ("\0",)}),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_an_index_takes_is_taken(case: str, tmp_path: Path) -> None:
    content, fields = TAKEN[case]
    (event,) = read_events(written(tmp_path, content))
    assert event.fields == fields


def told(folder: Path, content: bytes, clock: Clock | None = None) -> tuple[list[Event], list[tuple[str, int]]]:
    oddities = Oddities()
    events = list(read_events(written(folder, content), clock or Clock(), oddities=oddities))
    return events, [(found.code, found.place.line) for found in oddities.told.values()]


@pytest.mark.parametrize(
    ("stamp", "millis", "codes"),
    [
        ("2024-05-01T12:00:00Z", 1_714_564_800_000.0, []),
        ("2024-05-01T12:00:00", 1_714_564_800_000.0, []),
        ("2024-05-01T14:00:00+02:00", 1_714_564_800_000.0, []),
        ("2024-05-01T12:00:00.123456789Z", 1_714_564_800_123.456789, []),
        (1_714_564_800_000, 1_714_564_800_000.0, []),
        ("1714564800000", 1_714_564_800_000.0, []),
        (1_714_564_800, 1_714_564_800.0, ["events-time-unit"]),
        ("1714564800", 1_714_564_800.0, ["events-time-unit"]),
        (1_714_564_800.5, 1_714_564_800.5, ["events-time-unit"]),
        (1_714_564_800_000_000, 1_714_564_800_000_000.0, ["events-time-unit"]),
        (0, 0.0, []),
        (1000, 1000.0, []),
        (None, None, ["events-without-time"]),
    ],
)
def test_times_are_read_as_an_index_reads_them_and_odd_ones_are_told(
    stamp: object, millis: float | None, codes: list[str], tmp_path: Path
) -> None:
    events, found = told(tmp_path, json.dumps({"@timestamp": stamp}).encode())
    assert [event.time for event in events] == [millis]
    assert found == [(code, 1) for code in codes]


def test_nanoseconds_as_a_number_are_too_far_away_to_be_a_time(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        told(tmp_path, b'{"@timestamp":1714564800000000000}')
    assert caught.value.code == "events-time-unreadable"


def test_an_oddity_is_told_once_where_it_is_met_first(tmp_path: Path) -> None:
    _, found = told(tmp_path, line() + b"{}\n{}\n" + b'{"@timestamp":1714564800}\n' * 3)
    assert found == [("events-without-time", 2), ("events-time-unit", 4)]


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"[]", b"\xef\xbb\xbf", gzip.compress(b"")])
def test_a_file_without_events_is_told(content: bytes, tmp_path: Path) -> None:
    assert told(tmp_path, content) == ([], [("events-none", 1)])


def test_an_id_that_is_repeated_is_told_and_both_events_count(tmp_path: Path) -> None:
    events, found = told(tmp_path, line(_id="x") + line() + line(_id="x"))
    assert [event.id for event in events] == ["x", "1", "x"]
    assert found == [("events-id-repeated", 3)]


@pytest.mark.parametrize(("other", "codes"), [("b", []), ("a", [("events-id-repeated", 2)])])
def test_ids_are_told_apart_by_index(other: str, codes: list[tuple[str, int]], tmp_path: Path) -> None:
    assert told(tmp_path, line(_id="x", _index="a") + line(_id="x", _index=other))[1] == codes


def test_another_clock_is_checked_instead(tmp_path: Path) -> None:
    content = b'{"@timestamp":"yesterday","when":1500}'
    events, found = told(tmp_path, content, Clock(time="when"))
    assert ([event.time for event in events], found) == ([1500.0], [])


def test_events_of_other_systems_need_not_be_such_as_an_index_takes(tmp_path: Path) -> None:
    content = b'{"@timestamp":"May 1","host":"web1","host.name":"web1"}'
    (event,) = read_events(written(tmp_path, content), indexed=False)
    assert (event.time, event.fields["host"]) == (None, ("web1",))


SMALL = Limits(line=50, array=50, expanded=50, expansion=3)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"a":"' + b"x" * 100 + b'"}', id="a line"),
        pytest.param(b'[{"a":1}\n' + b',{"a":1}\n' * 10 + b"]", id="an array"),
        pytest.param(gzip.compress(b'{"a":1}\n' * 100), id="gzip"),
        pytest.param(gzip.compress(b"\n" * 5000), id="gzip of blank lines"),
        pytest.param(packed(b'{"a":1}\n' * 100), id="zip"),
    ],
)
def test_limits_hold(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        list(read_events(written(tmp_path, content), limits=SMALL))
    assert caught.value.code == "events-too-large"


def test_a_bomb_is_refused_soon(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"\n" * (24 << 20)))
    begun = time.monotonic()
    with pytest.raises(ConfigurationError) as caught:
        list(read_events(path))
    assert caught.value.code == "events-too-large"
    assert time.monotonic() - begun < 30


# --- whatever the bytes ------------------------------------------------------------------------------------------

SEEDS = (
    line(process={"name": "a", "args": ["x", "y"]}) * 3,
    b'[{"@timestamp":1714564800000,"a.b":[1,2.5,true,null,"\xc3\xa9"]},{"_id":"x","_source":{"a":{}}}]',
    gzip.compress(line(a=1) * 4),
    packed(line(a=1) * 4, "a.json", "folder/b.json"),
)


PIECES = (b"{", b"[", b'"', b"\\u", b"\0", b"1e999", b"\n", b"\xff", b"PK")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A file that was right, with bytes changed, taken out, put in or doubled."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        match draw(st.sampled_from(("change", "cut", "insert", "double", "end"))):
            case "change":
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del content[at : at + draw(st.integers(1, 8))]
            case "insert":
                content[at:at] = draw(st.sampled_from(PIECES))
            case "double":
                content[at:at] = content[at:]
            case _:
                del content[at:]
    return bytes(content)


@settings(
    max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.binary(max_size=200) | mutated())
def test_no_bytes_raise_anything_else(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    found = outcome(path)
    assert found is None or (found.code.startswith("events-") and found.place.path == path)


def outcome(path: str) -> ConfigurationError | None:
    try:
        assert all(isinstance(event, Event) for event in read_events(path))
    except ConfigurationError as error:
        return error
    return None
