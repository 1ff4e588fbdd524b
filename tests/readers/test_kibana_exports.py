"""Kibana's exports and responses of its API: every part of them, and every way in which they may be broken."""

import json
import tomllib
from pathlib import Path

import pytest

from converter.cli import run
from converter.errors import RuleError
from converter.interpret import interpret
from converter.ir.span import Span
from converter.readers import Reading, read, scan
from converter.readers.export import Kind, kind_of
from converter.readers.json_file import CONTAINER_LIMIT, ENTRY_LIMIT
from converter.rule import RawRule
from converter.schema.catalogue import default_catalogue

CASES = Path(__file__).parent / "cases" / "exports"
EXPECTED = tomllib.loads((CASES.parent / "exports.toml").read_text(encoding="utf-8"))

RULE: dict[str, object] = {"rule_id": "r", "name": "N", "type": "eql", "language": "eql", "query": "any where true"}


def described(raw: RawRule) -> dict[str, object]:
    """A rule as the cases say it, without what they may leave out."""
    told: dict[str, object] = {
        "name": raw.data["name"],
        "line": raw.origin.line,
        "known": sorted(raw.known_lists),
        "items": [item["item_id"] for item in raw.exceptions],
        "notes": [note.code for note in raw.notes],
    }
    return {key: value for key, value in told.items() if value != []}


def errors(reading: Reading) -> list[RuleError]:
    return [raw.error for raw in reading.rules if raw.error is not None]


def test_every_case_is_a_file_and_every_file_a_case() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in CASES.iterdir())


@pytest.mark.parametrize("name", [name for name, case in EXPECTED.items() if "fails" not in case])
def test_exports_are_read_part_by_part(name: str) -> None:
    case = EXPECTED[name]
    reading = scan(CASES / name)
    assert [described(raw) for raw in reading.rules if raw.error is None] == case.get("rules", [])
    told = [{"line": one.place.line, "column": one.place.column, "code": one.code} for one in errors(reading)]
    assert told == case.get("errors", [])
    assert [doubt.place.line for doubt in reading.doubts] == [doubt["line"] for doubt in case.get("doubts", [])]
    for doubt, expected in zip(reading.doubts, case.get("doubts", []), strict=True):
        assert doubt.code == "export-incomplete"
        assert expected["says"] in doubt.message
    assert [raw.origin.index for raw in reading.rules] == list(range(len(reading.rules)))


@pytest.mark.parametrize("name", [name for name, case in EXPECTED.items() if "fails" in case])
def test_json_without_rules_is_an_error_where_it_is_named_and_passed_over_elsewhere(name: str, tmp_path: Path) -> None:
    (error,) = errors(scan(CASES / name))
    assert error.code == EXPECTED[name]["fails"]
    (tmp_path / name).write_bytes((CASES / name).read_bytes())
    reading = scan(tmp_path)
    assert [Path(item.path).name for item in reading.skipped] == [name]
    assert [error.code for error in errors(reading)] == ["folder-empty"]


def test_what_an_export_without_rules_holds_is_said() -> None:
    (error,) = errors(scan(CASES / "exceptions_only.ndjson"))
    assert "1 exception list, 2 exception items" in error.what


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_queries_are_where_their_places_say(name: str) -> None:
    lines = (CASES / name).read_text(encoding="utf-8").removeprefix("\ufeff").split("\n")
    for raw in read(CASES / name):
        if isinstance(query := raw.data.get("query"), str):
            place = raw.origin.query
            written = json.dumps(query, ensure_ascii=False)[1:]
            assert lines[place.line - 1].removeprefix("\ufeff")[place.column - 1 :].startswith(written)
            assert raw.places["query"] == place
            assert raw.origin.encoded == written[:-1]


def test_a_mistake_in_a_query_is_shown_where_it_stands_between_the_escapes(tmp_path: Path) -> None:
    query = 'process where process.name == "a\\\\b" \n\tand \u00e9\U0001f600 ? 1'
    file = tmp_path / "a.ndjson"
    for ascii_only in (True, False):
        line = json.dumps(RULE | {"query": query}, ensure_ascii=ascii_only)
        file.write_text(f"\n{line}\n", encoding="utf-8")
        (raw,) = read(file)
        for needle in ('"a', "b", "and", "? 1"):
            before = query[: query.index(needle)]
            span = Span(0, 0, before.count("\n") + 1, len(before) - before.rfind("\n"))
            place = raw.origin.place(span)
            assert place.line == 2
            assert line[place.column - 1 :].startswith(json.dumps(needle)[1:-1])


