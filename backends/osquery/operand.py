"""Target fields as SQL operands: where they are read from, and how SQLite will compare them there.

Columns have a type affinity and perhaps a collation; a value taken out of JSON has neither (spec osquery 5).
"""

from dataclasses import dataclass

from backends.osquery.layout import PAYLOAD_COLUMN, Layout
from backends.osquery.quoting import json_path, unwritable
from backends.osquery.refusal import InexpressibleError
from backends.osquery.schema import tables
from backends.osquery.sql import Collated, Column, Function, Sql, Text
from converter.errors import ConfigurationError

EVENT = "e"
"""The alias of the event table."""


@dataclass(frozen=True, slots=True)
class Operand:
    """`is_text`: the values are texts. `ignores_case`: `=` and IN fold case. `computed`: an empty text is a value; in
    a column it counts as missing (spec osquery 2.1)."""

    sql: Sql
    is_text: bool = True
    ignores_case: bool = False
    computed: bool = False

    @property
    def present(self) -> Sql:
        """The value, with NULL in place of an empty text that counts as missing."""
        stored = self.is_text and not self.computed
        return Function("nullif", (self.sql, Text(""))) if stored else self.sql

    @property
    def exact(self) -> Sql:
        """The value for comparisons that tell letter cases apart."""
        return Collated(self.sql, "BINARY") if self.ignores_case else self.sql

    @property
    def folded(self) -> Sql:
        """The value for comparisons that do not."""
        return self.sql if self.ignores_case else Collated(self.sql, "NOCASE")


def operand(layout: Layout, name: str) -> Operand:
    """The operand for a target field. Raises InexpressibleError for a field that has no place in the tables."""
    try:
        place = layout.place(name)
        if place.payload is not None:
            path = json_path(place.payload, place.column)
            if unwritable(path):
                raise ValueError(f"no SQL text can hold the key {place.column!r}")
            return Operand(Function("json_extract", (Column(EVENT, PAYLOAD_COLUMN), Text(path))))
    except (ConfigurationError, ValueError) as error:
        raise InexpressibleError("osquery-field", f"`{name}` cannot be read: {error}", name) from error
    table = layout.joins[place.join].table if place.join else layout.table
    column = tables()[table].columns[place.column]
    return Operand(Column(place.join or EVENT, place.column), column.is_text, column.collate == "NOCASE")
