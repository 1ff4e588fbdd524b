"""Properties of reading exports and archives: order means nothing, and damage is an error with a place at worst."""

import io
import json
import random
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from converter.errors import RuleError
from converter.readers import Reading, read, scan
from converter.readers.export import Kind, kind_of

NAMES = st.sampled_from(["a", "b", "c"])
NAMESPACES = st.sampled_from([{}, {"namespace_type": "single"}, {"namespace_type": "agnostic"}])
TEXTS = st.text(st.sampled_from('ab"\\\n\t\u00e9\u2028\U0001f600{}[]:,'), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)

references = st.lists(st.builds(lambda name, space: {"list_id": name, **space}, NAMES, NAMESPACES), max_size=3)
rules = st.builds(
    lambda number, query, meta, lists: {
        "rule_id": f"rule-{number}",
        "name": f"Rule {number}",
        "type": "eql",
        "language": "eql",
        "query": query,
        "meta": meta,
        "exceptions_list": lists,
    },
    st.integers(0, 10**6),
    TEXTS,
    JSON,
    references,
)
items = st.builds(
    lambda number, name, space: {
        "item_id": f"item-{number}",
        "list_id": name,
        "entries": [],
        "type": "simple",
        **space,
    },
    st.integers(0, 10**6),
    NAMES,
    NAMESPACES,
)
containers = st.builds(lambda name, space: {"list_id": name, "type": "detection", **space}, NAMES, NAMESPACES)
connectors = st.just({"type": "action", "attributes": {"actionTypeId": ".email"}})
exports = st.lists(rules | items | containers | connectors, min_size=1, max_size=8, unique_by=json.dumps)


@contextmanager
def file_of(content: bytes, name: str = "a.ndjson") -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        yield path


def scanned(content: bytes, name: str = "a.ndjson") -> Reading:
    with file_of(content, name) as path:
        return scan(path)


def lines_of(objects: list[dict[str, object]], ascii_only: bool = True) -> bytes:
    return "".join(f"{json.dumps(item, ensure_ascii=ascii_only)}\n" for item in objects).encode()


def meanings(reading: Reading) -> list[str]:
    """What was read, without where it stood."""
    return sorted(
        repr((dict(raw.data), raw.exceptions, sorted(raw.known_lists), raw.error and raw.error.code))
        for raw in reading.rules
    )