def test_an_error_in_a_query_has_its_place_and_its_line_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    line = json.dumps(RULE | {"query": 'process where\n  process.name == "a"\n  and and'})
    file.write_text(line, encoding="utf-8")
    (raw,) = read(file)
    error = interpret(raw, default_catalogue()).error
    assert error is not None
    assert error.place.column == line.rindex("and") + 1
    caret = error.caret()
    assert caret is not None
    shown, mark = caret.split("\n")
    assert shown[len(mark) - 1 :].startswith("and")


def test_texts_that_hold_nothing_are_absent() -> None:
    first, second, third, fourth = read(CASES / "empty_texts.ndjson")
    absent = {"note", "license", "timestamp_override", "building_block_type", "setup"}
    assert not first.data.keys() & absent
    assert first.data["query"] == "None"
    assert second.data["threshold"] == {"field": ["host.id"], "value": 5, "cardinality": []}
    assert third.data["threshold"] == {"field": [], "value": 5}
    assert fourth.data["event_category_override"] == "event.type"


def test_of_repeated_keys_the_last_counts() -> None:
    (raw,) = read(CASES / "repeated_keys.ndjson")
    assert raw.data["query"] == "any where true"
    (note,) = raw.notes
    assert "`query`, `a`" in note.message


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"rule_id": "a", "type": "query"}, Kind.RULE),
        ({"rule_id": "a", "type": "no such type"}, Kind.RULE),
        ({"type": "eql", "query": "any where true"}, Kind.RULE),
        ({"type": "eql"}, Kind.UNKNOWN),
        ({"list_id": "l", "type": "detection"}, Kind.EXCEPTION_LIST),
        ({"list_id": "l", "type": "endpoint_trusted_apps"}, Kind.EXCEPTION_LIST),
        ({"list_id": "l", "item_id": "i", "entries": [], "type": "simple"}, Kind.EXCEPTION_ITEM),
        ({"type": "action", "attributes": {"actionTypeId": ".email"}}, Kind.CONNECTOR),
        ({"type": "action", "attributes": {}}, Kind.UNKNOWN),
        ({"exported_count": 3}, Kind.SUMMARY),
        ({"exported_exception_list_count": 1}, Kind.SUMMARY),
        ({"rule_id": "a", "error": {"message": "m", "status_code": 409}}, Kind.UNKNOWN),
        ({}, Kind.UNKNOWN),
    ],
)
def test_every_part_is_known_by_its_keys(data: dict[str, object], kind: Kind) -> None:
    assert kind_of(data) is kind


def test_a_line_that_is_no_utf_8_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    good = json.dumps(RULE).encode()
    file.write_bytes(b"\n".join([good, b'{"name":"caf\xe9"}', good]))
    first, second, third = read(file)
    assert (first.error, third.error) == (None, None)
    assert second.error is not None
    assert (second.error.code, second.error.place.line, second.error.place.column) == ("file-encoding", 2, 13)


def test_a_byte_order_mark_line_ends_of_another_system_and_strange_line_ends_are_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    line = json.dumps(RULE | {"name": "a\u2028b\u0085c"}, ensure_ascii=False)
    file.write_bytes(f"\ufeff{line}\r\n\r\n{line}\r\n".encode())
    assert [(raw.error, raw.origin.line) for raw in read(file)] == [(None, 1), (None, 3)]


@pytest.mark.parametrize("suffix", ["", ".txt", ".json", ".ndjson", ".toml"])
def test_content_decides_and_not_the_suffix(suffix: str, tmp_path: Path) -> None:
    for name in ("complete.ndjson", "page.json", "list.json", "asset.json"):
        file = tmp_path / f"file{suffix}"
        file.write_bytes((CASES / name).read_bytes())
        assert [raw.data["name"] for raw in read(file)] == [rule["name"] for rule in EXPECTED[name]["rules"]]


@pytest.mark.parametrize("name", [None, 1, "", [], {}, ["known"], {"known": 1}])
def test_references_and_items_without_a_usable_id_have_nothing_in_common(name: object, tmp_path: Path) -> None:
    item = {"list_id": name, "item_id": "i", "entries": []}
    rule = RULE | {"exceptions_list": [{"list_id": name}, name]}
    (tmp_path / "a.ndjson").write_text(f"{json.dumps(rule)}\n{json.dumps(item)}\n")
    (raw,) = read(tmp_path / "a.ndjson")
    assert len(raw.exceptions) == isinstance(name, str)
    assert interpret(raw, default_catalogue()).name == "N"


