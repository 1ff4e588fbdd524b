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


def test_a_disagreement_is_shown_with_a_minimal_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Elasticsearch, "engine", lambda self: Broken())
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
