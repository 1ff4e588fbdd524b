"""A server that says of itself what a test wants, and answers what a test wants; it remembers what it was asked."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("cases") / "localhost.pem"

ABOUT: Mapping[str, Mapping[str, object]] = {
    "elasticsearch": {"name": "a", "version": {"number": "8.19.0"}, "tagline": "You Know, for Search"},
    "opensearch": {"name": "a", "version": {"number": "2.19.1", "distribution": "opensearch"}},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `body` as JSON, None without one, a list of lines for NDJSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; a text is sent as it is. `before` is called first: it may wait, or end the connection."""

    body: object
    status: int = 200
    before: Callable[[], None] | None = None


def refusal(status: int, reason: str) -> Answer:
    cause = {"type": "some_exception", "reason": reason}
    return Answer({"error": {"root_cause": [cause], **cause}, "status": status}, status)


@dataclass(slots=True)
class FakeServer:
    """`answers`: by method or the last part of the path (`PUT`, `_bulk`); of several the next, then the last again.
    What is not in there goes well and finds nothing."""

    product: str
    url: str
    answers: dict[str, list[Answer]]
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        scripted = self.answers.get(_kind(asked))
        if scripted:
            return scripted.pop(0) if len(scripted) > 1 else scripted[0]
        return Answer(_USUAL.get(_kind(asked), {}) if asked.path != "/" else ABOUT[self.product])

    def sent(self, kind: str) -> list[Asked]:
        return [asked for asked in self.asked if _kind(asked) == kind]

    @property
    def indices(self) -> tuple[set[str], set[str]]:
        """Names of the indices that were made, and of those that were deleted."""
        made = {asked.path for asked in self.sent("PUT")}
        return made, {asked.path for asked in self.sent("DELETE")}


_USUAL: Mapping[str, object] = {
    "PUT": {"acknowledged": True, "shards_acknowledged": True},
    "_bulk": {"errors": False, "items": []},
    "_search": {"hits": {"hits": []}},
}


_METHODS = frozenset({"get", "put", "delete"})


def _kind(asked: Asked) -> str:
    """`GET`, `PUT`, `DELETE`; of what is posted `_bulk`, `_refresh` or, in whatever language, `_search`."""
    return f"_{asked.path.rpartition('/')[2].removeprefix('_')}" if asked.method == "POST" else asked.method


@contextmanager
def fake_server(product: str, *, tls: bool = False, **answers: Answer | list[Answer]) -> Iterator[FakeServer]:
    """A server on a free loopback port; keywords are `put`, `bulk`, `search`, `delete` and so on."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    scripted = {
        name.upper() if name in _METHODS else f"_{name}": answer if isinstance(answer, list) else [answer]
        for name, answer in answers.items()
    }
    address = f"{'https' if tls else 'http'}://127.0.0.1:{http.server_address[1]}"
    server = FakeServer(product, address, scripted)
    http.fake = server  # type: ignore[attr-defined]
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

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        server: FakeServer = self.server.fake  # type: ignore[attr-defined]
        text = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        lines = [json.loads(line) for line in text.splitlines()]
        body = lines if self.path.endswith("_bulk") else lines[0] if lines else None
        answer = server.answer(Asked(self.command, self.path.partition("?")[0], dict(self.headers), body))
        if answer.before is not None:
            answer.before()
        sent = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "text/html" if isinstance(answer.body, str) else "application/json")
        self.send_header("Content-Length", str(len(sent)))
        if server.product == "elasticsearch":
            self.send_header("X-Elastic-Product", "Elasticsearch")
        self.end_headers()
        with suppress(BrokenPipeError):  # who asked may have stopped waiting
            self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: stderr is what the tests look at."""
