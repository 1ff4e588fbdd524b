"""A small Splunk: it answers the requests of a verification in the form that Splunk's REST API Reference and "HTTP
Event Collector" (Getting Data In) show, and runs searches by the interpreter. A test can have any request answered
otherwise.
"""

import json
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backends.splunk.engine import SplunkEvent, run

CERTIFICATE = Path(__file__).parent.parent / "elasticsearch" / "cases" / "localhost.pem"

_OF_A_RUN = re.compile(r'\s*index="(?P<index>[^"]+)" ruleport_run::(?P<run>\w+)')


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `form` holds the fields of a form, `body` the text of anything else."""

    method: str
    path: str
    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A text is sent as it is, anything else as JSON. `seconds` pass before."""

    body: object
    status: int = 200
    seconds: float = 0


def messages(kind: str, text: str, status: int) -> Answer:
    """How Splunk says that it does not do what it was asked."""
    return Answer({"messages": [{"type": kind, "text": text}]}, status)


def collected(text: str, code: int, status: int) -> Answer:
    """How the collector answers."""
    return Answer({"text": text, "code": code}, status)


def job(state: str, count: int = 0, *told: Mapping[str, str]) -> Answer:
    content = {"dispatchState": state, "isDone": state == "DONE", "resultCount": count, "messages": list(told)}
    return Answer({"links": {}, "entry": [{"name": "search", "content": content}], "messages": []})


INFO = Answer({"entry": [{"name": "server-info", "content": {"version": "9.2.1", "product_type": "enterprise"}}]})


@dataclass(slots=True)
class SplunkServer:
    """`answers`: by kind of request (`info`, `collect`, `search`, `job`, `results`, `delete`) what is answered instead;
    of several the next, then the last again."""

    url: str
    answers: dict[str, list[Answer]]
    asked: list[Asked] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    jobs: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)

    def sent(self, kind: str) -> list[Asked]:
        return [asked for asked in self.asked if _kind(asked) == kind]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        kind = _kind(asked)
        scripted = self.answers.get(kind)
        if scripted:
            return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        return _USUAL[kind](self, asked)

    def info(self, asked: Asked) -> Answer:
        return INFO

    def collect(self, asked: Asked) -> Answer:
        self.events += [json.loads(line) for line in asked.body.splitlines()]
        return collected("Success", 0, 200)

    def search(self, asked: Asked) -> Answer:
        form = asked.parameters
        found = _OF_A_RUN.search(form["search"])
        assert found is not None, form["search"]
        events = [_event(event) for event in self.events if event["fields"]["ruleport_run"] == found["run"]]
        text = _OF_A_RUN.sub(" *", form["search"])
        result = run(text, events, now=float(form["now"]), earliest=0.0, latest=float(form["latest_time"]))
        sid = f"1700000000.{len(self.jobs)}"
        self.jobs[sid] = [{name: _shown(values) for name, values in row.fields.items()} for row in result.rows]
        return Answer({"sid": sid}, 201)

    def job(self, asked: Asked) -> Answer:
        return job("DONE", len(self.jobs[asked.path.split("/")[-1]]))

    def results(self, asked: Asked) -> Answer:
        rows = self.jobs[asked.path.split("/")[-2]]
        start = int(asked.parameters["offset"])
        page = rows[start : start + int(asked.parameters["count"])]
        return Answer({"preview": False, "init_offset": start, "messages": [], "fields": [], "results": page})

    def delete(self, asked: Asked) -> Answer:
        return messages("INFO", "Search job cancelled.", 200)


_USUAL = {
    "info": SplunkServer.info,
    "collect": SplunkServer.collect,
    "search": SplunkServer.search,
    "job": SplunkServer.job,
    "results": SplunkServer.results,
    "delete": SplunkServer.delete,
}


def _kind(asked: Asked) -> str:
    if asked.method == "DELETE":
        return "delete"
    match asked.path.strip("/").split("/"):
        case ["services", "server", "info"]:
            return "info"
        case ["services", "collector", "event"]:
            return "collect"
        case ["services", "search", "jobs"]:
            return "search"
        case ["services", "search", "jobs", _]:
            return "job"
        case ["services", "search", "v2", "jobs", _, "results"] | ["services", "search", "jobs", _, "results"]:
            return "results"
        case _:
            raise AssertionError(f"Splunk has no {asked.method} {asked.path}")


def _event(sent: Mapping[str, Any]) -> SplunkEvent:
    fields = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in sent["fields"].items()}
    metadata = {name: (sent[name],) for name in ("host", "source", "sourcetype", "index") if name in sent}
    return SplunkEvent(fields["ruleport_event"][0], float(sent["time"]), {**fields, **metadata})


def _shown(values: tuple[str, ...]) -> object:
    return values[0] if len(values) == 1 else list(values)


@contextmanager
def splunk_server(*, tls: bool = False, **answers: Answer | list[Answer]) -> Iterator[SplunkServer]:
    """A server on a free loopback port, collector included."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    scripted = {kind: answer if isinstance(answer, list) else [answer] for kind, answer in answers.items()}
    server = SplunkServer(f"{'https' if tls else 'http'}://127.0.0.1:{http.server_address[1]}", scripted)
    http.splunk = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        server: SplunkServer = self.server.splunk  # type: ignore[attr-defined]
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        form = body if "form" in (self.headers.get("content-type") or "") else ""
        given = {name: values[0] for name, values in parse_qs(f"{address.query}&{form}").items()}
        answer = server.answer(Asked(self.command, address.path, dict(self.headers), given, body))
        time.sleep(answer.seconds)
        sent = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked may have stopped waiting
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: stderr is what the tests look at."""
