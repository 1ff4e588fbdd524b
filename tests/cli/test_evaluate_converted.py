"""`convert evaluate`: converted files on the target's own events, and events that a schema describes."""

import json
from pathlib import Path

import pytest

from converter.cli import run

Captured = pytest.CaptureFixture[str]

RULE = """[rule]
name = "Netcat"
rule_id = "q"
type = "eql"
query = 'process where host.os.type == "windows" and event.type == "start" and process.name : "nc.exe"'
"""
ECS: dict[str, object] = {
    "@timestamp": "2024-05-01T00:00:00Z",
    "event": {"category": "process", "type": "start"},
    "host.os.type": "windows",
    "process.name": "NC.exe",
}
SYSMON = {"source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "EventCode": "1"}
WINDOWS = {"table": "windows_events", "eventid": 1, "source": "Microsoft-Windows-Sysmon/Operational"}

CASES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "elasticsearch": (ECS, {**ECS, "process.name": "ncat.exe"}),
    "splunk:ecs": (ECS, {**ECS, "process.name": "ncat.exe"}),
    "splunk:ta": ({**SYSMON, "Image": "C:\\nc.exe"}, {**SYSMON, "Image": "C:\\ncat.exe"}),
    "splunk:ta:savedsearch": ({**SYSMON, "Image": "C:\\nc.exe"}, {**SYSMON, "EventCode": "5", "Image": "C:\\nc.exe"}),
    "sigma": ({"Image": "C:\\nc.exe"}, {"Image": "C:\\ncat.exe"}),
    "sigma:ecs": (ECS, {**ECS, "event.type": "end", "event": {"category": "process"}}),
    "osquery": ({**WINDOWS, "Image": "C:\\nc.exe"}, {**WINDOWS, "eventid": 5, "Image": "C:\\nc.exe"}),
    "osquery::pack": ({**WINDOWS, "Image": "C:\\nc.exe"}, {**WINDOWS, "Image": "C:\\ncat.exe"}),
}
"""Per target: an event that the converted rule finds, and one beside it."""


def write(path: Path, *events: object) -> Path:
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    return path


def found(capfd: Captured, *arguments: object) -> list[dict[str, object]]:
    capfd.readouterr()
    assert run(["evaluate", *map(str, arguments)]) == 0
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


@pytest.mark.parametrize("to", CASES)
def test_a_converted_file_is_run_by_its_target(to: str, tmp_path: Path, capfd: Captured) -> None:
    source = tmp_path / "netcat.toml"
    source.write_text(RULE)
    assert run(["-q", "--to", to, "-o", str(tmp_path / "out"), str(source)]) == 0
    (converted,) = (path for path in (tmp_path / "out").rglob("*") if path.is_file())
    hit, miss = CASES[to]
    events = write(tmp_path / "events.ndjson", miss, {**hit, "_id": "hit"})
    (match,) = found(capfd, converted, "--events", events)
    assert match["ids"] == ["hit"]


def test_rules_and_converted_files_come_in_the_order_of_the_command_line(tmp_path: Path, capfd: Captured) -> None:
    source = tmp_path / "netcat.toml"
    source.write_text(RULE)
    run(["-q", "--to", "splunk:ecs", "-o", str(tmp_path / "out"), str(source)])
    converted = tmp_path / "out" / "splunk" / "netcat.spl"
    events = write(tmp_path / "events.ndjson", ECS)
    ids = [line["rule_id"] for line in found(capfd, converted, source, "--events", events)]
    assert ids[1] == "q"
    assert ids[0] != "q"


