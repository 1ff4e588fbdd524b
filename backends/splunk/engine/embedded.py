"""The interpreter as the engine that verification runs Splunk's output on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backends.splunk.engine import conf
from backends.splunk.engine.errors import SplError
from backends.splunk.engine.extraction import Rendering, extract, text
from backends.splunk.engine.interpreter import run
from backends.splunk.engine.row import Result, SplunkEvent, Texts
from backends.splunk.engine.schedule import Schedule, schedule_of
from backends.splunk.engine.table import Table, of_stanza
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

        Searches are whole `.spl` files and the `search` keys of `.conf` files; `definition` keys define macros, and
        stanzas of transforms.conf lookups over the `.csv` files or over a collection. A saved search whose time range
        ends before it runs is run as often as its schedule says, until the events are behind it; every other one is
        run once, at `now`. What a search that ends in `outputlookup` finds is there for the searches after it, and no
        observation. Raises SplError if there is no search, one cannot be run, or they find different kinds of things.
        """
        given = _read(artifacts)
        prepared = _events([event for event in events if event.time <= now])
        macros = {**self.macros, **given.macros}
        found: list[Observations] = []
        for search in given.searches:
            results = list(_runs(search, prepared, now / MILLISECONDS, macros, given.tables))
            found += [_observations(result) for result in results if not result.stored]
        kinds = {one.kind for one in found}
        if len(kinds) != 1:
            raise SplError("spl-no-search", "the artifacts hold no search, or searches of different kinds")
        return Observations(kinds.pop(), frozenset().union(*(one.items for one in found)))

    def rows(
        self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float
    ) -> list[Mapping[str, Texts]]:
        """What the searches return, one after the other: rows of fields in the order of the search. A saved search
        is run once, at `now`. Raises SplError as `run` does."""
        given = _read(artifacts)
        if not given.searches:
            raise SplError("spl-no-search", "the artifacts hold no search")
        prepared = _events([event for event in events if event.time <= now])
        macros = {**self.macros, **given.macros}
        moment = now / MILLISECONDS
        results = [
            run(search.spl, prepared, now=moment, macros=macros, tables=given.tables) for search in given.searches
        ]
        return [row.fields for result in results for row in result.rows]


@dataclass(frozen=True, slots=True)
class _Search:
    spl: str
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    searches: tuple[_Search, ...]
    macros: Mapping[str, str]
    tables: Mapping[str, Table]


def _read(artifacts: Sequence[Artifact]) -> _Given:
    searches: list[_Search] = []
    macros: dict[str, str] = {}
    tables: dict[str, Table] = {}
    files = {artifact.name: artifact.text for artifact in artifacts if artifact.suffix == ".csv"}
    for artifact in artifacts:
        if artifact.suffix == ".spl":
            searches.append(_Search(artifact.text))
        if artifact.suffix != ".conf":
            continue
        for name, keys in conf.read(artifact.text).items():
            table = of_stanza(keys, files)
            if table is not None:
                tables[name] = table
            if "search" in keys:
                searches.append(_Search(keys["search"], schedule_of(keys)))
            if "definition" in keys:
                macros[name] = keys["definition"]
    return _Given(tuple(searches), macros, tables)


def _runs(
    search: _Search,
    events: Sequence[SplunkEvent],
    now: float,
    macros: Mapping[str, str],
    tables: Mapping[str, Table],
) -> list[Result]:
    once = run(search.spl, events, now=now, macros=macros, tables=tables)
    if search.schedule is None or not once.ranged:
        return [once]  # without a look at its time range, a search finds in all parts what it finds in the whole
    results = [replace(once, rows=())]
    for moment in search.schedule.runs([event.time for event in events]):
        earliest, latest = search.schedule.range(moment)
        results.append(
            run(search.spl, events, now=moment, earliest=earliest, latest=latest, macros=macros, tables=tables)
        )
    return results


def _events(events: Sequence[TargetEvent]) -> list[SplunkEvent]:
    """The events with the order in which they were indexed: what breaks ties does so for the index, too."""
    ranked = sorted(
        range(len(events)),
        key=lambda place: (events[place].time, events[place].tiebreak is None, events[place].tiebreak or 0),
    )
    indexed = {place: str(rank) for rank, place in enumerate(ranked)}
    return [_event(event, indexed[place]) for place, event in enumerate(events)]


def _event(event: TargetEvent, indexed: str) -> SplunkEvent:
    """The event's fields; lists of its document have braces behind their names, too (spec splunk 6.1)."""
    fields = {name: tuple(text(value) for value in values) for name, values in event.fields.items()}
    extracted = extract(event.document, Rendering.BRACES)
    lists = {name: values for name, values in extracted.items() if "{}" in name}
    return SplunkEvent(event.id, event.time / MILLISECONDS, {**lists, **fields, "_indextime": (indexed,)})


def _observations(result: Result) -> Observations:
    if result.grouped:
        return Observations("groups", frozenset(row.group for row in result.rows if row.group is not None))
    kind = "ends" if result.related else "events"
    return Observations(kind, frozenset((event,) for row in result.rows for event in row.events))
