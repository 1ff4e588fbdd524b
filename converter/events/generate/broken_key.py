"""Keys changed in one event or in all of them: other values, none, lists (spec eql 10.2)."""

from collections.abc import Callable, Iterator, Sequence

from converter.events.generate.cast import Cast, Documents
from converter.events.generate.claim import Document
from converter.events.generate.variation import with_value, without

_STAGES = 4
"""So many stages get keys of their own kind."""

Change = Callable[[Document, Document, str], Document | None]
"""A document with another key: of the document, a document under another key, and the key field; None if there is no
such key."""


def broken_keys(cast: Cast, stages: Sequence[int]) -> Iterator[tuple[str, Documents, Documents]]:
    """Documents for all roles with keys of their own and the same with a key changed in some of `stages`, with what was
    changed; the evaluator says what comes of it."""
    for position in range(cast.width):
        for number, stage in enumerate(stages[:_STAGES]):
            for purpose, change in CHANGES:
                base, changed = _changed(cast, [stage], position, change)
                yield f"key {position + 1} of stage {number + 1} {purpose}", base, changed
        for purpose, change in CHANGES_OF_ALL:
            base, changed = _changed(cast, stages, position, change)
            yield f"key {position + 1} of all stages {purpose}", base, changed
    yield from _crossed(cast, stages)


def _changed(cast: Cast, stages: Sequence[int], position: int, change: Change) -> tuple[Documents, Documents]:
    base, other = cast.fresh(), cast.fresh()
    changed = list(base)
    for stage in stages:
        new = change(base[stage], other[stage], cast.roles[stage].keys[position].name)
        changed[stage] = base[stage] if new is None else new
    return base, tuple(changed)


def _crossed(cast: Cast, stages: Sequence[int]) -> Iterator[tuple[str, Documents, Documents]]:
    """Two keys that say the same only in the wrong order, or only when they are joined into one text."""
    last = stages[-1]
    names = [key.name for key in cast.roles[last].keys[:2]]
    if len(names) < 2:
        return
    for purpose, cross in (("in the other order", _swapped), ("divided elsewhere", _redivided)):
        base = cast.fresh()
        values = [base[last].get(name) for name in names]
        if all(isinstance(value, str) for value in values):
            fields = base[last]
            for name, value in zip(names, cross(*map(str, values)), strict=True):
                fields = with_value(fields, name, value)
            yield f"keys {purpose}", base, (*base[:last], fields, *base[last + 1 :])


def _swapped(first: str, second: str) -> tuple[str, str]:
    return second, first


def _redivided(first: str, second: str) -> tuple[str, str]:
    return first[:-1], first[-1:] + second


def _other(fields: Document, other: Document, name: str) -> Document | None:
    return with_value(fields, name, other[name]) if name in other else None


def _other_case(fields: Document, other: Document, name: str) -> Document | None:
    value = fields.get(name)
    return with_value(fields, name, value.swapcase()) if isinstance(value, str) else None


def _missing(fields: Document, other: Document, name: str) -> Document:
    return without(fields, name)


def _null(fields: Document, other: Document, name: str) -> Document:
    return {**without(fields, name), name: None}


def _shared(fields: Document, other: Document, name: str) -> Document | None:
    return _listed(fields, name, [other.get(name), fields.get(name)])


def _shared_beside_null(fields: Document, other: Document, name: str) -> Document | None:
    return {**fields, name: [None, fields[name]]} if name in fields else None


def _foreign(fields: Document, other: Document, name: str) -> Document | None:
    value = other.get(name)
    return _listed(fields, name, [value, f"{value}-more" if isinstance(value, str) else value])


def _listed(fields: Document, name: str, values: list[object]) -> Document | None:
    """A list in place of the value; the elements of a list, one after the other."""
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return None if None in flat else {**fields, name: flat}


CHANGES: tuple[tuple[str, Change], ...] = (
    ("another value", _other),
    ("in other case", _other_case),
    ("missing", _missing),
    ("null", _null),
    ("a list with one shared element", _shared),
    ("a list with the value and null", _shared_beside_null),
    ("a list without a shared element", _foreign),
)

CHANGES_OF_ALL: tuple[tuple[str, Change], ...] = (
    ("missing", _missing),
    ("null", _null),
    ("a list with the same elements", _shared),
)
