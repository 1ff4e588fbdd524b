"""The library's functions (docs/library.md): what `import converter` offers, loaded on first use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from converter.backend import Format, Option, backend, backend_names
from converter.evaluate import Match
from converter.evaluate import evaluate as evaluate_detection
from converter.events.document import event_of
from converter.events.event import Event
from converter.interpret import interpret
from converter.readers import read, read_text
from converter.readers.schema_file import Schema, schema_of
from converter.rule import RawRule, Rule
from converter.schema.catalogue import default_catalogue


@dataclass(frozen=True, slots=True)
class Target:
    """What a target offers; the first profile and format are the defaults."""

    title: str
    formats: tuple[Format, ...]
    profiles: tuple[str, ...]
    options: tuple[Option, ...]


def load(path: str | Path) -> list[Rule]:
    """All rules of a file or folder, sorted by path; what cannot be read is a Rule with `error` set."""
    catalogue = default_catalogue()
    return [interpret(raw, catalogue) for raw in read(str(path))]


def parse(text: str, language: str) -> Rule:
    """One rule out of bare query text; `language` is `eql`, `kuery` or `dsl` (a search body as JSON).

    Raises RuleError for a text that the language does not allow, and for a language that is not known.
    """
    rule = interpret(read_text(text, language), default_catalogue())
    if rule.error is not None:
        raise rule.error
    return rule


def evaluate(
    rule: Rule,
    events: Iterable[Event | Mapping[str, object]],
    now: float | None = None,
    schema: Mapping[str, object] | None = None,
) -> list[Match]:
    """What the rule selects among events (documents as mappings are taken too, with their position as id).

    `now` is milliseconds since 1970, by default the newest event's time; `schema` has the keys of a schema file
    (`converter.readers.schema_file.schema_of`). Raises the rule's error if it has one, ConfigurationError for a schema
    that cannot be used.
    """
    known = schema_of(schema or {})
    if schema is not None and rule.error is None:
        rule = interpret(RawRule(rule.origin, rule.data), known.catalogue)
    if rule.detection is None:
        raise rule.error or ValueError(f"rule `{rule.name}` has nothing to evaluate")
    given = [_event(item, position, known) for position, item in enumerate(events)]
    return evaluate_detection(rule.detection, given, known.catalogue, now=now)


def _event(item: Event | Mapping[str, object], position: int, schema: Schema) -> Event:
    if isinstance(item, Event):
        return item
    return event_of(item, position, time_field=schema.clock, tiebreak_field=schema.tiebreaker)


def targets() -> dict[str, Target]:
    """All installed targets by name."""
    found = {name: backend(name) for name in backend_names()}
    return {name: Target(item.title, item.formats, item.profiles, item.options) for name, item in found.items()}
