"""What can go wrong with a server: one clear line, exit code 3, no secret shown and no index left behind."""

import base64
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from converter.cli import run
from tests.backends.elasticsearch.fake_server import CERTIFICATE, Answer, FakeServer, fake_server, refusal

Captured = pytest.CaptureFixture[str]

PRODUCTS = ("elasticsearch", "opensearch")
every_product = pytest.mark.parametrize("product", PRODUCTS)

USER, PASSWORD, KEY = "analyst", "hunter+2 secret", "key-of-the-cluster"


@pytest.fixture(autouse=True)
def no_access_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RULEPORT_ENGINE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    path = tmp_path / "netcat.eql"
    path.write_text('process where process.name == "nc"\n')
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """An event that the rule does not find, as a server does that finds nothing."""
    path = tmp_path / "events.ndjson"
    path.write_text('{"process": {"name": "cat"}, "event": {"category": "process"}}\n')
    return path


def verify(rule: Path, engine: str, *arguments: object) -> int:
    return run(["verify", str(rule), "--to", "elasticsearch::dsl", "--engine", engine, *map(str, arguments)])


def failed(rule: Path, server: FakeServer, capfd: Captured) -> str:
    """The one line that a run ends with."""
    assert verify(rule, f"{server.product}={server.url}") == 3
    out, err = capfd.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line


@every_product
def test_a_server_that_goes_well(rule: Path, events: Path, product: str, capfd: Captured) -> None:
    with fake_server(product) as server:
        assert verify(rule, f"{product}={server.url}", "--events", events) == 0
    out, err = capfd.readouterr()
    assert out.startswith("netcat: elasticsearch:ecs: exact, agrees (1 events, 0 found, by ")
    assert "error" not in err
    made, deleted = server.indices
    assert made == deleted
    (name,) = made
    assert name.startswith("/ruleport-verify-")


@every_product
def test_nothing_listens(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product) as server:
        pass
    line = failed(rule, server, capfd)
    assert line == f"error engine-unreachable {server.url} does not answer: connection refused"


