"""`convert verify --engine opensearch=…`, as people run it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.elasticsearch import layout
from backends.elasticsearch.live.access import Access
from backends.elasticsearch.live.connection import connect
from backends.elasticsearch.live.index import PREFIX
from converter.cli import run
from tests.engines.opensearch.server import Server

pytestmark = pytest.mark.engine

Captured = pytest.CaptureFixture[str]

QUERIES = {
    "event": 'process where process.name : ("nc", "ncat*") and not user.name == "root"\n',
    "sequence": 'sequence by host.id with maxspan=1m [process where process.name == "nc"] [network where true]\n',
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, query in QUERIES.items():
        folder.joinpath(f"{name}.eql").write_text(query)
    return folder


@pytest.fixture(autouse=True)
def nothing_is_left(opensearch: Server) -> Iterator[None]:
    yield
    connection = connect("opensearch", Access.of(opensearch.url, {}))
    assert [name for name in connection.request("GET", "/_settings") if name.startswith(PREFIX)] == []


def verify(opensearch: Server, path: Path, *arguments: object) -> int:
    engine = f"opensearch={opensearch.url}"
    return run(["verify", str(path), "--to", "elasticsearch", "--engine", engine, *map(str, arguments)])


def test_an_output_that_holds(opensearch: Server, rules: Path, tmp_path: Path, capfd: Captured) -> None:
    report = tmp_path / "report.json"
    assert verify(opensearch, rules / "event.eql", "--report", report) == 0
    line = capfd.readouterr().out
    assert line.startswith("event: elasticsearch:ecs: exact, agrees (")
    assert line.endswith(" found, by opensearch 2.19.1)\n")
    (result,) = json.loads(report.read_text())["results"]
    (evidence,) = result["evidence"]
    assert (evidence["engine"], evidence["independent"], evidence["agree"]) == ("opensearch 2.19.1", True, True)
    assert evidence["events"] > evidence["observations"] > 0


def test_the_same_answer_as_the_embedded_engine(opensearch: Server, rules: Path, capfd: Captured) -> None:
    assert verify(opensearch, rules / "event.eql") == 0
    assert run(["verify", str(rules / "event.eql"), "--to", "elasticsearch"]) == 0
    live, embedded = capfd.readouterr().out.splitlines()
    assert live.partition(", by ")[0] == embedded.partition(", by ")[0]


def test_query_strings(opensearch: Server, rules: Path, capfd: Captured) -> None:
    assert verify(opensearch, rules / "event.eql", "--format", "lucene") == 0
    assert "by opensearch" in capfd.readouterr().out


def test_what_opensearch_has_not_is_unproved_and_the_others_go_on(
    opensearch: Server, rules: Path, capfd: Captured
) -> None:
    assert verify(opensearch, rules) == 1
    out, err = capfd.readouterr()
    event, sequence = out.splitlines()
    assert "agrees" in event
    assert sequence == "sequence: elasticsearch:ecs: exact, INCOMPLETE"
    (line,) = [line for line in err.splitlines() if "error" in line]
    assert "verification-incomplete" in line
    assert line.endswith("not run by opensearch 2.19.1: OpenSearch has no EQL: it runs search bodies and query strings")


def test_an_output_that_finds_something_else(
    opensearch: Server, rules: Path, tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = layout.pretty
    monkeypatch.setattr(layout, "pretty", lambda body: written(body).replace('"root"', '"toor"'))
    events = tmp_path / "events.ndjson"
    fields = {"event.category": "process", "process.name": "nc", "user.name": "root", "host.name": "h"}
    events.write_text(json.dumps({"_id": "7", **fields}))
    assert verify(opensearch, rules / "event.eql", "--events", events) == 1
    out = capfd.readouterr().out
    assert "DISAGREES" in out
    assert "text says True, effective rule says False" in out
    assert "host.name" not in out, "what does not matter is left out"


def test_events_of_the_user(opensearch: Server, rules: Path, tmp_path: Path, capfd: Captured) -> None:
    events = tmp_path / "events.ndjson"
    lines = [
        {"event": {"category": "process"}, "process": {"name": "NCAT.exe"}},
        {"event": {"category": "process"}, "process": {"name": "nc"}, "user": {"name": "root"}},
        {"event": {"category": "file"}, "process": {"name": "nc"}, "@timestamp": "2024-05-01T00:00:00Z"},
    ]
    events.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert verify(opensearch, rules / "event.eql", "--events", events) == 0
    assert "agrees (3 events, 1 found, by opensearch" in capfd.readouterr().out
