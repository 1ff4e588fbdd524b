"""The interpreter as the engine that verification runs Splunk's output on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backends.splunk.engine import conf
from backends.splunk.engine.errors import SplError
from backends.splunk.engine.extraction import text
from backends.splunk.engine.interpreter import run
from backends.splunk.engine.row import Result, SplunkEvent
from converter.backend import Artifact, Observations, TargetEvent

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class SplunkEngine:
    """Satisfies converter.backend.Engine. `macros` are those that the user's Splunk defines: name to definition."""

    macros: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return "spl"

    @property
    def independent(self) -> bool:
        return True

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        """The union of what all searches of the artifacts find among the events up to `now` (milliseconds).

        Searches are whole `.spl` files and the `search` keys of `.conf` files; `definition` keys define macros.
        Raises SplError if there is no search, one cannot be run, or they find different kinds of things.
        """
        searches, macros = _searches(artifacts)
        prepared = [_event(event) for event in events]
        results = [run(spl, prepared, now=now / MILLISECONDS, macros={**self.macros, **macros}) for spl in searches]
        found = [_observations(result) for result in results]
        kinds = {one.kind for one in found}
        if len(kinds) != 1:
            raise SplError("spl-no-search", "the artifacts hold no search, or searches of different kinds")
        return Observations(kinds.pop(), frozenset().union(*(one.items for one in found)))


def _searches(artifacts: Sequence[Artifact]) -> tuple[list[str], dict[str, str]]:
    searches: list[str] = []
    macros: dict[str, str] = {}
    for artifact in artifacts:
        match artifact.suffix:
            case ".spl":
                searches.append(artifact.text)
            case ".conf":
                stanzas = conf.read(artifact.text)
                searches += [keys["search"] for keys in stanzas.values() if "search" in keys]
                macros |= {name: keys["definition"] for name, keys in stanzas.items() if "definition" in keys}
            case _:
                pass
    return searches, macros


def _event(event: TargetEvent) -> SplunkEvent:
    fields = {name: tuple(text(value) for value in values) for name, values in event.fields.items()}
    return SplunkEvent(event.id, event.time / MILLISECONDS, fields)


def _observations(result: Result) -> Observations:
    if result.grouped:
        return Observations("terms", frozenset(row.group for row in result.rows if row.group is not None))
    return Observations("events", frozenset((row.event_id,) for row in result.rows if row.event_id is not None))
