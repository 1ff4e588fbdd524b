"""Generated scenarios by their purpose, and what the evaluator says of one that is taken out of its stream."""

from converter.evaluate import evaluate
from converter.events.generate import Generated, Scenario, generate
from converter.ir import Detection
from converter.languages import eql
from converter.schema.catalogue import Catalogue, default_catalogue


def made(query: str) -> Generated:
    """What is generated for an EQL query."""
    return generate(eql.lower(eql.parse(query), default_catalogue()).detection, default_catalogue())


def verdicts(generated: Generated) -> dict[str, bool]:
    """Whether the scenario of each purpose matches; near misses of literals left out, since purposes may repeat."""
    return {item.purpose: item.matches for item in generated.scenarios if "near miss" not in item.purpose}


def of(generated: Generated, purpose: str) -> Scenario:
    """The only scenario of this purpose."""
    (found,) = [item for item in generated.scenarios if item.purpose == purpose]
    return found


def values(generated: Generated, purpose: str, field: str) -> list[tuple[object, ...]]:
    """The field's values in the scenario's events, in order of time."""
    ids = of(generated, purpose).ids
    return [item.event.fields.get(field, ()) for item in generated.events if item.event.id in ids]


def times(generated: Generated, purpose: str) -> list[float]:
    """Milliseconds since the scenario's first event."""
    ids = of(generated, purpose).ids
    found = [item.event.time or 0.0 for item in generated.events if item.event.id in ids]
    return [time - found[0] for time in found]


def alone(generated: Generated, scenario: Scenario, detection: Detection, catalogue: Catalogue) -> bool:
    """Whether the detection finds anything in the scenario's events and indicators by themselves."""
    events = [item.event for item in generated.events if item.event.id in scenario.ids]
    indicators = [item for item in generated.indicators if item.id in scenario.indicators]
    return bool(evaluate(detection, events, catalogue, now=generated.now, indicators=indicators))
