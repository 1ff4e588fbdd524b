"""`evaluate`, `inspect`, `fields`, `targets`, `explain`, `verify`: what each prints."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from converter.cli import run
from converter.losses import CodeKind
from converter.registry import all_codes

Captured = pytest.CaptureFixture[str]

NEW_TERMS = """[rule]
name = "New host"
rule_id = "r"
type = "new_terms"
index = ["logs-*", "-logs-test-*"]
from = "now-10m"
query = "process.name: nc"
[rule.new_terms]
value = ["host.id"]
[[rule.new_terms.history_window_start]]
value = "now-5d"
"""
QUERY = """[rule]
name = "Netcat"
rule_id = "q"
type = "query"
index = ["logs-*", "-logs-test-*"]
query = "process.name: nc and not host.id: c"
"""
EVENTS = [
    {"@timestamp": "2024-05-01T00:00:00Z", "process.name": "nc", "host": {"id": "a"}},
    {"@timestamp": "2024-05-01T11:58:00Z", "process.name": "nc", "host.id": "a"},
    {"@timestamp": "2024-05-01T11:59:00Z", "process.name": "nc", "host.id": "b", "_id": "own"},
    {
        "@timestamp": "2024-05-01T11:59:30Z",
        "process.name": "nc",
        "host.id": "d",
        "_index": ".ds-logs-test-x-2024.05.01-000001",
    },
    {
        "@timestamp": "2024-05-01T11:59:40Z",
        "process.name": "nc",
        "host.id": "e",
        "_index": ".ds-logs-x-2024.05.01-000001",
    },
    {"@timestamp": "2024-05-01T12:00:00Z", "process.name": "sh", "host.id": "f"},
]


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in EVENTS))
    return path


def written(folder: Path, text: str) -> str:
    path = folder / "rule.toml"
    path.write_text(text)
    return str(path)


def lines(capfd: Captured) -> list[object]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_evaluate_prints_events(tmp_path: Path, events: Path, capfd: Captured) -> None:
    assert run(["evaluate", written(tmp_path, QUERY), "--events", str(events)]) == 0
    assert lines(capfd) == [{"rule_id": "q", "ids": [name]} for name in ("0", "1", "own", "4")]


def test_evaluate_prints_new_terms(tmp_path: Path, events: Path, capfd: Captured) -> None:
    assert run(["evaluate", written(tmp_path, NEW_TERMS), "--events", str(events)]) == 0
    assert lines(capfd) == [
        {"rule_id": "r", "ids": ["own"], "keys": {"host.id": "b"}, "count": 1},
        {"rule_id": "r", "ids": ["4"], "keys": {"host.id": "e"}, "count": 1},
    ]


def test_evaluate_at_another_time(tmp_path: Path, events: Path, capfd: Captured) -> None:
    arguments = ["evaluate", written(tmp_path, QUERY), "--events", str(events), "--now", "2024-05-01T11:58:00Z"]
    assert run(arguments) == 0
    assert lines(capfd) == [{"rule_id": "q", "ids": ["0"]}, {"rule_id": "q", "ids": ["1"]}]


def test_evaluate_tells_what_it_cannot(tmp_path: Path, events: Path, capfd: Captured) -> None:
    assert run(["evaluate", written(tmp_path, "[rule]\ntype = 'esql'\n"), "--events", str(events)]) == 2
    assert "esql-unsupported" in capfd.readouterr().err
    assert run(["evaluate", written(tmp_path, QUERY), "--events", str(tmp_path / "none")]) == 3
    assert run(["evaluate", written(tmp_path, QUERY), "--events", str(events), "--now", "soon"]) == 3


def test_inspect_shows_the_meaning(tmp_path: Path, capfd: Captured) -> None:
    assert run(["inspect", written(tmp_path, NEW_TERMS)]) == 0
    out = capfd.readouterr().out
    assert out.startswith("New host\n")
    assert "host.id" in out
    assert "now-5d" in out


def test_targets_lists_what_there_is(capfd: Captured) -> None:
    assert run(["targets"]) == 0
    short = capfd.readouterr().out
    assert [line.split(":")[0] for line in short.splitlines() if not line.startswith(" ")] == [
        "elasticsearch",
        "osquery",
        "sigma",
        "splunk",
    ]
    assert run(["targets", "--verbose"]) == 0
    assert ".dsl.json" in capfd.readouterr().out


def test_explain_tells_a_code(capfd: Captured) -> None:
    assert run(["explain", "query-missing"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("query-missing (error, converter)\n")
    assert "Rule query" in out


def test_explain_suggests_the_nearest(capfd: Captured) -> None:
    assert run(["explain", "qery-mising"]) == 3
    assert "did you mean `query-missing`?" in capfd.readouterr().err


def test_explain_lists_every_code(capfd: Captured) -> None:
    assert run(["explain"]) == 0
    listed = [line.split()[0] for line in capfd.readouterr().out.splitlines()]
    assert listed == sorted(all_codes())
    assert {code.kind for code in all_codes().values()} == set(CodeKind)


def test_fields_of_one_rule(tmp_path: Path, capfd: Captured) -> None:
    rule = QUERY.replace("process.name: nc", "event.category: process and event.type: start and host.os.type: linux")
    assert run(["fields", written(tmp_path, rule), "--to", "splunk:ta"]) == 0
    out = capfd.readouterr().out.splitlines()
    assert out[0] == "splunk:ta"
    assert [line.split()[0] for line in out[1:]] == ["event.category", "event.type", "host.os.type", "host.id"]


def test_fields_of_several_rules_are_ranked(tmp_path: Path, capfd: Captured) -> None:
    condition = "event.category: process and event.type: start and host.os.type: linux"
    for number, more in enumerate(["no.such.b: x", "no.such.a: x and no.such.b: x", "process.name: x"]):
        query = f"{condition} and {more}"
        (tmp_path / f"{number}.kql").write_text(query)
    assert run(["fields", str(tmp_path), "--to", "splunk:ta"]) == 0
    ranked = [line.split() for line in capfd.readouterr().out.splitlines()[1:]]
    assert ranked == [["2", "no.such.b"], ["1", "no.such.a"]]


def test_verify_prints_a_line_and_reports_evidence(tmp_path: Path, events: Path, capfd: Captured) -> None:
    report = tmp_path / "r.json"
    source = written(tmp_path, QUERY)
    arguments = ["verify", source, "--to", "elasticsearch", "--events", str(events), "--report", str(report)]
    assert run(arguments) == 0
    (line,) = capfd.readouterr().out.splitlines()
    assert line.startswith("Netcat: elasticsearch:ecs: exact, agrees (")
    (evidence,) = json.loads(report.read_text())["results"][0]["evidence"]
    assert evidence["agree"] is True
    assert evidence["within_direction"] is None
    assert evidence["events"] >= len(EVENTS)


def test_a_path_with_a_commands_name(tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "verify").write_text("process where true")
    assert run(["--to", "elasticsearch", "./verify"]) == 0
    assert "query" in json.loads(capfd.readouterr().out)


def test_version(capfd: Captured) -> None:
    assert run(["--version"]) == 0
    assert capfd.readouterr().out.startswith("convert 0.")


def test_the_package_can_be_run() -> None:
    done = subprocess.run([sys.executable, "-m", "converter", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("convert 0.")


def test_a_hint_names_the_command_as_it_is_typed(capfd: Captured) -> None:
    assert run(["--to", "splunk"]) == 3
    assert "(convert --help shows" in capfd.readouterr().err
    assert run(["verify", "--to", "splunk"]) == 3
    assert "(convert verify --help shows" in capfd.readouterr().err