@every_product
def test_no_answer_in_time(rule: Path, product: str, capfd: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEPORT_ENGINE_TIMEOUT", "0.2")
    over = threading.Event()

    def wait() -> None:
        over.wait(10)

    with fake_server(product, get=Answer({}, before=wait)) as server:
        line = failed(rule, server, capfd)
        over.set()
    assert line == f"error engine-unreachable {server.url} does not answer within 0.2 seconds"


@every_product
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_cannot_serve(rule: Path, product: str, status: int, capfd: Captured) -> None:
    with fake_server(product, get=refusal(status, "no elected cluster manager")) as server:
        line = failed(rule, server, capfd)
    assert line == f"error engine-unreachable {server.url} answers {status}: no elected cluster manager"


@every_product
@pytest.mark.parametrize("status", [401, 403])
def test_no_way_in(rule: Path, product: str, status: int, capfd: Captured) -> None:
    with fake_server(product, get=refusal(status, "missing authentication credentials")) as server:
        line = failed(rule, server, capfd)
    assert line.startswith(f"error engine-denied {server.url} answers {status}: ")
    assert "RULEPORT_ENGINE_API_KEY" in line


@pytest.mark.parametrize(("product", "other"), [PRODUCTS, PRODUCTS[::-1]])
def test_the_other_product(rule: Path, product: str, other: str, capfd: Captured) -> None:
    with fake_server(other) as server:
        assert verify(rule, f"{product}={server.url}") == 3
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("error engine-product ")
    assert line.endswith(f"write `--engine {other}={server.url}`")


@every_product
@pytest.mark.parametrize(
    "answer", [Answer("<html>Welcome</html>"), Answer({"hello": "world"}), Answer([1]), Answer("no such page", 404)]
)
def test_something_else(rule: Path, product: str, answer: Answer, capfd: Captured) -> None:
    with fake_server(product, get=answer) as server:
        line = failed(rule, server, capfd)
    assert line.startswith(f"error engine-product what answers at {server.url} is not ")


@every_product
def test_a_certificate_of_nobody_known(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product, tls=True) as server:
        line = failed(rule, server, capfd)
    assert line.startswith(f"error engine-tls no safe connection to {server.url}: self-signed certificate")
    assert server.asked == []


@every_product
def test_a_certificate_of_an_authority_that_is_named(
    rule: Path, events: Path, product: str, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULEPORT_ENGINE_CA", str(CERTIFICATE))
    with fake_server(product, tls=True) as server:
        assert verify(rule, f"{product}={server.url}", "--events", events) == 0
    assert len(server.sent("_search")) == 1


@every_product
def test_no_tls_where_it_is_asked_for(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product) as server:
        server.url = server.url.replace("http:", "https:")
        line = failed(rule, server, capfd)
    assert line.startswith(f"error engine-tls no safe connection to {server.url}: ")


@every_product
def test_an_index_is_refused(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product, put=refusal(400, "this cluster has 1000/1000 shards open")) as server:
        line = failed(rule, server, capfd)
    assert line == f"error engine-index {server.url} makes no index: this cluster has 1000/1000 shards open"


@every_product
def test_a_red_cluster(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product, put=Answer({"acknowledged": True, "shards_acknowledged": False})) as server:
        line = failed(rule, server, capfd)
    assert line.startswith("error engine-index ")
    assert "the cluster is red or full" in line
    assert server.indices[0] == server.indices[1] != set()


@every_product
def test_the_user_may_not_search(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product, search=refusal(403, "no permissions")) as server:
        line = failed(rule, server, capfd)
    assert line.startswith("error engine-denied ")
    assert server.indices[0] == server.indices[1] != set()


@every_product
@pytest.mark.parametrize("status", [400, 500])
def test_an_output_that_is_refused_is_not_proved_and_the_next_one_is_tried(
    rule: Path, product: str, status: int, capfd: Captured
) -> None:
    rule.with_name("other.eql").write_text("any where true\n")
    shard = {"shard": 0, "reason": {"reason": "it failed", "caused_by": {"reason": "too many clauses"}}}
    refused = Answer({"error": {"reason": "all shards failed", "failed_shards": [shard]}}, status)
    with fake_server(product, search=refused) as server:
        assert verify(rule.parent, f"{product}={server.url}") == 1
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 2
    assert err.count("verification-incomplete") == 2
    assert "refuses it: too many clauses" in err
    assert server.indices[0] == server.indices[1] != set()


@every_product
def test_an_event_that_is_refused(rule: Path, product: str, capfd: Captured) -> None:
    error = {"type": "mapper_parsing_exception", "reason": "failed to parse field [process.pid]"}
    with fake_server(product, bulk=Answer({"errors": True, "items": [{"index": {"error": error}}]})) as server:
        assert verify(rule, f"{product}={server.url}") == 1
    assert "does not take an event: failed to parse field [process.pid]" in capfd.readouterr().err
    assert server.indices[0] == server.indices[1] != set()


@every_product
def test_an_index_that_cannot_be_deleted_is_named(rule: Path, product: str, capfd: Captured) -> None:
    with fake_server(product, delete=refusal(400, "snapshot in progress")) as server:
        line = failed(rule, server, capfd)
    (made,) = server.indices[0]
    expected = f"the index `{made[1:]}` may be left at {server.url}: snapshot in progress; delete it there"
    assert line == f"error engine-index-left {expected}"


@every_product
def test_a_server_that_goes_away_in_between(rule: Path, product: str, capfd: Captured) -> None:
    def gone() -> None:
        raise ConnectionAbortedError

    away = Answer({}, before=gone)
    with fake_server(product, search=away, delete=away) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("socketserver.BaseServer.handle_error", lambda *_: None)
        line = failed(rule, server, capfd)
    (made,) = server.indices[0]
    assert line.startswith(f"error engine-index-left the index `{made[1:]}` may be left at {server.url}: ")
    assert line.count("does not answer") == 1


@every_product
def test_an_interruption_deletes_the_index(rule: Path, product: str, capfd: Captured) -> None:
    interrupt = Answer({"hits": {"hits": []}}, before=lambda: os.kill(os.getpid(), signal.SIGINT))
    with fake_server(product, search=interrupt) as server:
        assert verify(rule, f"{product}={server.url}") == 130
    assert server.indices[0] == server.indices[1] != set()


@pytest.fixture(params=["key", "user", "address", "escaped address"])
def secret(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str, list[str]]]:
    """What stands before the host, the header that is to be sent, and what must not be shown."""
    token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    match request.param:
        case "key":
            monkeypatch.setenv("RULEPORT_ENGINE_API_KEY", KEY)
            yield "", f"ApiKey {KEY}", [KEY]
        case "user":
            monkeypatch.setenv("RULEPORT_ENGINE_USER", USER)
            monkeypatch.setenv("RULEPORT_ENGINE_PASSWORD", PASSWORD)
            yield "", f"Basic {token}", [PASSWORD, token]
        case "address":
            yield f"{USER}:{PASSWORD}@", f"Basic {token}", [PASSWORD, token]
        case _:
            escaped = PASSWORD.replace(" ", "%20").replace("+", "%2B")
            yield f"{USER}:{escaped}@", f"Basic {token}", [PASSWORD, escaped, token]


@every_product
def test_secrets_are_sent_and_never_shown(
    rule: Path, product: str, secret: tuple[str, str, list[str]], tmp_path: Path, capfd: Captured
) -> None:
    """Even by a server that repeats what it was sent, in messages, reports and logs."""
    before, header, hidden = secret
    repeated = refusal(400, f"bad request, headers: {header}")
    report = tmp_path / "report.json"
    with fake_server(product, search=repeated) as server:
        address = server.url.replace("://", f"://{before}")
        assert verify(rule, f"{product}={address}", "--report", report) == 1
        server.answers["GET"] = [refusal(503, f"busy, headers: {header}")]
        assert verify(rule, f"{product}={address}") == 3
    assert {asked.headers.get("authorization") or asked.headers.get("Authorization") for asked in server.asked} == {
        header
    }
    out, err = capfd.readouterr()
    assert "***" in err
    shown = out + err + report.read_text()
    assert [text for text in hidden if text in shown] == []
    assert json.loads(report.read_text())["results"]


@pytest.mark.parametrize(
    ("engine", "code"),
    [
        ("opensearch", "engine-access"),
        ("opensearch=", "engine-access"),
        ("opensearch=localhost:9200", "engine-access"),
        ("opensearch=ftp://:pw-in-it@localhost", "engine-access"),
        ("opensearch=http://u:pw-in-it@", "engine-access"),
        ("opensearch=http://u:pw-in-it@host:99999", "engine-access"),
        ("opensearch=http://u:pw-in-it@host/?pretty", "engine-access"),
        ("solr=http://u:pw-in-it@host", "engine-unknown"),
        ("http://u:pw-in-it@host", "engine-unknown"),
        ("reader=http://u:pw-in-it@host", "engine-unknown"),
    ],
)
def test_an_engine_that_is_not_usable(rule: Path, engine: str, code: str, capfd: Captured) -> None:
    assert verify(rule, engine) == 3
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"error {code} ")
    assert "pw-in-it" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [("RULEPORT_ENGINE_TIMEOUT", "soon"), ("RULEPORT_ENGINE_TIMEOUT", "0"), ("RULEPORT_ENGINE_CA", "no/such/file")],
)
def test_an_environment_that_is_not_usable(
    rule: Path, name: str, value: str, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert verify(rule, "opensearch=https://127.0.0.1:1") == 3
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"error engine-access `{name}` ")


def test_a_file_without_certificates(rule: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEPORT_ENGINE_CA", str(rule))
    assert verify(rule, "opensearch=https://127.0.0.1:1") == 3
    assert capfd.readouterr().err == f"error engine-access `{rule}` holds no certificates\n"


@every_product
def test_a_client_that_is_not_installed(
    rule: Path, product: str, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, {"opensearch": "opensearchpy"}.get(product, product), None)
    assert verify(rule, f"{product}=http://127.0.0.1:1") == 3
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("error engine-client-missing ")
    assert "pip install 'ruleport[engines]'" in line


@pytest.mark.parametrize(("target", "known"), [("sigma", "`sigma-reader`"), ("osquery", "`sqlite`")])
def test_targets_without_servers_name_their_own_engine(rule: Path, target: str, known: str, capfd: Captured) -> None:
    assert run(["verify", str(rule), "--to", target, "--engine", "opensearch=http://127.0.0.1:1"]) == 3
    line = capfd.readouterr().err
    assert line.startswith("error engine-unknown ")
    assert line.endswith(f"expected {known}\n")
