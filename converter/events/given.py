"""Events that a program hands over: documents as mappings, or events that were made of documents before."""

from collections.abc import Iterable, Iterator, Mapping

from converter.errors import ConfigurationError
from converter.events.document import DEFAULT_CLOCK, Clock, event_of, retimed
from converter.events.event import Event
from converter.events.indexing import check

Document = Event | Mapping[str, object]


def events_of(items: Iterable[Document], clock: Clock = DEFAULT_CLOCK) -> Iterator[Event]:
    """Documents as events; events as they are, unless the clock is one of a rule's own.

    Ids are `_id` or positions. Raises ConfigurationError for what is no document, or one that no index would take.
    """
    for position, item in enumerate(items):
        if isinstance(item, Event):
            yield item if clock == DEFAULT_CLOCK else retimed(item, clock)
        elif isinstance(item, Mapping):
            yield _event(item, position, clock)
        else:
            raise ConfigurationError("events-not-objects", f"event {position} is no object", expected="a mapping")


def _event(document: Mapping[str, object], position: int, clock: Clock) -> Event:
    try:
        event = event_of(document, position, clock)
    except RecursionError:
        raise ConfigurationError("events-too-deep", f"event {position} is nested too deeply") from None
    check(event, document, clock)
    return event
