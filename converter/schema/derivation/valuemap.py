"""A closed table between values: `network.direction` of `Initiated`."""

from collections.abc import Mapping
from dataclasses import dataclass

from converter.events.event import Scalar, Values
from converter.ir.expression import Expression
from converter.ir.matcher import Equal, Matcher
from converter.ir.predicate import Field, Never, Test
from converter.schema.accept import accepts
from converter.schema.constant import literal
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row


@dataclass(frozen=True, slots=True)
class ValueMap:
    """`table` gives for each value of the column the ECS values; the field is missing for any other value."""

    column: str
    table: Mapping[Scalar, Values]

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        found = (mapped for value in row.get(self.column, ()) for mapped in self.table.get(value, ()))
        return tuple(dict.fromkeys(found))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        if self.column in row:
            candidates: tuple[Scalar, ...] = row[self.column]
        else:
            candidates = tuple(self.table)
        for candidate in candidates:
            if set(self.table.get(candidate, ())) == set(values):
                return {self.column: (candidate,)}
        return CannotBuild(f"no value of {self.column} stands for {', '.join(map(str, values))}")

    def inverse(self, matcher: Matcher) -> Image | None:
        accepted = tuple(
            Equal(literal(value))
            for value, mapped in self.table.items()
            if any(accepts(matcher, one) for one in mapped)
        )
        return Image(Test(Field(self.column), accepted) if accepted else Never())

    def value(self) -> Expression | None:
        return None
