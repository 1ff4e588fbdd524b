"""Kibana detection rules: an export of one rule, with the exceptions that came with it (spec elastic-rules 6).

A rule of Elastic's keeps its own keys: query, filters, references to exception lists. Nothing of it is folded into the
query, so that an import is the rule that was read. What is no rule of Elastic's gets its type from `kibana_kind`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from backends.elasticsearch.clause import Json
from backends.elasticsearch.kibana_keys import Kind, fits, is_of_the_server
from backends.elasticsearch.output import Output, refused, written
from converter.ir import NewTerms
from converter.jsonline import json_line
from converter.losses import Note
from converter.readers.api_rule import normalised
from converter.rule import Rule

_LANGUAGES = frozenset({"eql", "kuery", "lucene"})
"""Languages of rules that are Elastic's own."""

_DEFAULTS: Json = {
    "interval": "5m",
    "from": "now-6m",
    "to": "now",
    "enabled": False,
    "tags": [],
    "threat": [],
    "max_signals": 100,
    "version": 1,
    "references": [],
    "false_positives": [],
    "author": [],
    "actions": [],
    "exceptions_list": [],
    "filters": [],
    "severity_mapping": [],
    "risk_score_mapping": [],
}
"""What Kibana fills in on creation, spelled out so that an import does not depend on its version."""

_RISK = {"low": 21, "medium": 47, "high": 73, "critical": 99}
"""The risk score that goes by habit with a severity (spec elastic-rules 3)."""

_EXCLUSIVE = (("data_view_id", "index"),)
"""Keys of which a rule has one; the first wins, as in Kibana."""

_TOGETHER = (("timeline_id", "timeline_title"),)
"""Keys of which a rule has all or none."""

_SHOWN = 5
"""Keys that a note names."""


@dataclass(frozen=True, slots=True)
class Export:
    """The lines of an export: a rule, exception lists, their items."""

    rule: Json
    lists: tuple[Json, ...] = ()
    items: tuple[Json, ...] = ()
    suffix: str = ".ndjson"

    def text(self) -> str:
        return "".join(map(json_line, (self.rule, *self.lists, *self.items, summary(len(self.lists), len(self.items)))))


def translate(rule: Rule, options: Mapping[str, str]) -> Output:
    """The rule as an export. Filters and exceptions are lines and keys of their own, not part of the query."""
    if rule.detection is None:
        raise ValueError(f"rule `{rule.name}` was not read")
    if rule.language in _LANGUAGES:
        kind = Kind(_own_kind(rule))
    else:
        from backends.elasticsearch.kibana_kind import kind_of

        found = kind_of(rule.detection)
        if not isinstance(found, Kind):
            return refused(rule, *found)
        kind = found
    keys, notes = line(rule, kind.keys)
    lists, items = exceptions(rule)
    output = written(rule, Export(keys, lists, items), notes=notes)
    return replace(output, assumptions=(*output.assumptions, *kind.assumptions))


def line(rule: Rule, kind: Json) -> tuple[Json, tuple[Note, ...]]:
    """The rule in Kibana's API layout, and notes about keys that were left out.

    `kind` are the keys that say what it detects. Its other keys are as they were read, if Kibana takes them so;
    required ones and those with defaults are filled in.
    """
    name = str(kind["type"])
    stated = normalised(dict(rule.data))
    own = {key: _without_nulls(value) for key, value in stated.items() if value is not None and key not in kind}
    fitting = {key: value for key, value in own.items() if fits(name, key, value)}
    typed = {key: value for key, value in _typed(rule).items() if fits(name, key, value)}
    found = _identity(rule) | kind | _DEFAULTS | typed | fitting | kind
    for keys in _EXCLUSIVE:
        if all(key in found for key in keys):
            del found[keys[1]]
    for keys in _TOGETHER:
        if not all(key in found for key in keys):
            found = {key: value for key, value in found.items() if key not in keys}
    dropped = [key for key in own if key not in found and not is_of_the_server(key)]
    note = Note("rule-key-dropped", f"Kibana does not take {_listed(dropped)} of a `{name}` rule")
    return found, (note,) if dropped else ()


def _identity(rule: Rule) -> Json:
    """What every rule must have, whatever it detects."""
    return {
        "rule_id": rule.rule_id,
        "name": rule.name,
        "description": rule.description or rule.name,
        "risk_score": _RISK[rule.severity or "low"] if rule.risk_score is None else rule.risk_score,
        "severity": rule.severity or "low",
    }


