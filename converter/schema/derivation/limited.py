"""A derivation that holds only under a condition its profile states: a `different` loss that names the condition."""

from dataclasses import dataclass

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.matcher import Matcher
from converter.schema.derivation.interface import CannotBuild, Derivation, Domain, Image, Row


@dataclass(frozen=True, slots=True)
class Limited:
    """`inner`, exact only where `text` holds (`the parent still runs`). The condition is about circumstances and not
    about values, so every value is inside it; the inner derivation's own domain stays in force."""

    inner: Derivation
    code: str
    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        return self.inner.columns

    @property
    def domain(self) -> Domain:
        own = self.inner.domain
        if own is None:
            return Domain(self.code, self.text, lambda values: True)
        return Domain(self.code, f"{self.text}; {own.text}", own.contains)

    def forward(self, row: Row) -> Values:
        return self.inner.forward(row)

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        return self.inner.build(values, row)

    def inverse(self, matcher: Matcher) -> Image | None:
        return self.inner.inverse(matcher)

    def value(self) -> Expression | None:
        return self.inner.value()
