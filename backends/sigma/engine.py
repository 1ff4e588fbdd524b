"""The embedded engine: reads the written YAML back through `converter.languages.sigma` and lets the evaluator run it.

The reader shares no code with the writer, and fields are read as Sigma does, which knows no types: values are texts,
and a number is compared with whatever text spells one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from converter.backend import Artifact, Observations, TargetEvent
from converter.errors import EngineError
from converter.evaluate import compile_predicate
from converter.events.event import Event, Values
from converter.ir import Equal, Field, Matcher, NumberLiteral, Predicate, Range, Test
from converter.ir.walk import rewrite
from converter.languages import sigma
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

LOGSOURCE = "logsource."
"""Prefix of the pseudo-fields in which target events state their log source."""

_NUMBER = "\0number"
"""Suffix of a field's reading as a number; no field of a rule can end so."""


class SigmaEngine:
    """Satisfies `converter.backend.Engine` for Sigma rules (`.yml`)."""

    name = "sigma-reader"
    independent = True

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        """The ids of the events that some rule selects. Raises RuleError for a text that is no Sigma rule."""
        rules = [_compiled(rule) for artifact in artifacts for rule in _rules(artifact)]
        found = {(event.id,) for event in events if event.time <= now and any(rule(event) for rule in rules)}
        return Observations("events", frozenset(found))


def _rules(artifact: Artifact) -> list[sigma.SigmaRule]:
    if artifact.suffix != ".yml":
        raise EngineError("engine-format", f"this engine runs Sigma rules, not `{artifact.suffix}` files")
    return sigma.read(artifact.text)


def _compiled(rule: sigma.SigmaRule) -> Callable[[TargetEvent], bool]:
    predicate, numbers = _with_numbers(rule.predicate)
    selects = compile_predicate(predicate, Catalogue({info.name: info for info in numbers}))

    def holds(event: TargetEvent) -> bool:
        fields = {name: values for name, values in event.fields.items() if not name.startswith(LOGSOURCE)}
        return _in_source(rule.logsource, event.fields) and selects(Event(event.id, fields, {}, event.time))

    return holds


def _in_source(logsource: Mapping[str, str], fields: Mapping[str, Values]) -> bool:
    """Whether the event is of the log source: every key that the rule sets is equal. An event that states no source
    at all is inside, as one shipped as a bare document is."""
    if not any(name.startswith(LOGSOURCE) for name in fields):
        return True
    return all(fields.get(LOGSOURCE + key) == (value,) for key, value in logsource.items())


def _with_numbers(predicate: Predicate) -> tuple[Predicate, Iterable[FieldInfo]]:
    """Tests against numbers moved to the fields' readings as numbers, and what the catalogue has to know of those."""
    numbers: dict[str, FieldInfo] = {}

    def change(item: Predicate) -> Predicate:
        match item:
            case Test(Field(name), matchers) if any(map(_is_number, matchers)):
                alias = name + _NUMBER
                numbers[alias] = FieldInfo(alias, FieldType.DOUBLE, parent=name)
                return Test(Field(alias), matchers)
            case _:
                return item

    return rewrite(predicate, change), numbers.values()


def _is_number(matcher: Matcher) -> bool:
    return isinstance(matcher, Range) or (isinstance(matcher, Equal) and isinstance(matcher.value, NumberLiteral))
