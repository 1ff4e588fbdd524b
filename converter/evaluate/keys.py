"""Keys of sequences, samples and groups: the values by which events belong together (spec eql 10.2).

Values are compared by the type of their field: dates as instants whatever their format, addresses as addresses, all
else exactly. An event has one key for every combination of its fields' distinct values, in ascending order.
"""

from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from converter.evaluate import address, dates
from converter.evaluate.failure import EvaluationError
from converter.evaluate.match import KeyValue
from converter.evaluate.typed import Reader, Typed, value_reader
from converter.evaluate.version import version_key
from converter.events.event import Event, Scalar
from converter.ir.predicate import Field
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

COMBINATIONS_LIMIT = 10_000

Key = tuple[Typed | None, ...]
"""One value per field, null as None; hashable, equal to its like only."""

_NO_FIELDS: tuple[Key, ...] = ((),)
_NULL: tuple[None, ...] = (None,)


class Keys:
    """The keys of events by some fields. A field in `null` is one that no mapping defines: it is always null."""

    def __init__(self, fields: Iterable[Field], catalogue: Catalogue, null: Container[str] = ()) -> None:
        self._fields = [_key_field(field, catalogue[field.name], field.name in null) for field in fields]

    def of(self, event: Event) -> Collection[Key]:
        """Every key of the event: none if a field that is not optional has no value.

        Raises EvaluationError if lists of values make too many of them.
        """
        if not self._fields:
            return _NO_FIELDS
        choices = [field.choices(event) for field in self._fields]
        if prod(map(len, choices)) > COMBINATIONS_LIMIT:
            raise EvaluationError("too-many-combinations", f"event {event.id} has too many combinations of key values")
        return list(product(*choices))

    def shown(self, key: Key) -> tuple[KeyValue, ...] | None:
        """The key as a match states it, None if there are no fields."""
        if not self._fields:
            return None
        return tuple(
            None if value is None else field.show(value) for field, value in zip(self._fields, key, strict=True)
        )

    def rank(self, key: Key) -> tuple[tuple[bool, Any], ...]:
        """What keys are sorted by: field by field, null before every value."""
        return tuple(
            (value is not None, 0 if value is None else field.order(value))
            for field, value in zip(self._fields, key, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _KeyField:
    source: str | None
    read: Reader
    order: Callable[[Typed], Any]
    show: Callable[[Typed], Scalar]
    missing: tuple[None, ...]

    def choices(self, event: Event) -> Collection[Typed | None]:
        """The distinct values of the field in ascending order, or what stands for none."""
        values = event.fields.get(self.source) if self.source is not None else None
        if not values:
            return self.missing
        if len(values) == 1:
            typed = self.read(values[0])
            return self.missing if typed is None else (typed,)
        found = {typed for typed in map(self.read, values) if typed is not None}
        return sorted(found, key=self.order) if found else self.missing


def _key_field(field: Field, info: FieldInfo, null: bool) -> _KeyField:
    source = None if null else info.parent or info.name
    read = value_reader(info)
    missing = _NULL if field.optional else ()
    match info.type:
        case FieldType.DATE:
            return _KeyField(source, read, _itself, dates.text_of, missing)
        case FieldType.IP:
            return _KeyField(source, read, _itself, address.text_of, missing)
        case FieldType.VERSION:
            return _KeyField(source, read, version_key, _itself, missing)
        case _:
            return _KeyField(source, read, _itself, _itself, missing)


def _itself(value: Typed) -> Any:
    return value
