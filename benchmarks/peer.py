"""python-eql as a peer, where `make engines` has installed it: it runs in its own process and keeps its own time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from converter.events.event import Event
from tests.engines.python_eql import ENGINE
from tests.engines.python_eql.client import FailedError, PythonEql, RejectedError

ABSENT = "python-eql is not installed here: make engines"


def is_installed() -> bool:
    return ENGINE.is_installed()


@contextmanager
def running() -> Iterator[PythonEql]:
    """A python-eql that waits for work."""
    with PythonEql() as worker:
        yield worker


def runnable(worker: PythonEql, queries: Sequence[str], sample: Sequence[Event]) -> list[bool]:
    """Which queries python-eql takes and runs on events like these without breaking down."""
    return [_runs(worker, query, sample) for query in queries]


def _runs(worker: PythonEql, query: str, sample: Sequence[Event]) -> bool:
    try:
        worker.evaluate(query, sample)
    except (RejectedError, FailedError):
        return False
    return True
