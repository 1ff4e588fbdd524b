"""One event: a flat map from field path to values, as Elasticsearch sees a document (spec eql 6.1, kql 4.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from converter.errors import ConfigurationError

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

    Keys that begin with `_` at the top level are metadata and are left out. Raises RecursionError for a document that
    is nested too deeply for that, ConfigurationError for a value that JSON does not have.
    """
    fields: dict[str, list[Scalar]] = {}
    for key, value in document.items():
        _gather(str(key), value, fields)
    return {name: tuple(values) for name, values in fields.items() if not name.startswith("_")}


def _gather(name: str, value: object, fields: dict[str, list[Scalar]]) -> None:
    match value:
        case str() | bool() | int() | float():
            fields.setdefault(name, []).append(value)
        case dict():
            for key, item in value.items():
                _gather(f"{name}.{key}" if name else str(key), item, fields)
        case list() | tuple():
            for item in value:
                _gather(name, item, fields)
        case None:
            pass
        case _:
            raise ConfigurationError(
                "events-value-unusable",
                f"`{name:.80}` is a {type(value).__name__}",
                expected="texts, numbers, booleans, lists and mappings of them; times as ISO 8601",
            )
