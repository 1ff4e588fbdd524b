"""A field that says whether another one is there: `event.outcome` is `failure` where an event has an error code."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.matcher import Matcher, Present
from converter.ir.predicate import Always, Field, Predicate, Test
from converter.schema.accept import accepts
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import any_of, negation

SOME = "1"
"""What a built event has in a column of which only the presence matters."""


@dataclass(frozen=True, slots=True)
class Presence:
    """`present` where the event has some of the columns, `absent` where it has none."""

    columns: tuple[str, ...]
    present: str
    absent: str

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return (self.present if any(row.get(column) for column in self.columns) else self.absent,)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        if self.forward(row) == values:
            return {}
        if values == (self.present,):
            return {self.columns[0]: (SOME,)}
        return CannotBuild(f"{' or '.join(self.columns)} does not tell {', '.join(map(str, values))}")

    def inverse(self, matcher: Matcher) -> Image | None:
        there = any_of(Test(Field(column), (Present(),)) for column in self.columns)
        found: list[Predicate] = []
        if accepts(matcher, self.present):
            found.append(there)
        if accepts(matcher, self.absent):
            found.append(negation(there))
        return Image(Always() if len(found) == 2 else any_of(found))

    def value(self) -> Expression | None:
        return None
