"""What Elasticsearch would not take into an index as a document says it, or would take in a way nobody means.

A document that a data stream rejects is refused here with the same reason; one that it takes under a meaning that
surprises is taken with that meaning, and told. What a stream ignores (a text in a field of numbers) is ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite

from converter.diagnostic import Diagnostic, Level
from converter.errors import ConfigurationError, Place
from converter.events.clock import iso
from converter.events.document import Clock
from converter.events.event import Event, Scalar, Values

DEEPEST = 20
"""Levels of a field's name: `index.mapping.depth.limit`."""

_REMEMBERED_IDS = 250_000
_SECONDS = range(10**8, 10**11)
_FINER_THAN_MILLISECONDS = 10**14


def check(event: Event, document: Mapping[str, object], clock: Clock) -> None:
    """Raises ConfigurationError for an event whose document an index would reject, without a place."""
    _check_metadata(document)
    _check_names(tuple(event.fields))
    _check_time(event.fields.get(clock.time, ()), event.time, clock.time)
    for name, values in event.fields.items():
        for value in values:
            if value.__class__ is float and not isfinite(value):
                raise ConfigurationError("events-number-too-large", f"`{name:.80}` is a number that is not finite")


class Ids:
    """The ids of a run, by index: an index holds one document per id. The last ones are remembered."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def earlier(self, event: Event, line: int) -> int | None:
        """The line of an earlier document of the index with this id, None if there is none."""
        key = hash((event.index, event.id))
        if key in self._seen:
            return self._seen[key]
        self._seen[key] = line
        if len(self._seen) > _REMEMBERED_IDS:
            del self._seen[next(iter(self._seen))]
        return None


@dataclass(slots=True)
class Oddities:
    """What is odd about a run's events, each kind told once, with the first event that shows it."""

    told: dict[str, Diagnostic] = field(default_factory=dict)

    def look_at(self, event: Event, clock: Clock, path: str, line: int) -> None:
        """Notes an event without a time, and one whose time is a number of another unit than milliseconds."""
        values = event.fields.get(clock.time)
        if not values:
            if "events-without-time" not in self.told:
                what = f"event {event.id:.80} has no `{clock.time}`: it comes after all others, and sequences need one"
                self.tell("events-without-time", what, path, line)
        elif "events-time-unit" not in self.told and (unit := _likely_unit(values[0])) is not None:
            what = f"`{clock.time}` is {values[0]}, which looks like {unit} and is read as milliseconds{_when(event)}"
            self.tell("events-time-unit", what, path, line)

    def tell(self, code: str, what: str, path: str, line: int = 1) -> None:
        """Notes something, unless its like was noted before."""
        self.told.setdefault(code, Diagnostic(Place(path, line), Level.WARNING, code, what))


def _check_metadata(document: Mapping[str, object]) -> None:
    identity = document.get("_id")
    if identity is not None and (isinstance(identity, bool) or not isinstance(identity, str | int)):
        raise ConfigurationError("events-id-unusable", "`_id` is no text", expected="a text or a whole number")


@lru_cache(maxsize=512)
def _check_names(names: tuple[str, ...]) -> None:
    """Documents come in few shapes: a shape is looked at once."""
    prefixes = {prefix for name in names for prefix in _prefixes(name)}
    for name in names:
        if name.count(".") >= DEEPEST:
            raise ConfigurationError(
                "events-too-deep",
                f"the field `{name:.40}...` lies {name.count('.') + 1} levels deep",
                expected=f"at most {DEEPEST} levels",
            )
        if name in prefixes:
            raise ConfigurationError("events-field-conflict", f"`{name:.80}` is a value and an object in one document")
        if not all(part.strip() for part in name.split(".")):
            raise ConfigurationError("events-field-name", f"`{name:.80}` is no field name: a part of it is empty")


def _prefixes(name: str) -> Iterator[str]:
    """The objects that a field lies in; those of a name that is too deep do not matter."""
    for _ in range(min(name.count("."), DEEPEST)):
        name = name.rpartition(".")[0]
        yield name


def _check_time(values: Values, time: float | None, name: str) -> None:
    if len(values) > 1:
        raise ConfigurationError(
            "events-time-several", f"`{name}` has {len(values)} values", expected="one time per event"
        )
    if values and time is None:
        raise ConfigurationError(
            "events-time-unreadable",
            f"`{name}` is `{values[0]!s:.40}`, which is no time",
            expected="ISO 8601 (2024-05-01T12:00:00Z), or milliseconds since 1970",
        )


def _likely_unit(value: Scalar) -> str | None:
    """Seconds, microseconds or nanoseconds, if a number of milliseconds would be in the wrong century."""
    if isinstance(value, str):
        number = float(value) if value.strip().isdecimal() and len(value) > 4 else 0.0
    else:
        number = float(value)
    if int(number) in _SECONDS:
        return "seconds"
    if number >= _FINER_THAN_MILLISECONDS:
        return "microseconds or nanoseconds"
    return None


def _when(event: Event) -> str:
    return f", {iso(event.time)}" if event.time is not None and abs(event.time) < _FINER_THAN_MILLISECONDS else ""