@given(exports, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_order_of_lines_means_nothing(
    objects: list[dict[str, object]], chance: random.Random, ascii_only: bool
) -> None:
    shuffled = objects.copy()
    chance.shuffle(shuffled)
    assert meanings(scanned(lines_of(shuffled, ascii_only))) == meanings(scanned(lines_of(objects)))


@given(exports)
@settings(max_examples=150, deadline=None)
def test_exceptions_are_those_of_the_lists_that_a_rule_names(objects: list[dict[str, object]]) -> None:
    def same_list(entry: dict[str, object], reference: dict[str, object]) -> bool:
        spaces = {entry.get("namespace_type"), reference.get("namespace_type")} - {None}
        return entry.get("list_id") == reference["list_id"] and len(spaces) < 2

    given_rules = {json.dumps(item): item for item in objects if "rule_id" in item}
    if not given_rules:
        return
    for raw in scanned(lines_of(objects)).rules:
        lists = raw.data["exceptions_list"]
        assert isinstance(lists, list)
        expected = {
            item["item_id"] for item in objects if "item_id" in item and any(same_list(item, one) for one in lists)
        }
        assert {item["item_id"] for item in raw.exceptions} == expected
        here = [one for one in lists if any(same_list(item, one) for item in objects)]
        absent = {one["list_id"] for one in lists if one not in here}
        assert raw.known_lists == {one["list_id"] for one in here} - absent


@given(st.lists(rules, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_every_layout_holds_the_same_rules(objects: list[dict[str, object]]) -> None:
    page = {"page": 1, "perPage": 20, "total": len(objects), "data": objects}
    assets = [{"id": "x", "type": "security-rule", "attributes": item} for item in objects]
    expected = meanings(scanned(lines_of(objects)))
    for layout in (objects, page, assets, [page]):
        for indent in (None, 2):
            reading = scanned(json.dumps(layout, indent=indent, ensure_ascii=indent is None).encode(), "a.json")
            assert meanings(reading) == expected
            assert reading.doubts == ()


@given(rules)
@settings(max_examples=100, deadline=None)
def test_every_character_of_a_query_has_its_place(rule: dict[str, object]) -> None:
    query = str(rule["query"])
    for ascii_only in (True, False):
        (raw,) = scanned(lines_of([rule], ascii_only)).rules
        encoded = raw.origin.encoded
        assert encoded is not None
        assert json.loads(f'"{encoded}"') == raw.data["query"] == query


def told(reading: Reading) -> None:
    """Whatever was read is a rule or an error with a place in the file. A TOML file says by its tables that it is a
    rule; what it lacks, `interpret` tells."""
    for raw in reading.rules:
        if raw.error is None:
            assert raw.origin.format == "toml" or kind_of(raw.data) is Kind.RULE
        else:
            assert isinstance(raw.error, RuleError)
            assert raw.error.place.line >= 1
            str(raw.error).encode("utf-8", "surrogateescape")


mutations = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.sampled_from([b"", b"\n", b'"', b"{", b"}", b",", b"\\", b"\xff", b"1e999", b"\0"])
    ),
    min_size=1,
    max_size=4,
)


def mutated(content: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    for position, put in changes:
        at = position % (len(content) + 1)
        content = content[:at] + put + content[at + 1 :]
    return content


@given(exports, mutations)
@settings(max_examples=300, deadline=None)
def test_damage_is_an_error_with_a_place(objects: list[dict[str, object]], changes: list[tuple[int, bytes]]) -> None:
    told(scanned(mutated(lines_of(objects), changes)))
    told(scanned(mutated(json.dumps(objects, indent=1).encode(), changes), "a.json"))


@given(st.lists(rules, min_size=2, max_size=5), st.data())
@settings(max_examples=200, deadline=None)
def test_a_broken_line_spoils_no_other(objects: list[dict[str, object]], data: st.DataObject) -> None:
    lines = lines_of(objects).splitlines()
    broken = data.draw(st.integers(0, len(lines) - 1))
    lines[broken] = lines[broken][: data.draw(st.integers(1, len(lines[broken]) - 1))]
    found = scanned(b"\n".join(lines)).rules
    assert [raw.error is None for raw in found] == [number != broken for number in range(len(lines))]
    assert [raw.origin.line for raw in found] == list(range(1, len(lines) + 1))


@given(st.binary(max_size=200), st.sampled_from(["", "{", "[", '{"rule_id":', "PK\x03\x04"]))
@settings(max_examples=200, deadline=None)
def test_anything_at_all_is_read_or_told(content: bytes, start: str) -> None:
    for name in ("a.ndjson", "a.json", "a", "a.zip", "a.tar", "a.gz"):
        told(scanned(start.encode() + content, name))


def archives() -> dict[str, bytes]:
    tree = {f"{name}.toml": f'[rule]\nname = "{name}"\ntype = "eql"\n'.encode() for name in ("one", "d/two")}
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as writer, tarfile.open(fileobj=tarred, mode="w") as tar:
        for name, content in tree.items():
            writer.writestr(name, content)
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return {"a.zip": zipped.getvalue(), "a.tar": tarred.getvalue()[:4096]}


ARCHIVES = archives()


@given(
    st.sampled_from(sorted(ARCHIVES)),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=2)), min_size=1, max_size=6),
)
@settings(max_examples=600, deadline=None)
def test_damaged_archives_are_read_or_told(name: str, changes: list[tuple[int, bytes]]) -> None:
    told(scanned(mutated(ARCHIVES[name], changes), name))


def test_the_archives_are_sound_before_they_are_damaged() -> None:
    for name, content in ARCHIVES.items():
        with file_of(content, name) as path:
            assert [raw.data["name"] for raw in read(path)] == ["d/two", "one"]
