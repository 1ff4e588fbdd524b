"""Events for one run, handed to the HTTP Event Collector (Splunk's "Getting Data In", HTTP Event Collector).

An event's fields are indexed as they are, so that no extraction of the server's decides what a search sees. The raw
text holds all values, since a search looks their words up there (spec splunk 1.4).
"""

import json
from collections.abc import Iterator, Sequence

from backends.splunk.engine.extraction import text
from backends.splunk.live.connection import Connection, RequestError
from converter.backend import TargetEvent
from converter.errors import ConfigurationError, EngineError

RUN = "ruleport_run"
EVENT = "ruleport_event"
"""Fields that every event of ours carries: which run it belongs to, and its position there."""

_PATH = "/services/collector/event"
_AT_ONCE = 500
_METADATA = frozenset({"host", "source", "sourcetype"})
_OF_THE_EVENT = frozenset({6, 12, 13, 15})
"""The collector's numbers for data it cannot read, a missing or blank event, and fields it cannot index."""


def send(events: Sequence[TargetEvent], run: str, collector: Connection) -> None:
    """Raises EngineError for an event that the collector does not take, ConfigurationError if it takes none."""
    lines = list(_lines(events, run, collector.access.index))
    for start in range(0, len(lines), _AT_ONCE):
        try:
            answer = collector.post(_PATH, "\n".join(lines[start : start + _AT_ONCE]))
        except RequestError as error:
            if error.code in _OF_THE_EVENT:
                raise EngineError("engine-events", f"the engine does not take an event: {error}") from None
            what = f"the HTTP Event Collector at {collector.url} takes nothing: {error}"
            advice = f"its token has to be enabled and to allow the index `{collector.access.index}`"
            raise ConfigurationError("engine-collector", what, advice=advice) from None
        if answer.get("code") != 0:
            raise collector.of_another_product()


def _lines(events: Sequence[TargetEvent], run: str, index: str) -> Iterator[str]:
    for position, event in enumerate(events):
        values = {name: [text(value) for value in given] for name, given in event.fields.items() if given}
        payload: dict[str, object] = {name: values[name][0] for name in sorted(_METADATA & values.keys())}
        fields: dict[str, object] = {
            name: found if len(found) > 1 else found[0]
            for name, found in values.items()
            if name not in _METADATA and name != "index" and not name.startswith("_")
        }
        raw = "\n".join(value for found in values.values() for value in found)
        payload |= {"time": event.time / 1000, "index": index, "event": raw or str(position)}
        payload["fields"] = {**fields, RUN: run, EVENT: str(position)}
        yield json.dumps(payload, ensure_ascii=False)
