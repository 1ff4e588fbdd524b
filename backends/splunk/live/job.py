"""A search as a job on the server: made, waited for, read, and always removed (REST API Reference, search/jobs)."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from backends.splunk.live.connection import Connection, Json, RequestError
from converter.errors import ConfigurationError, EngineError

_JOBS = "/services/search/jobs"
_PAGE = 10_000
_V2 = 9
"""The first release whose results are to be read below `search/v2`."""

_WAITS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between two looks at a job, the last again and again."""

_FAILURES = frozenset({"FATAL", "ERROR"})

Found = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Runs searches on a server of some release."""

    server: Connection
    version: str

    def rows(self, spl: str, *, latest: float, now: float) -> list[Found]:
        """What a search finds before `latest` when it is run at `now` (seconds). Raises EngineError for a search that
        the server refuses or that fails, ConfigurationError if the server does or takes too long."""
        asked = {
            "search": spl if spl.lstrip().startswith(("search ", "|")) else f"search {spl}",
            "earliest_time": "0",
            "latest_time": f"{latest:.3f}",
            "now": f"{now:.3f}",
            "exec_mode": "normal",
        }
        try:
            made = self.server.post(_JOBS, asked)
            sid = made.get("sid")
            if not isinstance(sid, str):
                raise self.server.of_another_product()
            path = f"{_JOBS}/{quote(sid, safe='')}"
            try:
                return list(self._results(path, self._done(path)))
            finally:
                self._remove(path)
        except RequestError as error:
            raise EngineError("engine-refuses", f"Splunk refuses it: {error}") from None

    def _done(self, path: str) -> int:
        """Waits until the job has ended; how many rows it has."""
        for _ in waiting(self.server.access.seconds):
            match self.server.get(path):
                case {"entry": [{"content": {"dispatchState": "FAILED"} as content}, *_]}:
                    raise self._failed(content)
                case {"entry": [{"content": {"dispatchState": "DONE", "resultCount": int(count)} as content}, *_]}:
                    if _failures(content):
                        raise self._failed(content)
                    return count
                case {"entry": [{"content": {"dispatchState": str()}}, *_]}:
                    continue
                case _:
                    raise self.server.of_another_product()
        what = f"a search does not end within {self.server.access.seconds:g} seconds"
        raise ConfigurationError("engine-unreachable", what)

    def _failed(self, content: Json) -> EngineError:
        reason = next(iter(_failures(content)), "it gives no reason")
        return EngineError("engine-refuses", f"the search fails: {self.server.shown(reason)}")

    def _results(self, path: str, count: int) -> Iterator[Found]:
        """All rows, page by page."""
        major = int(self.version.partition(".")[0])
        results = path.replace("/services/search/", "/services/search/v2/") if major >= _V2 else path
        offset = 0
        while offset < count:
            answer = self.server.get(f"{results}/results", count=str(_PAGE), offset=str(offset))
            rows = answer.get("results")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise self.server.of_another_product()
            if not rows:
                raise EngineError("engine-refuses", f"the server shows {offset} of {count} results")
            yield from rows
            offset += len(rows)

    def _remove(self, path: str) -> None:
        """Ends the job, if it still runs, and takes its results away. One that the server has lost is gone."""
        try:
            self.server.delete(path)
        except RequestError as error:
            if error.status != 404:
                raise


def waiting(seconds: float) -> Iterator[None]:
    """Lets time pass between steps, a little more each time, until the seconds are over."""
    end = time.monotonic() + seconds
    waits = iter(_WAITS)
    wait = 0.0
    while time.monotonic() < end:
        yield
        wait = next(waits, wait)
        time.sleep(min(wait, max(end - time.monotonic(), 0)))


def _failures(content: Json) -> list[str]:
    """The texts of what went wrong; warnings and remarks are no failures."""
    messages = content.get("messages")
    if not isinstance(messages, list):
        return []
    return [
        str(item.get("text"))
        for item in messages
        if isinstance(item, dict) and str(item.get("type")).upper() in _FAILURES
    ]
