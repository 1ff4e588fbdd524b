"""An address out of a column that may hold something else: CloudTrail names a service where no client has called."""

from dataclasses import dataclass
from ipaddress import ip_address

from converter.events.event import Scalar, Values
from converter.ir.expression import Expression, FieldValue
from converter.ir.matcher import Equal, Matcher, Network, Present
from converter.ir.predicate import Field, Test
from converter.schema.derivation.interface import CannotBuild, Domain, Image, Row

EVERY_ADDRESS = (Network("0.0.0.0/0"), Network("::/0"))


@dataclass(frozen=True, slots=True)
class Address:
    """The column's values that are IP addresses; anything else there is no value."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def domain(self) -> Domain | None:
        return None

    def forward(self, row: Row) -> Values:
        return tuple(value for value in row.get(self.column, ()) if _is_address(value))

    def build(self, values: Values, row: Row) -> dict[str, Values] | CannotBuild:
        if not all(_is_address(value) for value in values):
            return CannotBuild(f"{values!r} are not addresses")
        if row.get(self.column, values) != values:
            return CannotBuild(f"{self.column} has another value already")
        return {self.column: values}

    def inverse(self, matcher: Matcher) -> Image | None:
        match matcher:
            case Present():
                return Image(Test(Field(self.column), EVERY_ADDRESS))
            case Network() | Equal():
                return Image(Test(Field(self.column), (matcher,)))
            case _:
                return None

    def value(self) -> Expression | None:
        return FieldValue(self.column)


def _is_address(value: Scalar) -> bool:
    try:
        return isinstance(value, str) and bool(ip_address(value))
    except ValueError:
        return False
