"""The library: its names are functions, in whatever order they and the subpackages of their names are imported."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import converter

IMPORTS = (
    "import converter; converter.load('rules')",
    "import converter; converter.targets()",
    "import converter.evaluate, converter.verify",
    "from converter.evaluate import compile_predicate; from converter.verify import judge",
    "from converter import evaluate, load, verify",
)


@pytest.mark.parametrize("first", IMPORTS)
def test_names_of_the_library_are_functions(first: str) -> None:
    program = (
        f"{first}\n"
        "import converter\n"
        "rule = converter.parse('process where process.name == \"nc\"', language='eql')\n"
        "print(converter.evaluate(rule, [{'event.category': 'process', 'process.name': 'nc'}])[0].ids)\n"
        "print(converter.convert(rule, to='elasticsearch').verdict, converter.verify(rule, to='elasticsearch').holds)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.split("\n")[:2], done.stderr) == (["('0',)", "exact True"], "")


def test_importing_the_package_loads_nothing() -> None:
    program = "import sys, converter; print([name for name in sys.modules if name.startswith('converter.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


EVENTS = [
    {"@timestamp": "2024-05-01T12:00:00Z", "event": {"category": "process"}, "user.name": "x", "process.name": "ab"},
    {"@timestamp": "2024-05-01T12:00:05Z", "event.category": "file", "user": {"name": "x"}, "_id": "own"},
]


def ids(query: str, events: list[object], **more: object) -> list[tuple[str | None, ...]]:
    return [match.ids for match in converter.evaluate(converter.parse(query, language="eql"), events, **more)]  # type: ignore[arg-type]


def test_events_are_found_by_id_or_position() -> None:
    assert ids("any where true", [*EVENTS]) == [("0",), ("own",)]


def test_a_sequence_states_keys_and_what_is_missing() -> None:
    query = "sequence by user.name with maxspan=1m [process where true] ![network where true] [file where true]"
    (match,) = converter.evaluate(converter.parse(query, language="eql"), EVENTS)
    assert (match.ids, match.keys, match.count) == (("0", None, "own"), ("x",), None)


def test_a_group_states_its_size(tmp_path: Path) -> None:
    rule = tmp_path / "t.toml"
    rule.write_text(
        '[rule]\nname = "t"\ntype = "threshold"\nquery = "user.name: *"\n'
        '[rule.threshold]\nfield = "user.name"\nvalue = 2\n'
    )
    (match,) = converter.evaluate(converter.load(rule)[0], EVENTS)
    assert (match.ids, match.keys, match.count) == (("0", "own"), ("x",), 2)


@pytest.mark.parametrize("now", [1714564800000, 1714564800000.0, "2024-05-01T12:00:00Z", "2024-05-01T14:00+02:00"])
def test_now_is_milliseconds_or_a_text(now: float | str) -> None:
    assert ids("any where true", [*EVENTS], now=now) == [("0",)]


def test_a_schema_says_what_fields_are_and_which_order_events() -> None:
    events = [{"when": 2, "size": "10"}, {"when": 1, "size": "9"}, {"when": 3, "size": "100"}]
    schema = {"types": {"size": "long", "when": "date"}, "clock": "when"}
    assert ids("any where size > 9", [*events], schema=schema) == [("0",), ("2",)]
    assert ids("any where size >= 9", [*events], schema=schema) == [("1",), ("0",), ("2",)]


def test_a_strict_schema_knows_every_field() -> None:
    schema = {"strict": True, "types": {"a": "keyword"}}
    assert ids('any where not ?b : "x"', [{"a": "1"}]) == [("0",)]
    assert ids('any where not ?b : "x"', [{"a": "1"}], schema=schema) == []
    assert ids("any where ?b == ?c", [{"a": "1"}], schema=schema) == [("0",)]
    with pytest.raises(converter.RuleError) as caught:
        converter.parse('any where a == "1" and b == 2', language="eql", schema=schema)
    assert (caught.value.code, caught.value.place.column) == ("field-not-mapped", 24)


def test_kql_finds_nothing_in_a_field_that_does_not_exist() -> None:
    rule = converter.parse("a: 1 or not b: 2", language="kuery")
    assert [match.ids for match in converter.evaluate(rule, [{"a": "0"}], schema={"strict": True})] == [("0",)]


def test_an_alias_has_the_type_of_its_field() -> None:
    mapping = {"properties": {"n": {"type": "long"}, "alias": {"type": "alias", "path": "n"}}}
    assert ids("any where alias > 9", [{"n": "10"}, {"n": "9"}], schema=mapping) == [("0",)]


def test_events_lie_where_the_rule_looks(tmp_path: Path) -> None:
    rule = tmp_path / "t.toml"
    rule.write_text('[rule]\nname = "t"\ntype = "query"\nindex = ["logs-*"]\nquery = "a: *"\n')
    events = [{"a": 1, "_index": "logs-x"}, {"a": 1, "_index": "other"}]
    assert [match.ids for match in converter.evaluate(converter.load(rule)[0], events)] == [("0",)]


def deep(levels: int) -> dict[str, object]:
    document: dict[str, object] = {}
    for _ in range(levels):
        document = {"a": document}
    return document


BAD_EVENTS: dict[str, tuple[object, str]] = {
    "a text": ("x", "events-not-objects"),
    "none": (None, "events-not-objects"),
    "a time in words": ({"@timestamp": "noon"}, "events-time-unreadable"),
    "a value and an object": ({"a": 1, "a.b": 1}, "events-field-conflict"),
    "not finite": ({"a": float("inf")}, "events-number-too-large"),
    "not a number": ({"a": float("nan")}, "events-number-too-large"),
    "a value that JSON does not have": ({"a": [{"b": datetime(2024, 5, 1, tzinfo=UTC)}]}, "events-value-unusable"),
    "too deep": (deep(3000), "events-too-deep"),
}


@pytest.mark.parametrize("case", BAD_EVENTS)
def test_a_document_that_no_index_takes_is_refused(case: str) -> None:
    document, code = BAD_EVENTS[case]
    with pytest.raises(converter.ConfigurationError) as caught:
        ids("any where true", [document])
    assert caught.value.code == code


def test_a_now_that_is_no_time_is_refused() -> None:
    with pytest.raises(converter.ConfigurationError):
        ids("any where true", [*EVENTS], now="soon")


values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=2) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("@timestamp", "event.category", "event", "user.name", "process.pid", "source.ip", "_id", "_index", "_source")
QUERIES = (
    'any where process.pid > 3 or user.name : "a*" or source.ip == "10.0.0.0/8" or length(user.name) > 2',
    "sequence by user.name, process.pid with maxspan=1s [any where true] [process where true] until [file where true]",
    "sample by user.name [any where true] [any where process.pid != null]",
    'any where @timestamp > "now-1d" and event.category != null',
)


@settings(max_examples=300, deadline=3000)
@given(st.sampled_from(QUERIES), st.lists(st.dictionaries(st.sampled_from(NAMES), values) | values, max_size=4))
def test_no_documents_raise_anything_else(query: str, events: list[object]) -> None:
    try:
        found = ids(query, events)
    except converter.ConverterError as error:
        assert error.code  # noqa: PT017 - either outcome is right, another exception is not
    else:
        assert len(found) <= len(events) ** 2
