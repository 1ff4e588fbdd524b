"""Searches over documents as Python has them: SPL tested without a Splunk (docs/library.md)."""

from collections.abc import Iterable, Mapping

from backends.splunk.engine.extraction import Rendering, extract
from backends.splunk.engine.interpreter import run
from backends.splunk.engine.row import Result, SplunkEvent
from backends.splunk.engine.table import Table
from converter.errors import ConfigurationError
from converter.events.clock import epoch_millis


def search_documents(
    spl: str,
    documents: Iterable[Mapping[str, object]],
    *,
    now: float | None = None,
    rendering: Rendering | str = Rendering.ALIAS,
    macros: Mapping[str, str] | None = None,
    tables: Mapping[str, Table] | None = None,
) -> Result:
    """What a search returns over documents, as Splunk would extract their fields (spec splunk 6.1).

    A document may be flat or nested. Its time is `_time` (seconds since 1970), else `@timestamp` (ISO 8601 or
    milliseconds), else 0; its id is `_id`, else its position. `now` is in seconds, by default the newest event's time.
    `rendering` says how lists can be reached. Raises SplError for whatever is not understood, with its
    place, ConfigurationError for a time that cannot be read.
    """
    events = [_event(position, document, rendering) for position, document in enumerate(documents)]
    moment = max((event.time for event in events), default=0.0) if now is None else now
    return run(spl, events, now=moment, macros=macros, tables=tables)


def _event(position: int, document: Mapping[str, object], rendering: Rendering | str) -> SplunkEvent:
    fields = extract(document, rendering)
    if isinstance(raw := document.get("_raw"), str):
        fields["_raw"] = (raw,)
    return SplunkEvent(str(document.get("_id", position)), _time(document), fields)


def _time(document: Mapping[str, object]) -> float:
    match document.get("_time"):
        case bool():
            pass
        case int() | float() as seconds:
            return float(seconds)
    found = document.get("@timestamp", 0)
    millis = epoch_millis(found) if isinstance(found, str | int | float) else None
    if millis is None:
        raise ConfigurationError("events-time-unreadable", f"`{found!s:.40}` is no time of an event")
    return millis / 1000
