"""Events generated from the intermediate representation, for verification without recorded ones."""

from converter.events.generate.generator import Generated, GeneratedEvent, Uncovered, generate
from converter.events.generate.value import NOW
from converter.events.generate.variation import Limits

__all__ = ["NOW", "Generated", "GeneratedEvent", "Limits", "Uncovered", "generate"]
