"""`convert --indicators`: the documents that indicator match rules compare with."""

import json
from pathlib import Path

import pytest

from converter.cli import run

RULE = {
    "name": "Known addresses",
    "rule_id": "known-addresses",
    "type": "threat_match",
    "language": "kuery",
    "query": "event.category:network",
    "index": ["logs-*"],
    "threat_index": ["ti-*"],
    "threat_query": "*:*",
    "threat_mapping": [
        {"entries": [{"field": "source.ip", "type": "mapping", "value": "threat.indicator.ip"}]},
        {"entries": [{"field": "destination.ip", "type": "mapping", "value": "threat.indicator.ip"}]},
    ],
}
INDICATORS = [
    {"@timestamp": "2024-05-01T00:00:00Z", "threat": {"indicator": {"ip": "203.0.113.7"}}},
    {"@timestamp": "2024-05-02T00:00:00Z", "threat.indicator.ip": "198.51.100.0/24"},
]

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def rule(tmp_path: Path) -> str:
    path = tmp_path / "rule.json"
    path.write_text(json.dumps(RULE), encoding="utf-8")
    return str(path)


@pytest.fixture
def indicators(tmp_path: Path) -> str:
    path = tmp_path / "indicators.ndjson"
    path.write_text("".join(f"{json.dumps(document)}\n" for document in INDICATORS), encoding="utf-8")
    return str(path)


def test_the_search_holds_the_indicators(rule: str, indicators: str, capfd: Captured) -> None:
    assert run(["--to", "elasticsearch", "--indicators", indicators, rule]) == 0
    out, err = capfd.readouterr()
    terms = json.loads(out)["query"]["bool"]["filter"][1]["bool"]["should"]
    assert terms == [
        {"terms": {"source.ip": ["198.51.100.0/24", "203.0.113.7"]}},
        {"terms": {"destination.ip": ["198.51.100.0/24", "203.0.113.7"]}},
    ]
    assert "2 of 2 indicators, as of the newest one's time, 2024-05-02T00:00:00.000Z" in err


def test_the_written_search_runs_on_events(rule: str, indicators: str, tmp_path: Path, capfd: Captured) -> None:
    assert run(["--to", "elasticsearch", "--indicators", indicators, rule, "-o", str(tmp_path / "out")]) == 0
    (written,) = (tmp_path / "out" / "elasticsearch").iterdir()
    events = tmp_path / "events.ndjson"
    addresses = ["198.51.100.9", "198.51.101.9", "203.0.113.7"]
    lines = [{"event.category": "network", "destination.ip": address} for address in addresses]
    events.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    capfd.readouterr()

    assert run(["evaluate", str(written), "--events", str(events)]) == 0

    assert [json.loads(line)["ids"] for line in capfd.readouterr().out.splitlines()] == [["0"], ["2"]]


def test_processes_share_the_indicators(rule: str, indicators: str, tmp_path: Path, capfd: Captured) -> None:
    (tmp_path / "other.json").write_text(json.dumps(RULE | {"rule_id": "other", "name": "Other"}), encoding="utf-8")
    arguments = ["--to", "elasticsearch", "--indicators", indicators, rule, str(tmp_path / "other.json")]
    assert run(arguments) == 0
    alone = capfd.readouterr().out
    assert run([*arguments, "--jobs", "2"]) == 0
    assert capfd.readouterr().out == alone


def test_without_the_option_a_search_is_refused(rule: str, capfd: Captured) -> None:
    assert run(["--to", "elasticsearch:ecs:dsl", rule]) == 2
    assert "--indicators" in capfd.readouterr().err


def test_a_file_that_cannot_be_read_is_a_wrong_usage(rule: str, tmp_path: Path, capfd: Captured) -> None:
    assert run(["--to", "elasticsearch", "--indicators", str(tmp_path / "none.ndjson"), rule]) == 3
    assert run(["--to", "elasticsearch", "--indicators", "-", "-"]) == 3
    assert "--indicators" in capfd.readouterr().err
