"""Values of events as constants of rules."""

from converter.events.event import Scalar
from converter.ir.literal import BooleanLiteral, Literal, NumberLiteral, TextLiteral


def literal(value: Scalar) -> Literal:
    """The literal that is equal to the value."""
    if isinstance(value, bool):
        return BooleanLiteral(value)
    return TextLiteral(value) if isinstance(value, str) else NumberLiteral(value)
