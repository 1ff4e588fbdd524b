"""`convert evaluate --rows`: the rows that a Splunk search returns, without a Splunk."""

import json
from pathlib import Path

import pytest

from converter.cli import run

EVENTS = (
    {"_id": "a", "_time": 10, "host": "h1", "process": {"name": "NC", "args": ["nc", "-e"]}},
    {"_id": "b", "_time": 20, "host": "h1", "process": {"name": "sh"}},
    {"_id": "c", "_time": 30, "host": "h2", "process": {"name": "nc"}},
)

Captured = pytest.CaptureFixture[str]


def evaluate(folder: Path, name: str, text: str, *arguments: str) -> int:
    (folder / name).write_text(text)
    events = folder / "events.ndjson"
    events.write_text("".join(f"{json.dumps(event)}\n" for event in EVENTS))
    return run(["evaluate", str(folder / name), "--events", str(events), *arguments])


def rows(capfd: Captured) -> list[object]:
    return [json.loads(line)["row"] for line in capfd.readouterr().out.splitlines()]


def test_rows_come_in_the_order_of_the_search(tmp_path: Path, capfd: Captured) -> None:
    assert evaluate(tmp_path, "a.spl", "process.name=* | sort 0 -_time | table _time, process.name", "--rows") == 0
    assert rows(capfd) == [
        {"_time": "30", "process.name": "nc"},
        {"_time": "20", "process.name": "sh"},
        {"_time": "10", "process.name": "NC"},
    ]


def test_lists_are_lists_and_have_braces(tmp_path: Path, capfd: Captured) -> None:
    assert evaluate(tmp_path, "a.spl", '"process.args{}"="-e" | table process.args', "--rows") == 0
    assert rows(capfd) == [{"process.args": ["nc", "-e"]}]


def test_groups(tmp_path: Path, capfd: Captured) -> None:
    assert evaluate(tmp_path, "a.spl", "* | stats count BY host", "--rows", "--now", "25000") == 0
    assert rows(capfd) == [{"host": "h1", "count": "2"}]


def test_searches_of_a_conf_file_one_after_the_other(tmp_path: Path, capfd: Captured) -> None:
    text = "[first]\nsearch = host=h2 | table host\n[second]\nsearch = process.name=sh | table process.name\n"
    assert evaluate(tmp_path, "a.conf", text, "--rows") == 0
    assert rows(capfd) == [{"host": "h2"}, {"process.name": "sh"}]


def test_the_last_event_of_a_sequence_is_the_match_without_rows(tmp_path: Path, capfd: Captured) -> None:
    spl = "* | sort 0 _time | streamstats current=f last(host) AS before | where host!=before"
    assert evaluate(tmp_path, "a.spl", spl) == 0
    (line,) = capfd.readouterr().out.splitlines()
    assert json.loads(line)["ids"] == ["c"]


def test_a_search_that_cannot_be_read_has_its_place(tmp_path: Path, capfd: Captured) -> None:
    assert evaluate(tmp_path, "a.spl", "host=*\n| frobnicate host", "--rows") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "a.spl:2:" in err
    assert "spl-unknown-command" in err


def test_rules_return_no_rows(tmp_path: Path, capfd: Captured) -> None:
    assert evaluate(tmp_path, "a.eql", 'process where process.name == "nc"', "--rows") == 3
    assert "--rows" in capfd.readouterr().err


def test_other_targets_return_no_rows(tmp_path: Path, capfd: Captured) -> None:
    assert evaluate(tmp_path, "a.yml", "title: a", "--rows") == 2
    assert "engine-format" in capfd.readouterr().err
