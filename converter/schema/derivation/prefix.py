"""Whole branches of ECS names that the target keeps under names of its own: `winlog.event_data.X` is `X`."""

from collections.abc import Iterator
from dataclasses import dataclass

from converter.events.event import Values
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.interface import Derivation, Row
from converter.schema.derivation.pairs import Paired


@dataclass(frozen=True, slots=True)
class PrefixRule:
    """A name below the prefix is the column `before` + rest of the name, its values unchanged.

    `open`: the names are those of a document's objects, where a list stands under another name (`a{}.b`).
    """

    before: str = ""
    open: bool = False

    def bind(self, rest: str) -> Derivation:
        return Copy(self.before + rest)

    def seen(self, row: Row) -> Iterator[tuple[str, Values]]:
        """The rest of each name that the row has, with its values."""
        return ((column.removeprefix(self.before), row[column]) for column in row if column.startswith(self.before))


@dataclass(frozen=True, slots=True)
class PairsRule:
    """A name below the prefix is the name of a parameter in a list of names, its value in a list of values."""

    names: str
    values: str
    open: bool = False

    def bind(self, rest: str) -> Derivation:
        return Paired(self.names, self.values, rest)

    def seen(self, row: Row) -> Iterator[tuple[str, Values]]:
        for name in dict.fromkeys(map(str, row.get(self.names, ()))):
            yield name, Paired(self.names, self.values, name).forward(row)
