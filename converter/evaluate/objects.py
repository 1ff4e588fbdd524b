"""The objects under a path of a document: what a nested predicate looks at one by one (spec kql 4.8)."""

from collections.abc import Iterator, Mapping

from converter.events.event import Event, flatten


def nested_events(event: Event, path: str) -> Iterator[Event]:
    """Each object under the path as an event of its own, its fields under their full names."""
    for item in _objects(event.document, path):
        document = {path: item}
        yield Event(event.id, flatten(document), document, event.time, event.index, event.tiebreak)


def _objects(value: object, path: str) -> Iterator[Mapping[str, object]]:
    """Objects at the path below a value; dotted keys count at any level, lists fan out."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _objects(item, path)
    elif isinstance(value, Mapping):
        if not path:
            yield value
            return
        for key, item in value.items():
            if key == path:
                yield from _objects(item, "")
            elif path.startswith(f"{key}."):
                yield from _objects(item, path[len(key) + 1 :])
