"""A field with several values, some of them always and some by what other columns say: `event.category`."""

from collections.abc import Sequence
from dataclasses import dataclass

from converter.events.event import Scalar, Values
from converter.ir.expression import Expression
from converter.ir.matcher import Equal, Like, Matcher
from converter.ir.pattern import ANY_RUN, pattern
from converter.ir.predicate import Always, Field, Predicate, Test
from converter.schema.accept import accepts
from converter.schema.constant import literal
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row
from converter.schema.simplify import union


@dataclass(frozen=True, slots=True)
class Rule:
    """Values of a column (or, if `begins`, their beginnings) and the ECS values that each of them adds."""

    column: str
    when: tuple[Scalar, ...]
    adds: Values
    begins: bool = False

    def holds(self, row: Row) -> bool:
        values = row.get(self.column, ())
        if not self.begins:
            return not set(self.when).isdisjoint(values)
        return any(str(value).startswith(str(when)) for value in values for when in self.when)


@dataclass(frozen=True, slots=True)
class Classified:
    """`always`, and what every rule adds whose column has one of its values. Nobody lists all that a pipeline may add:
    values that are neither cannot be tested."""

    always: Values
    rules: tuple[Rule, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.column for rule in self.rules))

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        added = (value for rule in self.rules if rule.holds(row) for value in rule.adds)
        return tuple(dict.fromkeys((*self.always, *added)))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """By the row as it is, or by one more column."""
        candidates: Sequence[dict[str, Values]] = [{}] + [
            {rule.column: (when,)} for rule in self.rules if rule.column not in row for when in rule.when[:1]
        ]
        for added in candidates:
            if set(self.forward({**row, **added})) == set(values):
                return added
        return CannotBuild(f"no event has just {', '.join(map(str, values))}")

    def inverse(self, matcher: Matcher) -> Image | None:
        if any(accepts(matcher, value) for value in self.always):
            return Image(Always())
        adding = [rule for rule in self.rules if any(accepts(matcher, value) for value in rule.adds)]
        return Image(union(_says(rule) for rule in adding)) if adding else None

    def value(self) -> Expression | None:
        return None


def _says(rule: Rule) -> Predicate:
    if rule.begins:
        return Test(Field(rule.column), tuple(Like(pattern(str(value), ANY_RUN)) for value in rule.when))
    return Test(Field(rule.column), tuple(Equal(literal(value)) for value in rule.when))
