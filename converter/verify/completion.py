"""Events completed by what a source always states: a source that records the address of a connection under two names
records no event that has only one of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from converter.events.event import Event
from converter.schema.derivation.interface import CannotBuild
from converter.schema.profile import Source
from converter.schema.project import build, project


def completed(events: Iterable[Event], sources: Sequence[Source], asked: Iterable[str]) -> Iterator[Event]:
    """For each event and source the event with those fields of the rule (`asked`) that it lacks and the source's row
    for it shows; nothing where it lacks none or has no row."""
    read = tuple(asked)
    for event in events:
        for source in sources:
            row = build(event.fields, source)
            if isinstance(row, CannotBuild):
                continue
            seen = project(row, source)
            missing = {name: seen[name] for name in read if name in seen and name not in event.fields}
            if missing:
                fields = {**event.fields, **missing}
                document = {**event.document, **{name: list(values) for name, values in missing.items()}}
                yield replace(event, id=f"{event.id}+{source.name}", fields=fields, document=document)
