"""One event: a flat map from field path to values, as Elasticsearch sees a document (spec eql 6.1, kql 4.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Scalar = str | int | float | bool
Values = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """`fields` maps full dotted names to their values; nulls are dropped, a field without values is absent.

    `time` is milliseconds since 1970 (fractions for finer clocks), None without a readable `@timestamp`. `index` is
    `_index` where the document states one. `tiebreak` orders events of one time (`event.sequence`, spec eql 10.1).
    `document` is the event as it was given: nested predicates need its objects.
    """

    id: str
    fields: Mapping[str, Values]
    document: Mapping[str, object] = field(default_factory=dict)
    time: float | None = None
    index: str | None = None
    tiebreak: float | None = None


def flatten(document: Mapping[str, object]) -> dict[str, Values]:
    """All scalars of a document by dotted path, nested or dotted keys alike; arrays of objects are flattened.

    Keys that begin with `_` at the top level are metadata and are left out.
    """
    fields: dict[str, list[Scalar]] = {}
    for name, value in _scalars("", document):
        fields.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in fields.items() if not name.startswith("_")}


def _scalars(prefix: str, value: object) -> Iterator[tuple[str, Scalar]]:
    match value:
        case dict():
            for key, item in value.items():
                yield from _scalars(f"{prefix}.{key}" if prefix else str(key), item)
        case list() | tuple():
            for item in value:
                yield from _scalars(prefix, item)
        case str() | bool() | int() | float():
            yield prefix, value
        case _:
            pass
