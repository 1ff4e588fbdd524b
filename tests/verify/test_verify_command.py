"""`convert verify` where the output is wrong: exit code, and a counter-example small enough to read."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from backends.elasticsearch import Elasticsearch
from converter.backend import Artifact, Observations, TargetEvent
from converter.cli import run

RULE = 'process where process.name == "nc" and not user.name == "root"\n'


class Broken:
    """An engine that finds every event: as if the text had no condition."""

    name = "broken"
    independent = False

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        return Observations("events", frozenset((event.id,) for event in events))


def test_an_output_that_cannot_be_run_stops_no_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A division by zero fails a whole search, in Elasticsearch as here."""
    queries = {"a": "process where 1 / process.pid == 1", "b": "process where process.pid == 0"}
    for name, query in queries.items():
        tmp_path.joinpath(f"{name}.eql").write_text(f"{query}\n")
    events = tmp_path / "events.ndjson"
    events.write_text('{"event.category": "process", "process.pid": 0}')
    paths = [str(tmp_path / f"{name}.eql") for name in queries]
    assert run(["verify", *paths, "--to", "elasticsearch", "--events", str(events)]) == 1
    out, err = capfd.readouterr()
    assert out.startswith("a: elasticsearch:ecs: exact, INCOMPLETE\nb: elasticsearch:ecs: exact, agrees")
    assert "error verification-incomplete elasticsearch:ecs: not run by reader: " in err


def test_what_proves_less_says_so_of_itself_alone(tmp_path: Path) -> None:
    """EQL is read by the language that wrote it; the search body of the next rule is not."""
    queries = {"a": "sequence by host.id [process where true] [file where true]", "b": "process where true"}
    for name, query in queries.items():
        tmp_path.joinpath(f"{name}.eql").write_text(f"{query}\n")
    report = tmp_path / "report.json"
    paths = [str(tmp_path / f"{name}.eql") for name in queries]
    assert run(["verify", *paths, "--to", "elasticsearch", "--report", str(report)]) == 0
    evidence = [result["evidence"][0] for result in json.loads(report.read_text())["results"]]
    assert [item["independent"] for item in evidence] == [False, True]


def test_a_disagreement_is_shown_with_a_minimal_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Elasticsearch, "engine", lambda self, name=None, address=None: Broken())
    rule, events, report = tmp_path / "a.eql", tmp_path / "events.ndjson", tmp_path / "report.json"
    rule.write_text(RULE)
    document = {"_id": "7", "event.category": "process", "process.name": "nc", "user.name": "root", "host.name": "h"}
    events.write_text(json.dumps(document))
    arguments = ["verify", str(rule), "--to", "elasticsearch", "--events", str(events), "--report", str(report)]
    assert run(arguments) == 1
    told = capfd.readouterr().out
    assert "DISAGREES" in told
    assert "text says True, effective rule says False" in told
    assert "host.name" not in told, "what does not matter is left out"
    (result,) = json.loads(report.read_text())["results"]
    (evidence,) = result["evidence"]
    assert evidence["agree"] is False
    assert len(evidence["counterexamples"]) == 1
