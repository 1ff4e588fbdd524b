"""What tests ask of texts that were raised and lowered again: the same meaning, inside what was assumed."""

from collections.abc import Iterable

from converter.events.event import Event
from converter.languages.settled import settled
from converter.losses import Assumption

__all__ = ["inside", "settled"]


def inside(assumptions: Iterable[Assumption], event: Event) -> bool:
    """Whether an event keeps to what was assumed about the values of its fields."""
    return all(
        item.allows is None or item.allows(event.fields.get(item.field, ())) for item in assumptions if item.field
    )
