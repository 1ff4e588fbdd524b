"""The field under another name, its values unchanged."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression, FieldValue
from converter.ir.matcher import Matcher
from converter.ir.predicate import Field, Test
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row


@dataclass(frozen=True, slots=True)
class Copy:
    """`column` holds exactly the values of the ECS field, of the same type."""

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
        if self.column in row and row[self.column] != values:
            return CannotBuild(f"{self.column} has another value already")
        return {self.column: values}

    def inverse(self, matcher: Matcher) -> Image | None:
        return Image(Test(Field(self.column), (matcher,)))

    def value(self) -> Expression | None:
        return FieldValue(self.column)
