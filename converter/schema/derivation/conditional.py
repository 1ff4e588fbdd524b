"""A field that depends on another one: `user.name` is the target's name or the subject's, by event id."""

from collections.abc import Iterator
from dataclasses import dataclass

from converter.events.event import Scalar, Values
from converter.ir.expression import Expression
from converter.ir.matcher import Equal, Matcher
from converter.ir.predicate import Field, Predicate, Test
from converter.losses import Direction
from converter.schema.constant import literal
from converter.schema.derivation.interface import CannotBuild, Derivation, Domain, Image, Row
from converter.schema.simplify import all_of, any_of, negation


@dataclass(frozen=True, slots=True)
class Case:
    """What holds for events whose deciding column has one of the values."""

    values: tuple[Scalar, ...]
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class Conditional:
    """The derivation of the first case that the value of `column` is in, else `otherwise`, else no value.

    The deciding column holds at most one value. Values of different cases differ.
    """

    column: str
    cases: tuple[Case, ...]
    otherwise: Derivation | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        found = (column for derivation in self._derivations for column in derivation.columns)
        return tuple(dict.fromkeys((self.column, *found)))

    @property
    def domain(self) -> Domain | None:
        """The domain of the derivations that have one; values outside any of them are outside."""
        domains = [derivation.domain for derivation in self._derivations if derivation.domain is not None]
        if not domains:
            return None
        text = "; ".join(dict.fromkeys(domain.text for domain in domains))
        return Domain(domains[0].code, text, lambda values: all(domain.contains(values) for domain in domains))

    def forward(self, row: Row) -> Values:
        derivation = self._chosen(row)
        return () if derivation is None else derivation.forward(row)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Within the case that the row's deciding value is in; if it has none, within the first that can be built."""
        if self.column in row:
            derivation = self._chosen(row)
            return derivation.build(values, row) if derivation else CannotBuild(f"no case of {self.column} fits")
        for case in self.cases:
            built = case.derivation.build(values, row)
            if not isinstance(built, CannotBuild):
                return {self.column: case.values[:1], **built}
        return CannotBuild(f"no case of {self.column} can have {values!r}")

    def inverse(self, matcher: Matcher) -> Image | None:
        images = [(condition, derivation.inverse(matcher)) for condition, derivation in self._conditions()]
        known = [(condition, image) for condition, image in images if image is not None]
        if len(known) < len(images):
            return None
        predicate = any_of(all_of((condition, image.predicate)) for condition, image in known)
        inexact = [image for _, image in known if image.direction is not None]
        if not inexact:
            return Image(predicate)
        directions = {image.direction for image in inexact}
        direction = inexact[0].direction if len(directions) == 1 else Direction.DIFFERENT
        return Image(predicate, inexact[0].code, direction, inexact[0].message)

    def value(self) -> Expression | None:
        return None

    @property
    def _derivations(self) -> tuple[Derivation, ...]:
        others = () if self.otherwise is None else (self.otherwise,)
        return (*(case.derivation for case in self.cases), *others)

    def _chosen(self, row: Row) -> Derivation | None:
        values = set(row.get(self.column, ()))
        return next((case.derivation for case in self.cases if values & set(case.values)), self.otherwise)

    def _conditions(self) -> Iterator[tuple[Predicate, Derivation]]:
        for case in self.cases:
            yield self._is_one_of(case.values), case.derivation
        if self.otherwise is not None:
            named = tuple(value for case in self.cases for value in case.values)
            yield negation(self._is_one_of(named)), self.otherwise

    def _is_one_of(self, values: tuple[Scalar, ...]) -> Predicate:
        return Test(Field(self.column), tuple(Equal(literal(value)) for value in values))
