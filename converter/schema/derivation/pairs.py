"""One of many parameters that the target keeps as a list of names and a list of values, side by side."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Matcher, Present
from converter.ir.predicate import Field, Test
from converter.losses import Direction
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import all_of


@dataclass(frozen=True, slots=True)
class Paired:
    """The values at the places where `names` has the parameter's name.

    A search can ask whether some parameter has the name and some has the value, and not whether it is the same one.
    """

    names: str
    values: str
    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.names, self.values)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        pairs = zip(row.get(self.names, ()), row.get(self.values, ()), strict=False)
        return tuple(value for name, value in pairs if name == self.name)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Adds a pair for each value."""
        if self.forward(row):
            same = self.forward(row) == values
            return {} if same else CannotBuild(f"{self.name} has another value already")
        names, written = row.get(self.names, ()), row.get(self.values, ())
        return {self.names: names + (self.name,) * len(values), self.values: written + values}

    def inverse(self, matcher: Matcher) -> Image | None:
        named = Test(Field(self.names), (Equal(TextLiteral(self.name)),))
        if isinstance(matcher, Present):
            return Image(named)
        message = f"another parameter than `{self.name}` may have the value that is looked for"
        predicate = all_of([named, Test(Field(self.values), (matcher,))])
        return Image(predicate, "parameter-any", Direction.WIDER, message)

    def value(self) -> Expression | None:
        return None
