"""A field that tells events apart as the ECS field does, with other values: `host.id` by `Computer`."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression, FieldValue
from converter.ir.matcher import Matcher
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row


@dataclass(frozen=True, slots=True)
class KeyOnly:
    """Equal where the ECS field is equal, with a value of its own: a join, group-by or new-terms key, never a test.

    Events are built with the ECS value itself, which keeps equality, too.
    """

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return row.get(self.column, ())

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        return {self.column: row.get(self.column, values)}

    def inverse(self, matcher: Matcher) -> Image | None:
        return None

    def value(self) -> Expression | None:
        return None

    def key(self) -> Expression:
        """What stands for the ECS field as a key."""
        return FieldValue(self.column)
