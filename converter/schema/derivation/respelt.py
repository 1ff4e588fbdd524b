"""A field whose values are the column's but for a few: `event.action` is `added-user-account` where Office says
`Add user.`."""

from collections.abc import Mapping
from dataclasses import dataclass

from converter.events.event import Scalar, Values
from converter.ir.expression import Expression
from converter.ir.matcher import Equal, Matcher
from converter.ir.predicate import Field, Predicate, Test
from converter.schema.accept import accepts
from converter.schema.constant import literal
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import all_of, any_of, negation


@dataclass(frozen=True, slots=True)
class Respelt:
    """`table` gives the ECS value of some values of the column; all others are the same in ECS. The column holds at
    most one value."""

    column: str
    table: Mapping[Scalar, Scalar]

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return tuple(self.table.get(value, value) for value in row.get(self.column, ()))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        back = {after: before for before, after in self.table.items()}
        written = tuple(back.get(value, value) for value in values)
        if self.forward({self.column: written}) != values:
            return CannotBuild(f"{values!r} is spelt differently in ECS")
        if row.get(self.column, written) != written:
            return CannotBuild(f"{self.column} has another value already")
        return {self.column: written}

    def inverse(self, matcher: Matcher) -> Image | None:
        added = [before for before, after in self.table.items() if accepts(matcher, after)]
        taken = [before for before in self.table if accepts(matcher, before) and before not in added]
        same: Predicate = Test(Field(self.column), (matcher,))
        if taken:
            same = all_of([same, negation(self._among(taken))])
        extra = [before for before in added if not accepts(matcher, before)]
        return Image(any_of([same, self._among(extra)]) if extra else same)

    def value(self) -> Expression | None:
        return None

    def _among(self, values: list[Scalar]) -> Predicate:
        return Test(Field(self.column), tuple(Equal(literal(value)) for value in values))
