"""The library's functions (docs/library.md): what `import converter` offers, loaded on first use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from converter.backend import Format, Option, backend, backend_names
from converter.errors import ConfigurationError, RuleError
from converter.evaluate import Match
from converter.evaluate import evaluate as evaluate_detection
from converter.evaluate.match import newest
from converter.evaluate.scope import in_scope
from converter.events.clock import epoch_millis
from converter.events.given import Document, events_of
from converter.interpret import interpret
from converter.readers import read, read_text
from converter.readers.schema_file import Schema, schema_of
from converter.rule import RawRule, Rule
from converter.running import clock_of, mapped_for
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


def parse(text: str, language: str, schema: Mapping[str, object] | None = None) -> Rule:
    """One rule out of bare query text; `language` is `eql`, `kuery`, `lucene` or `dsl` (a search body as
    JSON).

    `schema` says what the fields are, as for `evaluate`. Raises RuleError for a text that the language does not allow,
    and for a language that is not known.
    """
    rule = interpret(read_text(text, language), schema_of(schema or {}).catalogue)
    if rule.error is not None:
        raise rule.error
    return rule


def evaluate(
    rule: Rule,
    events: Iterable[Document],
    now: float | str | None = None,
    schema: Mapping[str, object] | None = None,
    indicators: Iterable[Document] | None = None,
    max_samples_per_key: int = 1,
) -> list[Match]:
    """What the rule finds among events, in the order Elasticsearch returns it.

    Events are documents, nested or dotted, with their `_id` or their position as id; they may come in any order. One
    with an `_index` has to lie in the rule's index patterns. `now` is the time of the run, milliseconds since 1970 or
    ISO 8601, by default the newest event's. `schema` has the keys of a schema file (docs/cli.md); with it, the rule's
    query is read again under its types. `indicators` are what an indicator match compares with; `max_samples_per_key`
    bounds the samples of one key.

    Raises the rule's own error if it has one; ConfigurationError for a schema that cannot be used and for a document
    that no index would take; EvaluationError for what fails a search.
    """
    known = schema_of(schema or {})
    if schema is not None and rule.error is None:
        rule = _under(rule, known)
    if rule.detection is None:
        raise rule.error or RuleError("query-missing", f"rule `{rule.name}` has no query")
    given = list(events_of(events, clock_of(rule, known)))
    moment = _moment(now)
    return evaluate_detection(
        rule.detection,
        [event for event in given if in_scope(event, rule.scope)],
        known.catalogue,
        now=newest(given) if moment is None else moment,
        mapped=mapped_for(rule, known),
        indicators=None if indicators is None else list(events_of(indicators)),
        max_samples_per_key=max_samples_per_key,
    )


def _under(rule: Rule, schema: Schema) -> Rule:
    """The rule as the schema's types make it read; exceptions stay as they are."""
    fresh = interpret(RawRule(rule.origin, rule.data), schema.catalogue)
    if fresh.detection is None or not rule.exceptions:
        return fresh
    # Imported here: most rules have no exceptions.
    from converter.interpret.restriction import left_out
    from converter.passes.restrict import restrict

    return replace(fresh, detection=restrict(fresh.detection, left_out(rule.exceptions)))


def _moment(now: float | str | None) -> float | None:
    moment = None if now is None else epoch_millis(now)
    if moment is None and now is not None:
        raise ConfigurationError(
            "usage", f"now `{now!s:.40}` is no time", expected="milliseconds since 1970 or ISO 8601"
        )
    return moment


def targets() -> dict[str, Target]:
    """All installed targets by name."""
    found = {name: backend(name) for name in backend_names()}
    return {name: Target(item.title, item.formats, item.profiles, item.options) for name, item in found.items()}
