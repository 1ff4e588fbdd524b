"""The live engine: searches run on a server of the user's, over events that carry the id of the run."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from backends.splunk.live.access import Access
from backends.splunk.live.collector import RUN, send
from backends.splunk.live.connection import Connection, RequestError
from backends.splunk.live.job import Found, Searcher, waiting
from backends.splunk.live.prepared import Prepared, prepare
from converter.backend import Artifact, Observations, TargetEvent
from converter.errors import ConfigurationError, EngineError

_MILLISECOND = 0.001


def connect(access: Access) -> "LiveEngine":
    """The engine of a server that has answered as Splunk. Raises ConfigurationError."""
    server = Connection(access, access.url, access.authorization)
    collector = Connection(access, access.collector, access.collector_authorization)
    try:
        about = server.get("/services/server/info")
    except RequestError:
        raise server.of_another_product() from None
    match about:
        case {"entry": [{"content": {"version": str(version)}}, *_]} if version.partition(".")[0].isdecimal():
            return LiveEngine(Searcher(server, version), collector)
        case _:
            raise server.of_another_product()


@dataclass(frozen=True, slots=True)
class LiveEngine:
    """Satisfies `converter.backend.Engine` on a Splunk server."""

    searcher: Searcher
    collector: Connection

    @property
    def name(self) -> str:
        return f"splunk {self.searcher.version}"

    @property
    def independent(self) -> bool:
        return True

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        """What the searches find among the events up to `now` (milliseconds). Raises EngineError for an output that
        the server does not run, ConfigurationError if the server fails."""
        given = [event for event in events if event.time <= now]
        run = uuid.uuid4().hex
        index = self.collector.access.index
        searches = [prepare(_text(artifact), index, run) for artifact in artifacts]
        kinds = {search.kind for search in searches}
        if len(kinds) != 1:
            raise EngineError("engine-format", "there is no search, or the searches find different things")
        if given:
            send(given, run, self.collector)
            self._await(len(given), run, index, now)
        # `latest` is exclusive on a server, and events of the present count.
        found = [
            _item(search, row, given)
            for search in searches
            for row in self.searcher.rows(search.spl, latest=now / 1000 + _MILLISECOND, now=now / 1000)
        ]
        return Observations(kinds.pop(), frozenset(item for item in found if item is not None))

    def _await(self, count: int, run: str, index: str, now: float) -> None:
        """Waits until all events of the run can be found: a collector answers before it has indexed."""
        spl = f'search index="{index}" {RUN}::{run} | stats count AS found'
        seen = "0"
        for _ in waiting(self.collector.access.seconds):
            rows = self.searcher.rows(spl, latest=now / 1000 + _MILLISECOND, now=now / 1000)
            seen = str(rows[0].get("found")) if rows else "0"
            if seen == str(count):
                return
        raise ConfigurationError(
            "engine-late",
            f"of {count} events {seen} can be found in the index `{index}` after {self.collector.access.seconds:g} "
            "seconds",
            advice="the user has to be allowed to search the index, which has to keep events of that age",
        )


def _text(artifact: Artifact) -> str:
    if artifact.suffix != ".spl":
        raise EngineError("engine-format", f"Splunk is asked to run searches (`.spl`), not `{artifact.suffix}` files")
    return artifact.text


def _item(search: Prepared, row: Found, events: Sequence[TargetEvent]) -> tuple[str, ...] | None:
    """What a row observes: an event by the number it was sent with, or a group by its keys."""
    values = tuple(row.get(column) for column in search.columns)
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise EngineError("engine-refuses", "a row of the result does not say which event or group it is")
    if search.keys is not None:
        return texts
    (number,) = texts
    if not (number.isdecimal() and int(number) < len(events)):
        raise EngineError("engine-refuses", f"a row of the result is of no event that was sent: {number:.20}")
    return (events[int(number)].id,)
