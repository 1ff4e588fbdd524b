"""Splunk as an engine: what is asked of a server, what its answers mean, and what can go wrong on the way."""

import base64
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import converter
from backends.splunk.live import engine_at
from backends.splunk.live.access import Access
from backends.splunk.live.prepared import prepare
from converter.backend import Artifact, Observations, TargetEvent, engine_of
from converter.cli import run as command_line
from converter.errors import ConfigurationError, ConverterError, EngineError
from tests.backends.splunk.splunk_server import (
    CERTIFICATE,
    Answer,
    SplunkServer,
    collected,
    job,
    messages,
    splunk_server,
)

TOKEN, HEC_TOKEN, PASSWORD = "token-of-the-user", "token-of-the-collector", "hunter+2 secret"

EVENTS = (
    TargetEvent("a", {"Image": (r"C:\cmd.exe",), "host": ("h1",), "pid": (7,)}, None, 1_000_000),
    TargetEvent(
        "b", {"Image": ("/bin/sh",), "tags": ("x", "y"), "source": ("s",), "index": ("other",)}, None, 2_000_500
    ),
    TargetEvent("late", {"Image": (r"C:\cmd.exe",)}, None, 9_000_000),
)
NOW = 2_000_500.0


@pytest.fixture(autouse=True)
def access(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RULEPORT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RULEPORT_ENGINE_API_KEY", TOKEN)
    monkeypatch.setenv("RULEPORT_SPLUNK_HEC_TOKEN", HEC_TOKEN)
    monkeypatch.setenv("RULEPORT_SPLUNK_INDEX", "tests")
    monkeypatch.setenv("RULEPORT_ENGINE_TIMEOUT", "5")


def observed(server: SplunkServer, spl: str, events: Sequence[TargetEvent] = EVENTS) -> Observations:
    os.environ["RULEPORT_SPLUNK_HEC"] = server.url  # removed again by the fixture of the next test
    return engine_at(server.url).run([Artifact("rule", ".spl", spl)], events, now=NOW)


class TestRun:
    def test_events_that_a_search_finds(self) -> None:
        with splunk_server() as server:
            assert observed(server, 'Image="*.exe"\n| table _time, Image') == Observations(
                "events", frozenset({("a",)})
            )

    def test_events_of_the_present_count_and_later_ones_do_not(self) -> None:
        with splunk_server() as server:
            assert observed(server, "Image=*").items == {("a",), ("b",)}
            assert len(server.events) == 2

    def test_groups(self) -> None:
        with splunk_server() as server:
            found = observed(server, "* | stats count BY Image, tags | where count>0 | table Image, count")
        assert found == Observations("groups", frozenset({("/bin/sh", "x"), ("/bin/sh", "y")}))

    def test_groups_without_keys(self) -> None:
        with splunk_server() as server:
            assert observed(server, "* | stats count | where count>1").items == {()}
            assert observed(server, "* | stats count | where count>2").items == set()

    def test_ends_of_sequences(self) -> None:
        spl = (
            "| multisearch [ search Image=*exe | eval stage=0 ] [ search Image=*sh | eval stage=1 ] | sort 0 _time "
            "| streamstats current=f last(stage) AS before | where stage=1 AND before=0 | fields - stage"
        )
        with splunk_server() as server:
            assert observed(server, spl) == Observations("ends", frozenset({("b",)}))

    def test_no_events(self) -> None:
        with splunk_server(search=Answer({"sid": "1"}, 201), job=job("DONE")) as server:
            assert observed(server, "Image=x", []).items == set()
            assert not server.sent("collect")

    def test_pages(self) -> None:
        rows = [[{"ruleport_event": "0"}], [{"ruleport_event": "1"}]]
        pages = [Answer({"results": [{"found": "2"}]}), *(Answer({"results": page}) for page in rows)]
        with splunk_server(results=pages, job=[job("DONE", 1), job("RUNNING"), job("DONE", 2)]) as server:
            assert observed(server, "Image=*").items == {("a",), ("b",)}
            assert [asked.parameters["offset"] for asked in server.sent("results")] == ["0", "0", "1"]

    def test_results_of_older_releases_have_another_address(self) -> None:
        about = Answer({"entry": [{"content": {"version": "8.2.6"}}]})
        with splunk_server(info=about) as server:
            assert observed(server, "Image=*").items == {("a",), ("b",)}
            assert {asked.path.split("/")[3] for asked in server.sent("results")} == {"jobs"}


class TestWhatIsAsked:
    def test_who_asks(self) -> None:
        with splunk_server() as server:
            observed(server, "Image=*")
            said = {(asked.path.split("/")[2], asked.headers["authorization"]) for asked in server.asked}
        assert said == {
            ("server", f"Bearer {TOKEN}"),
            ("collector", f"Splunk {HEC_TOKEN}"),
            ("search", f"Bearer {TOKEN}"),
        }

    def test_a_user_with_a_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("RULEPORT_ENGINE_API_KEY")
        monkeypatch.setenv("RULEPORT_ENGINE_USER", "ann")
        monkeypatch.setenv("RULEPORT_ENGINE_PASSWORD", PASSWORD)
        with splunk_server() as server:
            observed(server, "Image=*")
            coded = base64.b64encode(f"ann:{PASSWORD}".encode()).decode()
            assert server.sent("info")[0].headers["authorization"] == f"Basic {coded}"

    def test_an_event(self) -> None:
        with splunk_server() as server:
            observed(server, "Image=*")
            first, second = server.events
        run = first["fields"]["ruleport_run"]
        assert first == {
            "time": 1000.0,
            "host": "h1",
            "index": "tests",
            "event": "C:\\cmd.exe\nh1\n7",
            "fields": {"Image": r"C:\cmd.exe", "pid": "7", "ruleport_run": run, "ruleport_event": "0"},
        }
        assert (second["source"], second["index"], second["fields"]["tags"]) == ("s", "tests", ["x", "y"])

    def test_runs_have_ids_of_their_own(self) -> None:
        with splunk_server() as server:
            observed(server, "Image=*")
            observed(server, "Image=*")
            assert len({event["fields"]["ruleport_run"] for event in server.events}) == 2

    def test_a_search_and_its_time_range(self) -> None:
        with splunk_server() as server:
            observed(server, "Image=* | table Image")
            asked = server.sent("search")[-1].parameters
        run = server.events[0]["fields"]["ruleport_run"]
        written = f'search  index="tests" ruleport_run::{run} Image=* | table Image, ruleport_event, ruleport_key*'
        assert asked["search"] == written
        assert (asked["earliest_time"], asked["latest_time"], asked["now"]) == ("0", "2000.501", "2000.500")

    def test_many_events_go_in_several_requests(self) -> None:
        many = [TargetEvent(str(number), {"n": (number,)}, None, number) for number in range(1201)]
        with splunk_server() as server:
            assert len(observed(server, "n=*", many).items) == 1201
            assert [len(asked.body.splitlines()) for asked in server.sent("collect")] == [500, 500, 201]

    def test_every_job_is_removed(self) -> None:
        with splunk_server() as server:
            observed(server, "Image=*")
            assert len(server.sent("delete")) == len(server.jobs) == 2


class TestPrepared:
    """What is put into a search, and that nothing else changes."""

    @pytest.mark.parametrize(
        ("written", "sent"),
        [
            ("a=1 OR b=2", "<in>a=1 OR b=2"),
            ("search a=1", "search<in> a=1"),
            ("a=1\n| table x,\n  y\n", "<in>a=1\n| table x,\n  y, ruleport_event, ruleport_key*\n"),
            ("a=1 | fields - x", "<in>a=1 | fields - x"),
            ("a=1 | fields x", "<in>a=1 | fields x, ruleport_event, ruleport_key*"),
            (
                "a=1 | stats count BY h.x, y | where count>1",
                "<in>a=1 | stats count BY h.x, y\n| eval ruleport_key0='h.x', ruleport_key1='y' | where count>1",
            ),
            (
                '| multisearch [ search a="]" | fields x ] [ search b=2 ]',
                '| multisearch [ search<in> a="]" | fields x, ruleport_event, ruleport_key* ] [ search<in> b=2 ]',
            ),
        ],
    )
    def test_additions(self, written: str, sent: str) -> None:
        assert prepare(written, "tests", "7").spl == sent.replace("<in>", ' index="tests" ruleport_run::7 ')

    @pytest.mark.parametrize(
        "spl",
        [
            "| tstats count from datamodel=Endpoint.Processes by Processes.dest",
            "a=1 | lookup ti_ip indicator AS ip OUTPUT indicator AS hit",
            "a=1 | stats count BY x | outputlookup seen",
        ],
    )
    def test_what_needs_more_than_events(self, spl: str) -> None:
        with pytest.raises(EngineError) as raised:
            prepare(spl, "tests", "7")
        assert raised.value.code == "engine-format"


class TestVerification:
    def test_by_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rule = converter.parse('process where process.name == "nc"', language="eql")
        with splunk_server() as server:
            monkeypatch.setenv("RULEPORT_SPLUNK_HEC", server.url)
            engine = engine_of("splunk", f"splunk={server.url}")
            proof = converter.verify(rule, to="splunk", profile="ecs", engine=engine)
        assert proof.holds
        assert [item.engine for item in proof.evidence] == ["splunk 9.2.1"]
        assert proof.evidence[0].independent
        assert proof.evidence[0].observations > 0

    def test_by_the_command_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "netcat.eql"
        path.write_text('process where process.name == "nc"\n')
        with splunk_server() as server:
            monkeypatch.setenv("RULEPORT_SPLUNK_HEC", server.url)
            arguments = ["verify", str(path), "--to", "splunk:ecs", "--engine", f"splunk={server.url}"]
            assert command_line(arguments) == 0
        assert "by splunk 9.2.1" in capfd.readouterr().out


def error_of(server: SplunkServer, spl: str = "Image=*") -> ConverterError:
    with pytest.raises(ConverterError) as raised:
        observed(server, spl)
    assert not any(secret in str(raised.value) for secret in (TOKEN, HEC_TOKEN, PASSWORD))
    return raised.value


class TestFailures:
    @pytest.mark.parametrize(
        ("kind", "answer", "code", "says"),
        [
            ("info", messages("WARN", "call not properly authenticated", 401), "engine-denied", "401"),
            ("search", messages("WARN", "insufficient permission", 403), "engine-denied", "403"),
            ("info", messages("ERROR", "Not Found", 404), "engine-product", "not Splunk"),
            ("info", Answer("<html>Welcome</html>"), "engine-product", "not Splunk"),
            ("info", Answer([1, 2]), "engine-product", "not Splunk"),
            ("info", Answer("[" * 100_000), "engine-product", "not Splunk"),
            ("info", Answer({"entry": [{"content": {"version": "next"}}]}), "engine-product", "not Splunk"),
            ("info", Answer("", 302), "engine-product", "not Splunk"),
            ("info", messages("ERROR", "starting", 503), "engine-unreachable", "starting"),
            ("collect", collected("Token disabled", 1, 403), "engine-collector", "Token disabled"),
            ("collect", collected("Invalid token", 4, 403), "engine-collector", "Invalid token"),
            ("collect", collected("Incorrect index", 7, 400), "engine-collector", "`tests`"),
            ("collect", collected("Error in handling indexed fields", 15, 400), "engine-events", "indexed fields"),
            ("collect", collected("Server is busy", 9, 503), "engine-unreachable", "busy"),
            ("collect", Answer("OK"), "engine-product", "not Splunk"),
            ("search", messages("FATAL", "Error in 'where' command", 400), "engine-refuses", "'where'"),
            ("search", Answer({"done": True}, 201), "engine-product", "not Splunk"),
            ("job", job("FAILED", 0, {"type": "FATAL", "text": "out of memory"}), "engine-refuses", "out of memory"),
            ("job", job("DONE", 1, {"type": "ERROR", "text": "peer is down"}), "engine-refuses", "peer is down"),
            ("job", Answer({"entry": []}), "engine-product", "not Splunk"),
            ("results", Answer({"results": "none"}), "engine-product", "not Splunk"),
            ("results", Answer({"results": []}), "engine-refuses", "0 of 1"),
        ],
    )
    def test_one_line_with_a_code(self, kind: str, answer: Answer, code: str, says: str) -> None:
        scripted: dict[str, Any] = {kind: answer}
        with splunk_server(**scripted) as server:
            error = error_of(server)
        assert (error.code, says in error.message) == (code, True)

    @pytest.mark.parametrize(
        "row", [{}, {"ruleport_event": "7"}, {"ruleport_event": "x"}, {"ruleport_event": ["0", "1"]}]
    )
    def test_rows_that_are_no_event_of_ours(self, row: dict[str, object]) -> None:
        pages = [Answer({"results": [{"found": "2"}]}), Answer({"results": [row]})]
        with splunk_server(results=pages, job=job("DONE", 1)) as server:
            assert error_of(server).code == "engine-refuses"

    def test_a_secret_that_the_server_repeats_is_hidden(self) -> None:
        with splunk_server(collect=collected(f"no such token {HEC_TOKEN}", 4, 403)) as server:
            assert "***" in error_of(server).message

    def test_a_job_that_never_ends_is_cancelled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RULEPORT_ENGINE_TIMEOUT", "0.3")
        with splunk_server(job=job("RUNNING")) as server:
            error = error_of(server)
            assert len(server.sent("delete")) == 1
        assert (error.code, "0.3 seconds" in error.message) == ("engine-unreachable", True)

    def test_a_failed_job_is_removed(self) -> None:
        with splunk_server(job=job("FAILED")) as server:
            assert error_of(server).code == "engine-refuses"
            assert len(server.sent("delete")) == 1

    def test_a_job_that_the_server_has_lost_is_gone(self) -> None:
        with splunk_server(delete=messages("FATAL", "Unknown sid.", 404)) as server:
            assert observed(server, "Image=*").items

    def test_events_that_are_never_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RULEPORT_ENGINE_TIMEOUT", "0.3")
        with splunk_server(collect=collected("Success", 0, 200)) as server:
            error = error_of(server)
        assert (error.code, "of 2 events 0" in error.message) == ("engine-late", True)

    def test_no_answer_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RULEPORT_ENGINE_TIMEOUT", "0.2")
        with splunk_server(info=Answer({}, seconds=0.6)) as server:
            error = error_of(server)
        assert (error.code, "0.2 seconds" in error.message) == ("engine-unreachable", True)

    def test_nothing_listens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with splunk_server() as server:
            gone = server.url
        monkeypatch.setenv("RULEPORT_SPLUNK_HEC", gone)
        with splunk_server() as server:
            engine = engine_at(server.url)
            with pytest.raises(ConfigurationError) as raised:
                engine.run([Artifact("rule", ".spl", "Image=*")], EVENTS, now=NOW)
        assert raised.value.code == "engine-unreachable"
        assert gone in raised.value.message


class TestTls:
    def test_an_authority_that_nobody_named(self) -> None:
        with splunk_server(tls=True) as server:
            error = error_of(server)
        assert (error.code, "RULEPORT_ENGINE_CA" in error.message) == ("engine-tls", True)

    def test_an_authority_of_the_users(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RULEPORT_ENGINE_CA", str(CERTIFICATE))
        with splunk_server(tls=True) as server:
            assert observed(server, "Image=*").items == {("a",), ("b",)}

    def test_a_server_without_tls(self) -> None:
        with splunk_server() as server:
            server.url = server.url.replace("http:", "https:")
            assert error_of(server).code == "engine-tls"


ENVIRONMENT = {
    "RULEPORT_ENGINE_API_KEY": TOKEN,
    "RULEPORT_SPLUNK_HEC_TOKEN": HEC_TOKEN,
    "RULEPORT_SPLUNK_INDEX": "tests",
}


class TestAccess:
    def test_ports_by_default(self) -> None:
        found = Access.of("https://splunk.example", ENVIRONMENT)
        assert (found.url, found.collector) == ("https://splunk.example:8089", "https://splunk.example:8088")

    def test_secrets_are_no_part_of_its_text(self) -> None:
        found = repr(Access.of(f"https://ann:{PASSWORD.replace(' ', '%20')}@splunk.example", ENVIRONMENT))
        assert not any(secret in found for secret in (TOKEN, HEC_TOKEN, PASSWORD))

    @pytest.mark.parametrize(
        "change",
        [
            {"RULEPORT_SPLUNK_INDEX": ""},
            {"RULEPORT_SPLUNK_INDEX": 'x" OR index="*'},
            {"RULEPORT_SPLUNK_INDEX": "_internal"},
            {"RULEPORT_SPLUNK_HEC_TOKEN": ""},
            {"RULEPORT_ENGINE_API_KEY": ""},
            {"RULEPORT_ENGINE_CA": "/nowhere/ca.pem"},
            {"RULEPORT_ENGINE_TIMEOUT": "soon"},
            {"RULEPORT_ENGINE_TIMEOUT": "nan"},
            {"RULEPORT_SPLUNK_HEC": f"ftp://x:{PASSWORD}@h"},
        ],
    )
    def test_what_cannot_be_used(self, change: dict[str, str]) -> None:
        with pytest.raises(ConfigurationError) as raised:
            Access.of("https://splunk.example", {**ENVIRONMENT, **change})
        assert raised.value.code == "engine-access"
        assert PASSWORD not in raised.value.message

    @pytest.mark.parametrize(
        "address", ["", "splunk.example", "https://", f"https://ann:{PASSWORD}@h:99999", "ftp://h"]
    )
    def test_addresses_that_are_none(self, address: str) -> None:
        with pytest.raises(ConfigurationError) as raised:
            Access.of(address, ENVIRONMENT)
        assert raised.value.code == "engine-access"
        assert PASSWORD not in raised.value.message


def test_every_request_has_the_form_that_the_reference_shows() -> None:
    """Paths of the REST API Reference, JSON asked for, and forms or JSON lines as bodies."""
    with splunk_server() as server:
        observed(server, "Image=*")
        for asked in server.asked:
            assert re.match(r"/services/(server/info|collector/event|search/(v2/)?jobs)", asked.path)
            if "collector" in asked.path:
                assert all(json.loads(line)["index"] == "tests" for line in asked.body.splitlines())
            else:
                assert asked.parameters["output_mode"] == "json"