def test_a_search_body_stays_one(tmp_path: Path) -> None:
    for name in ("a.json", "a.ndjson", "a.dsl.json"):
        (tmp_path / name).write_text('{"query": {"term": {"process.name": "x"}}}')
        (raw,) = read(tmp_path / name)
        assert (raw.error, raw.data["language"], raw.data["name"]) == (None, "dsl", "a")


@pytest.mark.parametrize("name", ["a.ndjson", "a.json", "a"])
def test_a_line_whose_neighbour_is_cut_at_its_start_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(f'e":"eql"}}\n{json.dumps(RULE)}\n')
    first, second = read(tmp_path / name)
    assert first.error is not None
    assert second.error is None


def test_more_objects_than_any_export_has_are_refused(tmp_path: Path) -> None:
    many = ENTRY_LIMIT + 1
    for text in ("{}\n" * many, f"[{','.join(['{}'] * many)}]", f'{{"rule_id":[{"[]," * CONTAINER_LIMIT}1]}}'):
        (tmp_path / "a.json").write_text(text)
        (raw,) = read(tmp_path / "a.json")
        assert raw.error is not None
        assert raw.error.code == "export-too-long"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('{"meta": {"a": 1, }}', 19),
        ('{"meta": [1, ]}', 14),
        ('{"meta": [1], }', 15),
        ('{"meta": [1 2]}', 13),
        ('{"meta" 1}', 9),
        ('{"meta": 1 "a": 2}', 12),
        ("{'meta': 1}", 2),
        ('{"meta": 01}', 11),
        ('{"meta": "a\tb"}', 12),
        ('{"meta": "\\x"}', 11),
        ('{"meta": "abc', 10),
        ('{"meta": ', 10),
        ('{"meta": Infinity}', 10),
        ('{"meta": -Infinity}', 10),
        ('{"meta": undefined}', 10),
        ('{"meta": 1} // why', 13),
        ('{"meta": {"deep": "\\udc00"}}', 1),
    ],
)
def test_mistakes_in_json_have_their_column(text: str, column: int, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    (raw,) = read(tmp_path / "a.json")
    assert raw.error is not None
    assert (raw.error.code, raw.error.place.line, raw.error.place.column) == ("json-syntax", 1, column)


@pytest.mark.parametrize("value", ["[" * 99 + "]" * 99, '{"a":' * 99 + "1" + "}" * 99])
def test_nesting_is_bounded(value: str, tmp_path: Path) -> None:
    rule = json.dumps(RULE)[:-1]
    (tmp_path / "a.ndjson").write_text(f'{rule},"meta":{value}}}\n{rule},"meta":[{value}]}}\n{rule}}}\n')
    within, beyond, after = read(tmp_path / "a.ndjson")
    assert (within.error, after.error) == (None, None)
    assert beyond.error is not None
    assert (beyond.error.code, beyond.error.place.line) == ("json-nesting", 2)


def test_long_texts_and_long_numbers(tmp_path: Path) -> None:
    lines = [json.dumps(RULE | {"note": "x" * 5_000_000}), json.dumps(RULE)[:-1] + f',"version":{"9" * 5_000}}}']
    (tmp_path / "a.ndjson").write_text("\n".join(lines))
    long, number = read(tmp_path / "a.ndjson")
    assert long.error is None
    assert number.error is not None
    assert number.error.code == "json-syntax"


def test_findings_are_told_at_the_lines_of_their_rules(capfd: pytest.CaptureFixture[str]) -> None:
    files = [
        str(CASES / name) for name in ("complete.ndjson", "truncated_between_lines.ndjson", "repeated_keys.ndjson")
    ]
    assert run(["--to", "elasticsearch", *files]) == 0
    told = [line.split(" ", 4)[:3] for line in capfd.readouterr().err.splitlines() if line.startswith(str(CASES))]
    assert [f"{files[0]}:1:1:", "note", "exception-list-referenced"] in told
    assert [f"{files[0]}:2:1:", "note", "run-window"] in told
    assert [f"{files[1]}:2:1:", "warning", "export-incomplete"] in told
    assert [f"{files[2]}:1:1:", "note", "json-key-repeated"] in told
