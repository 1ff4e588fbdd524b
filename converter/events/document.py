"""Documents as they lie in files and indices become events."""

from collections.abc import Mapping

from converter.events.clock import epoch_millis
from converter.events.event import Event, Scalar, Values, flatten

TIME_FIELD = "@timestamp"
TIEBREAK_FIELD = "event.sequence"


def event_of(
    document: Mapping[str, object], position: int, *, time_field: str = TIME_FIELD, tiebreak_field: str = TIEBREAK_FIELD
) -> Event:
    """The event of one document: a bare source, nested or dotted, or a search hit that wraps it in `_source`.

    The id is `_id`, else the 0-based `position` in the input (docs: `convert evaluate`).
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
        time=_first_time(fields.get(time_field, ())),
        index=index if isinstance(index, str) else None,
        tiebreak=_number(fields.get(tiebreak_field, ())),
    )


def _first_time(values: Values) -> float | None:
    return epoch_millis(values[0]) if values else None


def _number(values: Values) -> float | None:
    value: Scalar | None = values[0] if values else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
