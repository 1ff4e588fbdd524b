"""Which events of a query are a fair question: both engines have to agree about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from converter.events.event import Event, Scalar
from converter.languages.eql.tree import FieldName, Sample, Sequence, Stage, Statement
from converter.languages.eql.usage import unknown_fields
from converter.schema.catalogue import Catalogue, FieldType
from tests.engines.python_eql.difference import Difference
from tests.engines.python_eql.walk import conditions, leaves, nodes

IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a query asks of its events: one value at most of the type named, and exactly one of fields that are negated
    (`present`) or join events (`keys`)."""

    types: dict[str, FieldType]
    present: frozenset[str]
    keys: frozenset[str]


def needs(statement: Statement, catalogue: Catalogue) -> Needs:
    """What an event must be like for both engines to agree about the query."""
    known = catalogue.retyped(unknown_fields(statement, catalogue))
    read = {node.name for node in nodes(statement) if isinstance(node, FieldName)}
    present = {
        name
        for condition in conditions(statement)
        for test, negated in leaves(condition)
        if negated
        for name in _fields(test)
    }
    return Needs({name: known[name].type for name in sorted(read)}, frozenset(present), frozenset(_keys(statement)))


def event_differences(event: Event, needs: Needs, category_field: str = "event.category") -> Iterator[Difference]:
    """Why an event cannot be compared; nothing if it can."""
    if len(event.fields.get(category_field, ())) > 1:
        yield Difference.LIST
    for name, field_type in needs.types.items():
        values = event.fields.get(name, ())
        if len(values) > 1:
            yield Difference.LIST
        if not values and name in needs.keys:
            yield Difference.MISSING_KEY
        if not values and name in needs.present:
            yield Difference.NEGATED_MISSING
        for value in values:
            yield from _value_differences(value, field_type)


def _value_differences(value: Scalar, field_type: FieldType) -> Iterator[Difference]:
    match value:
        case str():
            if field_type is FieldType.IP and not IPV4.fullmatch(value):
                yield Difference.FIELD_TYPE
            if field_type.is_number or field_type is FieldType.BOOLEAN:
                yield Difference.VALUE_TYPE
            if "\n" in value:
                yield Difference.LINE_BREAK
            if not value.isascii():
                yield Difference.LETTERS
        case bool():
            if field_type is not FieldType.BOOLEAN:
                yield Difference.VALUE_TYPE
        case int():
            if not field_type.is_number:
                yield Difference.VALUE_TYPE
        case float():
            yield Difference.VALUE_TYPE


def _keys(statement: Statement) -> Iterator[str]:
    """The join keys that have to be there."""
    for node in nodes(statement.query):
        if isinstance(node, Sequence | Sample | Stage):
            yield from (key.name for key in node.keys if not key.optional)


def _fields(node: object) -> Iterator[str]:
    return (item.name for item in nodes(node) if isinstance(item, FieldName))
