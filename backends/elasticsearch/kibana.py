"""Kibana detection rules: one NDJSON line a rule and the summary line of an export (spec elastic-rules 6)."""

from backends.elasticsearch.clause import Json
from converter.ir import NewTerms
from converter.jsonline import json_line
from converter.rule import Rule

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

_LEFT_OUT = frozenset(
    {
        "id",
        "immutable",
        "revision",
        "rule_source",
        "execution_summary",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
    }
)
"""Keys of a response that an import ignores: they describe an object in one Kibana, not the rule."""


_NEW_TERMS = frozenset({"new_terms_fields", "history_window_start"})


def line(rule: Rule) -> Json:
    """The rule in Kibana's API layout: its own keys as they were read, required and default ones filled in.

    A new-terms rule whose history was not stated is written as the `query` rule it was reduced to.
    """
    kind = rule.type if rule.type != "new_terms" or isinstance(rule.detection, NewTerms) else "query"
    required: Json = {
        "rule_id": rule.rule_id,
        "name": rule.name,
        "description": rule.description or rule.name,
        "risk_score": 21 if rule.risk_score is None else rule.risk_score,
        "severity": rule.severity or "low",
        "type": kind,
        "language": rule.language,
        "query": rule.query,
    }
    dropped = _LEFT_OUT if kind == rule.type else _LEFT_OUT | _NEW_TERMS
    own = {key: _without_nulls(value) for key, value in rule.data.items() if key not in dropped and value is not None}
    return _DEFAULTS | required | own | {"type": kind}


def _without_nulls(value: object) -> object:
    """Kibana's rule schema has no nulls: a key that is not set is not there."""
    match value:
        case dict():
            return {key: _without_nulls(item) for key, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value if item is not None]
        case _:
            return value


def summary(rules: int) -> Json:
    """The last line of an export; optional on import, written because other tools look for it."""
    return {
        "exported_count": rules,
        "exported_rules_count": rules,
        "missing_rules": [],
        "missing_rules_count": 0,
        "exported_exception_list_count": 0,
        "exported_exception_list_item_count": 0,
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


def export(rule: Rule) -> str:
    """The rule and the summary as NDJSON."""
    return "".join(map(json_line, (line(rule), summary(1))))
