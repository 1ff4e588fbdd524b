"""What every derivation offers (docs/architecture.md, "Schema profiles")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from converter.events.event import Values
from converter.ir.expression import Expression
from converter.ir.matcher import Matcher
from converter.ir.predicate import Predicate
from converter.losses import Direction

Row = Mapping[str, Values]
"""A target event's fields by target name; a field without values is absent."""


@dataclass(frozen=True, slots=True)
class CannotBuild:
    """No target event of this source can have these ECS values; `reason` says which value stands in the way."""

    reason: str


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a derivation is exact: `text` says it in words for reports, `contains` decides it for a list of ECS values.

    Outside the domain a difference between source and output is explained by the loss `code`.
    """

    code: str
    text: str
    contains: Callable[[Values], bool]


@dataclass(frozen=True, slots=True)
class Image:
    """The inverse image of a matcher: the predicate on target fields that holds exactly where the matcher accepts the
    forward value. If it does not hold exactly, `direction` says how it differs and `code` why."""

    predicate: Predicate
    code: str | None = None
    direction: Direction | None = None
    message: str = ""


class Derivation(Protocol):
    """One ECS field out of one or several target fields (`columns`)."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def domain(self) -> Domain | None: ...

    def forward(self, row: Row) -> Values:
        """The ECS values of a target event; empty if the field is missing."""
        ...

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        """Assignments of target fields under which `forward` gives these values, consistent with what `row` has."""
        ...

    def inverse(self, matcher: Matcher) -> Image | None:
        """The inverse image of the matcher; None if the target cannot tell."""
        ...

    def value(self) -> Expression | None:
        """The ECS value as an expression over target fields, or None if it cannot be computed there."""
        ...
