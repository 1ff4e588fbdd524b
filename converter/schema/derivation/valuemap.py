"""A closed table between values: `network.direction` of `Initiated`."""

from collections.abc import Mapping
from dataclasses import dataclass

from converter.events.event import Scalar, Values
from converter.ir.expression import Expression
from converter.ir.matcher import Equal, Matcher, Present
from converter.ir.predicate import Field, Never, Predicate, Test
from converter.schema.accept import accepts
from converter.schema.constant import literal
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import all_of, any_of, negation

OTHER = "other"
"""What a built event has in a column whose value matters only by not being in the table."""


@dataclass(frozen=True, slots=True)
class ValueMap:
    """`table` gives for each value of the column the ECS values. Any other value stands for `otherwise`, a column
    without a value for `missing`; the field is missing where these are empty. The column holds at most one value."""

    column: str
    table: Mapping[Scalar, Values]
    otherwise: Values = ()
    missing: Values = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        values = row.get(self.column, ())
        found = (mapped for value in values for mapped in self.table.get(value, self.otherwise))
        return tuple(dict.fromkeys(found)) if values else self.missing

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        if self.column in row:
            return {} if set(self.forward(row)) == set(values) else self._impossible(values)
        for candidate in (*self.table, OTHER):
            if set(self.table.get(candidate, self.otherwise)) == set(values):
                return {self.column: (candidate,)}
        return {} if set(self.missing) == set(values) else self._impossible(values)

    def inverse(self, matcher: Matcher) -> Image | None:
        accepted = [value for value, mapped in self.table.items() if _accepts_some(matcher, mapped)]
        if not _accepts_some(matcher, self.otherwise):
            listed = self._among(accepted) if accepted else Never()
        else:
            refused = [value for value in self.table if value not in accepted]
            listed = all_of([self._present(), *([negation(self._among(refused))] if refused else [])])
        if not _accepts_some(matcher, self.missing):
            return Image(listed)
        return Image(any_of([listed, negation(self._present())]))

    def value(self) -> Expression | None:
        return None

    def _among(self, values: list[Scalar]) -> Predicate:
        return Test(Field(self.column), tuple(Equal(literal(value)) for value in values))

    def _present(self) -> Predicate:
        return Test(Field(self.column), (Present(),))

    def _impossible(self, values: Values) -> CannotBuild:
        return CannotBuild(f"no value of {self.column} stands for {', '.join(map(str, values))}")


def _accepts_some(matcher: Matcher, values: Values) -> bool:
    return any(accepts(matcher, value) for value in values)