def _typed(rule: Rule) -> Json:
    """What the rule states in the form that Kibana wants, whatever form it was read in."""
    stated: Json = {
        "interval": rule.schedule.interval,
        "from": rule.schedule.start,
        "to": rule.schedule.end,
        "max_signals": rule.schedule.max_signals,
        "tags": list(rule.tags),
        "author": list(rule.author),
        "references": list(rule.references),
        "false_positives": list(rule.false_positives),
        "license": rule.license,
        "note": rule.guide,
        "setup": rule.setup,
        "timestamp_override": rule.schedule.timestamp_override,
        "version": rule.version,
        "index": list(rule.scope.indices) or None,
    }
    return {key: value for key, value in stated.items() if value is not None}


def _own_kind(rule: Rule) -> Json:
    """Type, language and query of a rule of Elastic's. One that is reduced to its query is a `query` rule: new terms
    whose history was not stated, a saved query whose object is not named."""
    reduced = {
        "new_terms": not isinstance(rule.detection, NewTerms),
        "saved_query": not fits("saved_query", "saved_id", rule.data.get("saved_id")),
    }
    kind = "query" if reduced.get(rule.type) else rule.type
    found: Json = {"type": kind, "language": rule.language, "query": rule.query}
    if kind == "threshold" and isinstance(table := rule.data.get("threshold"), Mapping):
        fields = table.get("field") or []
        listed = [fields] if isinstance(fields, str) else fields
        found["threshold"] = {**table, "field": listed, "cardinality": table.get("cardinality") or []}
    if kind == "threat_match":
        found["threat_query"] = rule.data.get("threat_query") or "*:*"
        found["threat_language"] = rule.data.get("threat_language") or "kuery"
    return found


def exceptions(rule: Rule) -> tuple[tuple[Json, ...], tuple[Json, ...]]:
    """The exception lists of which items came with the rule, and the items. A list of which only items came is made
    up from the rule's reference to it: Kibana takes no items without their list."""
    objects = [{key: value for key, value in item.items() if not _is_stored(key)} for item in rule.exception_objects]
    items = tuple(item for item in objects if "entries" in item)
    lists = [item for item in objects if "entries" not in item]
    for reference in _references(rule):
        name = reference.get("list_id")
        wanted = any(item.get("list_id") == name for item in items)
        if wanted and all(item.get("list_id") != name for item in lists):
            lists.append(
                {
                    "list_id": name,
                    "type": reference.get("type", "detection"),
                    "namespace_type": reference.get("namespace_type", "single"),
                    "name": name,
                    "description": name,
                }
            )
    return tuple(lists), items


def _references(rule: Rule) -> Iterator[Json]:
    stated = rule.data.get("exceptions_list")
    return (entry for entry in stated if isinstance(entry, dict)) if isinstance(stated, list) else iter(())


def _is_stored(key: str) -> bool:
    """Keys of exceptions that say how one Kibana stores them."""
    return is_of_the_server(key) or key in {"_version", "tie_breaker_id"}


def _without_nulls(value: object) -> object:
    """Kibana's rule schema has no nulls: a key that is not set is not there."""
    match value:
        case dict():
            return {key: _without_nulls(item) for key, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value if item is not None]
        case _:
            return value


def _listed(keys: list[str]) -> str:
    shown = ", ".join(f"`{key:.40}`" for key in keys[:_SHOWN])
    return shown if len(keys) <= _SHOWN else f"{shown} and {len(keys) - _SHOWN} other keys"


def summary(lists: int, items: int) -> Json:
    """The last line of an export of one rule; optional on import, written because other tools look for it."""
    return {
        "exported_count": 1 + lists + items,
        "exported_rules_count": 1,
        "missing_rules": [],
        "missing_rules_count": 0,
        "exported_exception_list_count": lists,
        "exported_exception_list_item_count": items,
        "missing_exception_list_item_count": 0,
        "missing_exception_list_items": [],
        "missing_exception_lists": [],
        "missing_exception_lists_count": 0,
        "exported_action_connector_count": 0,
        "missing_action_connection_count": 0,
        "missing_action_connections": [],
        "excluded_action_connection_count": 0,
        "excluded_action_connections": [],
    }
