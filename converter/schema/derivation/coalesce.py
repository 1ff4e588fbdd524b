"""A field that stands in one of several columns: `user.name` is the user's own, or that of the role assumed."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Call, Expression, FieldValue
from converter.ir.matcher import Matcher, Present
from converter.ir.predicate import Field, Predicate, Test
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import all_of, any_of, negation


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The values of the first of the columns that the event has."""

    columns: tuple[str, ...]

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return next((row[column] for column in self.columns if row.get(column)), ())

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """In the first column, unless a column has values already."""
        there = self.forward(row)
        if there:
            return {} if there == values else CannotBuild(f"{' or '.join(self.columns)} has another value already")
        return {self.columns[0]: values}

    def inverse(self, matcher: Matcher) -> Image | None:
        found: list[Predicate] = []
        for position, column in enumerate(self.columns):
            earlier = [negation(Test(Field(name), (Present(),))) for name in self.columns[:position]]
            found.append(all_of([*earlier, Test(Field(column), (matcher,))]))
        if isinstance(matcher, Present):
            found = [Test(Field(column), (matcher,)) for column in self.columns]
        return Image(any_of(found))

    def value(self) -> Expression | None:
        return Call("coalesce", tuple(FieldValue(column) for column in self.columns))