def test_hits_of_a_converted_file_come_in_the_order_of_the_targets_clock(tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / "any.spl").write_text('source="a"')
    events = write(
        tmp_path / "events.ndjson",
        {"_id": "late", "_time": 20.5, "source": "a"},
        {"_id": "early", "_time": "10", "source": "a"},
    )
    assert [line["ids"] for line in found(capfd, tmp_path / "any.spl", "--events", events)] == [["early"], ["late"]]
    first = found(capfd, tmp_path / "any.spl", "--events", events, "--now", "15000")
    assert [line["ids"] for line in first] == [["early"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.spl", "| nonsense ((("),
        ("a.sql", "DROP TABLE x"),
        ("a.sql", ""),
        ("a.yml", "a: [1"),
        ("a.pack.json", "{"),
        ("a.pack.json", '{"queries": 1}'),
        ("a.conf", "[a\nb"),
        ("a.dsl.json", '{"query": {"nonsense": 1}}'),
        ("a.dsl.json", '{"query": {'),
        ("none.spl", None),
    ],
)
def test_a_text_that_no_engine_runs_is_one_error(name: str, text: str | None, tmp_path: Path, capfd: Captured) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_text(text)
    events = write(tmp_path / "events.ndjson", ECS)
    assert run(["evaluate", str(file), "--events", str(events)]) == 2
    out, err = capfd.readouterr()
    told = [line for line in err.splitlines() if not line.startswith("  ")]
    assert (out, len(told)) == ("", 1)
    assert told[0].startswith(f"{file}:")


# --- schemas -----------------------------------------------------------------------------------------------------

SCHEMAS = {
    "table.json": json.dumps({"types": {"size": "long"}, "clock": "when", "tiebreaker": "number"}),
    "table.toml": 'clock = "when"\ntiebreaker = "number"\n[types]\nsize = "long"\n',
    "mapping.json": json.dumps(
        {"mappings": {"properties": {"size": {"type": "integer"}}}, "clock": "when", "tiebreaker": "number"}
    ),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_gives_types_and_the_order_of_events(name: str, tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / name).write_text(SCHEMAS[name])
    (tmp_path / "q.kql").write_text("size > 9")
    events = write(
        tmp_path / "events.ndjson",
        {"_id": "third", "when": "2024-01-02", "number": 2, "size": 10},
        {"_id": "small", "when": "2024-01-02", "number": 2, "size": 9},
        {"_id": "second", "when": "2024-01-02", "number": 1, "size": 10},
        {"_id": "first", "when": "2024-01-01", "number": 3, "size": 10},
    )
    arguments = (tmp_path / "q.kql", "--events", events, "--schema", tmp_path / name)
    assert [line["ids"] for line in found(capfd, *arguments)] == [["first"], ["second"], ["third"]]


def test_a_mapping_names_aliases_and_multi_fields(tmp_path: Path, capfd: Captured) -> None:
    properties = {
        "event_type": {"type": "keyword"},
        "kind": {"type": "alias", "path": "event_type"},
        "host": {"properties": {"label": {"type": "keyword", "fields": {"words": {"type": "text"}}}}},
    }
    (tmp_path / "s.json").write_text(json.dumps({"properties": properties}))
    (tmp_path / "q.kql").write_text("kind: a and host.label.words: web")
    events = write(
        tmp_path / "events.ndjson", {"event_type": "a", "host": {"label": "Web server"}}, {"event_type": "a"}
    )
    matches = found(capfd, tmp_path / "q.kql", "--events", events, "--schema", tmp_path / "s.json")
    assert [match["ids"] for match in matches] == [["0"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "schema-unreadable"),
        ("{", "schema-unreadable"),
        ("[" * 100_000, "schema-unreadable"),
        ('{"a": ' * 100_000, "schema-unreadable"),
        ("clock = 1", "schema-invalid"),
        ("arrays = [1]", "schema-invalid"),
        ("[types]\na = 'magic'", "schema-invalid"),
        ("[types]\na = []", "schema-invalid"),
        ("types = 1", "schema-invalid"),
        ("colour = 1", "schema-invalid"),
        ('{"properties": {"a": 1}}', "schema-invalid"),
        ('{"properties": {"a": {"type": "alias"}}}', "schema-invalid"),
    ],
)
def test_a_schema_that_cannot_be_used_ends_the_run(
    text: str | None, code: str, tmp_path: Path, capfd: Captured
) -> None:
    file = tmp_path / "schema"
    if text is not None:
        file.write_text(text)
    (tmp_path / "q.kql").write_text("a: b")
    events = write(tmp_path / "events.ndjson", ECS)
    assert run(["evaluate", str(tmp_path / "q.kql"), "--events", str(events), "--schema", str(file)]) == 3
    (line,) = capfd.readouterr().err.splitlines()
    assert line.split()[1:3] == ["error", code]
