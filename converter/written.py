"""Converted files, run as they are: a target's embedded engine on events in the target's own fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Protocol, runtime_checkable

from converter.backend import Artifact, TargetEvent, backend, backend_names
from converter.errors import ConverterError
from converter.evaluate.match import Match, in_order, newest
from converter.events.clock import epoch_millis
from converter.events.event import Event
from converter.readers.source import source_text

_READ_AS_RULES = frozenset({".dsl.json", ".ndjson", ".eql", ".kql", ".lucene"})
"""Forms of output that are read back as rules and need no engine here."""

_SECONDS = ("_time", "time")
"""Clocks of Splunk and osquery, in seconds since 1970."""


@runtime_checkable
class ShowsRows(Protocol):
    """An engine that can also say what a text returns to who runs it."""

    def rows(
        self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float
    ) -> Sequence[Mapping[str, Sequence[str]]]:
        """Rows of fields with their values, in the order in which they are returned."""
        ...


def target_of(path: str) -> str | None:
    """The target whose form of output the file has by its name; None if it is a rule or a folder."""
    name = Path(path).name
    if Path(path).suffix == "" or name.endswith(tuple(_READ_AS_RULES)) or Path(path).is_dir():
        return None
    forms = ((suffix, target) for target in backend_names() for suffix in _suffixes(target))
    return next((target for suffix, target in forms if name.endswith(suffix)), None)


def run_file(path: str, target: str, events: Sequence[Event], now: float | None = None) -> list[Match]:
    """What the text finds among target events, in the order of time.

    Engines report groups by their terms alone: such a match has keys and no ids. Raises RuleError for a file that
    cannot be read, and the engine's ConverterError for a text that it does not understand.
    """
    ordered, moment = _ordered(events, now)
    found = backend(target).engine().run([_artifact(path, target)], _given(ordered), now=moment)
    if found.kind == "sequences":
        return [Match(tuple(id_ or None for id_ in item)) for item in sorted(found.items)]
    if found.kind not in ("events", "ends"):
        return [Match((), terms) for terms in sorted(found.items)]
    return list(_matches(ordered, {item[0] for item in found.items if len(item) == 1}))


def rows_of_file(
    path: str, target: str, events: Sequence[Event], now: float | None = None
) -> Iterable[Mapping[str, Sequence[str]]]:
    """The rows that the text returns, in its own order. Raises as `run_file` does, and if the target's texts return
    no rows."""
    engine = backend(target).engine()
    if not isinstance(engine, ShowsRows):
        raise ConverterError("engine-format", f"texts for {target} return no rows", advice="leave out `--rows`")
    ordered, moment = _ordered(events, now)
    return engine.rows([_artifact(path, target)], _given(ordered), now=moment)


def name_of(path: str, target: str) -> str:
    """The file's name without the target's suffix."""
    return Path(path).name.removesuffix(_suffix(path, target))


def _artifact(path: str, target: str) -> Artifact:
    return Artifact(name_of(path, target), _suffix(path, target), source_text(path))


def _ordered(events: Sequence[Event], now: float | None) -> tuple[list[Event], float]:
    """The events up to the moment of the run in order of time, and that moment."""
    timed = [_timed(event) for event in events]
    moment = (newest(timed) or 0.0) if now is None else now
    return in_order(timed, moment), moment


def _given(events: Iterable[Event]) -> list[TargetEvent]:
    return [TargetEvent(event.id, event.fields, None, event.time or 0.0, event.document) for event in events]


def _suffix(path: str, target: str) -> str:
    """The target's suffix that the file's name ends with (`.pack.json`)."""
    return next(suffix for suffix in _suffixes(target) if path.endswith(suffix))


def _suffixes(target: str) -> Iterator[str]:
    """The suffixes of all files that the target's formats make."""
    for form in backend(target).formats:
        yield from (form.suffix, *form.others)


def _matches(events: Iterable[Event], found: set[str]) -> Iterable[Match]:
    return (Match((event.id,)) for event in events if event.id in found)


def _timed(event: Event) -> Event:
    """The event with a time of the target's own clock, where it states none of Elastic's."""
    if event.time is not None:
        return event
    for name in _SECONDS:
        value = event.document.get(name)
        if isinstance(value, str | int | float) and (moment := _seconds(value)) is not None:
            return Event(event.id, event.fields, event.document, moment, event.index, event.tiebreak)
    return event


def _seconds(value: str | int | float) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return epoch_millis(value)
    return seconds * 1000 if isfinite(seconds) else None
