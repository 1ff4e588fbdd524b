"""Asking python-eql: the process that `worker.py` runs in, and our events in its form."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from converter.events.event import Event, Scalar, Values
from tests.engines.python_eql import ENGINE, PYTHON

Ids = tuple[str, ...]

_ENDED = "the worker has ended, its last words are on stderr"


class RejectedError(Exception):
    """python-eql does not take the query; the text says why."""


class FailedError(Exception):
    """python-eql takes the query and breaks on it or on an event, or its process has ended."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, measured inside the worker; `rejected` are the positions of queries that took no part."""

    seconds: tuple[float, ...]
    rejected: tuple[int, ...]
    events: int = 0
    matches: int = 0


class PythonEql:
    """A running worker: a context manager. Every question raises RejectedError or FailedError."""

    def __init__(self, home: Path = ENGINE.home) -> None:
        self._process = subprocess.Popen(
            [home / PYTHON, "-I", Path(__file__).with_name("worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the worker: it stops when its input does."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def parse(self, query: str) -> None:
        """Whether python-eql takes a query, in Elasticsearch's syntax; otherwise raises RejectedError."""
        self._ask(do="parse", query=query)

    def evaluate(self, query: str, events: Iterable[Event], *, fold: bool = True) -> list[Ids]:
        """The ids of each result, in the order found, over events that come in order.

        `fold`: every comparison of texts ignores case (python-eql's default), else none does.
        """
        answer = self._ask(do="evaluate", query=query, events=[as_given(event) for event in events], fold=fold)
        return [tuple(ids) for ids in answer["matches"]]

    def time_parse(self, queries: Sequence[str], runs: int = 5) -> Timing:
        """Time from text to python-eql's own tree, checks and optimizer included, for all queries in one run."""
        answer = self._ask(do="time_parse", queries=list(queries), runs=runs)
        return Timing(tuple(answer["seconds"]), tuple(answer["rejected"]))

    def time_evaluate(self, queries: Sequence[str], events: Iterable[Event], runs: int = 1) -> Timing:
        """Time for all queries in one engine over all events; parsing and reading the events take no part."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "events.ndjson")
            with path.open("w", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(as_given(event))}\n" for event in events)
            answer = self._ask(do="time_evaluate", queries=list(queries), events=str(path), runs=runs)
        return Timing(tuple(answer["seconds"]), tuple(answer["rejected"]), answer["events"], answer["matches"])

    def _ask(self, **request: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{json.dumps(request)}\n")
            self._process.stdin.flush()
        except BrokenPipeError as problem:
            raise FailedError(_ENDED) from problem
        line = self._process.stdout.readline()
        if not line:
            raise FailedError(_ENDED)
        answer: dict[str, Any] = json.loads(line)
        if isinstance(answer.get("rejected"), str):
            raise RejectedError(answer["rejected"])
        if "failed" in answer:
            raise FailedError(answer["failed"])
        return answer


def as_given(event: Event, category_field: str = "event.category") -> dict[str, object]:
    """An event as the worker reads it: one category, nested objects, a list only where there are several values."""
    document: dict[str, Any] = {}
    for name, values in event.fields.items():
        *path, last = name.split(".")
        inner = document
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = _plain(values)
    category = event.fields.get(category_field, ("",))[0]
    return {"id": event.id, "category": category, "time": event.time or 0, "document": document}


def _plain(values: Values) -> Scalar | list[Scalar]:
    return values[0] if len(values) == 1 else list(values)
