"""`convert verify`: what it prints, keeps and reports, and its exit codes."""

import json
from pathlib import Path

import pytest

from converter.cli import run

Captured = pytest.CaptureFixture[str]

RULE = """[rule]
name = "Netcat"
rule_id = "q"
type = "eql"
query = 'process where host.os.type == "linux" and event.type == "start" and process.name == "nc"'
"""
EVIDENCE = {
    "engine",
    "independent",
    "events",
    "not_built",
    "observations",
    "agree",
    "within_direction",
    "counterexamples",
}


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    path = tmp_path / "netcat.toml"
    path.write_text(RULE)
    return path


def verify(*arguments: object) -> int:
    return run(["verify", *map(str, arguments)])


def test_a_line_per_rule_and_target(rule: Path, capfd: Captured) -> None:
    assert verify(rule, "--to", "elasticsearch,splunk:ecs,splunk:ta") == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(" (")[0] for line in lines] == [
        "Netcat: elasticsearch:ecs: exact, agrees",
        "Netcat: splunk:ecs: exact, agrees",
        "Netcat: splunk:ta: approximate, agrees",
    ]


def test_the_profile_and_format_of_a_single_target(rule: Path, capfd: Captured) -> None:
    assert verify(rule, "--to", "splunk", "--profile", "ecs", "--format", "savedsearch") == 0
    assert capfd.readouterr().out.startswith("Netcat: splunk:ecs: exact, agrees")
    assert verify(rule, "--to", "splunk,sigma", "--profile", "ecs") == 3


def test_the_report_carries_the_evidence(rule: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert verify(rule, "--to", "splunk:ta,elasticsearch", "--report", report) == 0
    approximate, exact = json.loads(report.read_text())["results"]
    for result in (approximate, exact):
        (evidence,) = result["evidence"]
        assert evidence.keys() == EVIDENCE
        assert (evidence["agree"], evidence["counterexamples"]) == (True, [])
        assert evidence["observations"] > 0
    assert approximate["evidence"][0]["within_direction"] is True
    assert exact["evidence"][0]["within_direction"] is None


def test_saved_events_verify_again(rule: Path, tmp_path: Path, capfd: Captured) -> None:
    kept = tmp_path / "kept"
    assert verify(rule, "--to", "elasticsearch,splunk:ecs,splunk:ta", "--save-events", kept) == 0
    files = sorted(str(path.relative_to(kept)) for path in kept.rglob("*.ndjson"))
    assert files == ["elasticsearch/netcat.ndjson", "splunk-ecs/netcat.ndjson", "splunk-ta/netcat.ndjson"]
    first = capfd.readouterr().out.splitlines()
    events = kept / "elasticsearch" / "netcat.ndjson"
    assert verify(rule, "--to", "elasticsearch", "--events", events) == 0
    assert capfd.readouterr().out.splitlines() == first[:1]


def test_the_engine_can_be_named(rule: Path, capfd: Captured) -> None:
    assert verify(rule, "--to", "elasticsearch", "--engine", "reader") == 0
    assert verify(rule, "--to", "elasticsearch", "--engine", "nothing") == 3
    assert "error engine-unknown" in capfd.readouterr().err
    assert verify(rule, "--to", "elasticsearch", "--engine", "opensearch") == 3
    assert "its address is missing" in capfd.readouterr().err


@pytest.mark.parametrize(("fail_on", "code"), [("refused", 2), ("error", 0), ("never", 0)])
def test_exit_codes_without_disagreement(fail_on: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "r.eql"
    path.write_text(f'process where process.name regex "{"[ab]" * 260}"')
    assert verify(path, "--to", "elasticsearch", "--fail-on", fail_on) == code


def test_approximate_results_fail_where_that_is_asked(rule: Path) -> None:
    assert verify(rule, "--to", "splunk:ta", "--fail-on", "approximate") == 1
    assert verify(rule, "--to", "splunk:ecs", "--fail-on", "approximate") == 0


def test_an_output_that_finds_something_else_fails_whatever_is_asked(
    rule: Path, tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backends.elasticsearch import layout

    written = layout.pretty
    monkeypatch.setattr(layout, "pretty", lambda body: written(body).replace('"nc"', '"ncat"'))
    report = tmp_path / "report.json"
    assert verify(rule, "--to", "elasticsearch", "--fail-on", "never", "--report", report) == 1
    out, err = capfd.readouterr()
    assert "DISAGREES" in out.splitlines()[0]
    assert '"process.name": ["nc"]' in out
    assert "error verification-disagrees" in err
    (evidence,) = json.loads(report.read_text())["results"][0]["evidence"]
    assert evidence["agree"] is False
    assert {"claim", "event", "stream", "says"} == evidence["counterexamples"][0].keys()
