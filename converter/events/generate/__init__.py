"""Events generated from the intermediate representation, for verification without recorded ones."""

from converter.events.generate.generated import Generated, GeneratedEvent, Scenario, Stream, Uncovered
from converter.events.generate.generator import generate
from converter.events.generate.value import NOW
from converter.events.generate.variation import Limits

__all__ = ["NOW", "Generated", "GeneratedEvent", "Limits", "Scenario", "Stream", "Uncovered", "generate"]
