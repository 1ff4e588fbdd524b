"""Documents as they lie in files and indices become events."""

from collections.abc import Mapping
from dataclasses import dataclass

from converter.events.clock import epoch_millis
from converter.events.event import Event, Scalar, Values, flatten

TIME_FIELD = "@timestamp"
TIEBREAK_FIELD = "event.sequence"


@dataclass(frozen=True, slots=True)
class Clock:
    """The fields that order events: the time, and what orders events of one time."""

    time: str = TIME_FIELD
    tiebreak: str = TIEBREAK_FIELD


DEFAULT_CLOCK = Clock()


def event_of(document: Mapping[str, object], position: int, clock: Clock = DEFAULT_CLOCK) -> Event:
    """The event of one document: a bare source, nested or dotted, or a search hit that wraps it in `_source`.

    The id is `_id`, else the 0-based `position` in the input (docs: `convert evaluate`). Nothing is checked: a time
    that cannot be read is none (`converter.events.indexing` says what an index would not take).
    """
    wrapped = document.get("_source")
    source: Mapping[str, object] = wrapped if isinstance(wrapped, dict) else document
    fields = flatten(source)
    identity = document.get("_id", source.get("_id"))
    index = document.get("_index", source.get("_index"))
    return Event(
        id=str(position if identity is None else identity),
        fields=fields,
        document=source,
        time=_first_time(fields.get(clock.time, ())),
        index=index if isinstance(index, str) else None,
        tiebreak=_number(fields.get(clock.tiebreak, ())),
    )


def retimed(event: Event, clock: Clock) -> Event:
    """The event ordered by other fields: a rule may name its own (spec elastic-rules 2.3)."""
    time, tiebreak = _first_time(event.fields.get(clock.time, ())), _number(event.fields.get(clock.tiebreak, ()))
    return Event(event.id, event.fields, event.document, time, event.index, tiebreak)


def _first_time(values: Values) -> float | None:
    return epoch_millis(values[0]) if values else None


def _number(values: Values) -> float | None:
    value: Scalar | None = values[0] if values else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
