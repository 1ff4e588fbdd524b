"""Events carried between the schemas: target rows seen as ECS events, ECS events made into target rows."""

from collections.abc import Iterable, Mapping

from converter.events.event import Values
from converter.schema.derivation.address import Address
from converter.schema.derivation.argv import PosixArguments, WindowsArguments
from converter.schema.derivation.classified import Classified
from converter.schema.derivation.conditional import Conditional
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.dirname import Dirname
from converter.schema.derivation.interface import CannotBuild, Derivation, Row
from converter.schema.derivation.keyonly import KeyOnly
from converter.schema.derivation.limited import Limited
from converter.schema.derivation.presence import Presence
from converter.schema.derivation.registry import RegistryHive, RegistryKey, RegistryPath
from converter.schema.derivation.respelt import Respelt
from converter.schema.derivation.retyped import NumberOfText, TextOfNumber
from converter.schema.derivation.valuemap import ValueMap
from converter.schema.profile import Source


def project(fields: Row, source: Source) -> dict[str, Values]:
    """The ECS fields of a target event: all derivations forward, all facts. A field without values is absent.

    Names below a prefix rule are those whose columns the event has.
    """
    seen: dict[str, Values] = {name: values for name, values in source.facts.items() if values}
    for name, derivation in source.fields.items():
        if derivation is not None and (values := derivation.forward(fields)):
            seen[name] = values
    for prefix, rule in source.prefixes.items():
        if rule is not None:
            for rest, values in rule.seen(fields):
                if values and source.derivation(prefix + rest) == rule.bind(rest):
                    seen[prefix + rest] = values
    return seen


def build(event_fields: Mapping[str, Values], source: Source) -> dict[str, Values] | CannotBuild:
    """A target event of the source that has these ECS values, as far as the source has such fields at all.

    Fields that share a column must agree; what the event does not state is left free. Inside the derivations' domains
    the row projects back to the event's values.
    """
    facts = source.facts
    wrong = next((name for name in facts if _differ(event_fields.get(name, facts[name]), facts[name])), None)
    if wrong is not None:
        return CannotBuild(f"{wrong} is {event_fields[wrong]!r}, and in {source.name} always {source.facts[wrong]!r}")
    row: dict[str, Values] = {}
    mapped = sorted(_mapped(event_fields, source), key=lambda item: _rank(item[1]))
    for name, derivation in mapped:
        built = derivation.build(event_fields[name], row)
        if isinstance(built, CannotBuild):
            return CannotBuild(f"{name}: {built.reason}")
        row |= built
    row |= {column: values[:1] for column, values in source.select.items() if column not in row}
    return _checked(row, event_fields, mapped, source)


def _mapped(event_fields: Mapping[str, Values], source: Source) -> Iterable[tuple[str, Derivation]]:
    for name, values in event_fields.items():
        derivation = None if name in source.facts or not values else source.derivation(name)
        if derivation is not None:
            yield name, derivation


_WHOLE = (Address, Copy, RegistryPath, Respelt, TextOfNumber, NumberOfText)
_OPEN = (Dirname, RegistryHive)
_MIDDLE = (RegistryKey,)
_LAST = (PosixArguments, WindowsArguments, Presence, Classified, ValueMap, Conditional)


def _rank(derivation: Derivation) -> int:
    """The order of building: what fixes a column whole, then what leaves its end open, then what completes it.

    Arguments come last, since a command line that is stated says more than they do; so does what a table or the mere
    presence of a column tells.
    """
    if isinstance(derivation, Limited):
        return _rank(derivation.inner)
    for rank, kinds in enumerate((_WHOLE, _OPEN, _MIDDLE)):
        if isinstance(derivation, kinds):
            return rank
    return 4 if isinstance(derivation, _LAST) else 3


def _checked(
    row: dict[str, Values],
    event_fields: Mapping[str, Values],
    mapped: Iterable[tuple[str, Derivation]],
    source: Source,
) -> dict[str, Values] | CannotBuild:
    """The row, if it belongs to the source and every field inside its domain projects back to its values."""
    for column, values in source.select.items():
        if not set(row[column]) <= set(values):
            return CannotBuild(f"{column} is not one of {values!r}, which {source.name} demands")
    for name, derivation in mapped:
        values = event_fields[name]
        inside = derivation.domain is None or derivation.domain.contains(values)
        kept = not isinstance(derivation, KeyOnly)  # a key keeps equality, not the value
        if kept and inside and _differ(derivation.forward(row), values):
            return CannotBuild(f"{name} does not follow from the other values of the event")
    return row


def _differ(some: Values, others: Values) -> bool:
    """Fields hold sets: neither order nor repetition counts."""
    return set(some) != set(others)
