"""The live engine: what was written, run on a server of the user's in an index of its own."""

from collections.abc import Sequence

from backends.elasticsearch.live import search
from backends.elasticsearch.live.connection import Connection
from backends.elasticsearch.live.index import index_of
from backends.elasticsearch.live.mapping import fields_named_in
from converter.backend import Artifact, Observations, TargetEvent
from converter.schema.catalogue import default_catalogue

CATEGORY = "event.category"
TIEBREAKER = "event.sequence"
"""What EQL takes the kind of an event from, and what tells events of one time apart (spec eql 10.1)."""


class LiveEngine:
    """Satisfies `converter.backend.Engine` on a server: every run makes an index and deletes it."""

    independent = True

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.name = f"{connection.product} {connection.version}"

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        """What the outputs find among the events up to `now` (milliseconds). Raises EngineError for an output that the
        server does not run, ConfigurationError if the server fails."""
        catalogue = default_catalogue()
        for artifact in artifacts:
            search.check(self._connection, artifact)
        given = [event for event in events if event.time <= now]
        asked = [name for artifact in artifacts for name in fields_named_in(artifact.text, catalogue)]
        asked.append(CATEGORY)  # which EQL does not name, and asks for
        ordered = any(TIEBREAKER in event.fields for event in given)
        with index_of(given, asked, self._connection, catalogue) as index:
            run = search.Run(self._connection, index, len(given), now, catalogue, TIEBREAKER if ordered else None)
            found = [run.observe(artifact) for artifact in artifacts]
        kind = found[0].kind if found else "events"
        items = frozenset(item for each in found for item in each.items)
        return Observations(kind, _with_ids(kind, items, given))


def _with_ids(
    kind: str, items: frozenset[tuple[str, ...]], events: Sequence[TargetEvent]
) -> frozenset[tuple[str, ...]]:
    """The items with the ids of events instead of their positions; groups and terms have none."""
    if kind not in {"events", "sequences"}:
        return items
    return frozenset(tuple(events[int(id_)].id if id_ else id_ for id_ in item) for item in items)
