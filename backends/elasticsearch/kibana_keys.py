"""The keys of Kibana's detection rules by type, with the form that an import asks of their values (elastic-rules 3, 6).

The JSON Schema `kibana-rule.schema.json` says the same to others; a test holds the two together.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from backends.elasticsearch.clause import Json
from converter.losses import Assumption

Check = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """The keys of a rule that say what it detects, `type` first, and under what assumptions they do."""

    keys: Json
    assumptions: tuple[Assumption, ...] = ()


def _text(value: object) -> bool:
    return isinstance(value, str)


def _name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _number(lowest: int, highest: int | None = None) -> Check:
    def check(value: object) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return lowest <= value and (highest is None or value <= highest)

    return check


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _matching(pattern: str) -> Check:
    found = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and found(value) is not None


def _table(value: object) -> bool:
    return isinstance(value, dict)


def _list_of(check: Check, least: int = 0, most: int | None = None) -> Check:
    def check_all(value: object) -> bool:
        if not isinstance(value, list) or not least <= len(value) <= (len(value) if most is None else most):
            return False
        return all(map(check, value))

    return check_all


def _with(**keys: Check) -> Check:
    """A table that has these keys, and whatever else."""
    return lambda value: isinstance(value, dict) and all(key in value and keys[key](value[key]) for key in keys)


_DATE_MATH: Final = _matching(r"now([+-][0-9]+[yMwdhHms])*(/[yMwdhHms])?")
_SEVERITY: Final = _one_of("low", "medium", "high", "critical")
_TEXTS: Final = _list_of(_text)
_NAMES: Final = _list_of(_name)
_ATTACK: Final = _with(id=_name, name=_text, reference=_text)
_TACTIC: Final = _with(framework=_name, tactic=_ATTACK, technique=_list_of(_ATTACK))
_LIST_REFERENCE: Final = _with(id=_name, list_id=_name, type=_name, namespace_type=_one_of("single", "agnostic"))

_MAPPED_VALUE: Final = {"field": _name, "operator": _one_of("equals"), "value": _text}

SHARED: Final[Mapping[str, Check]] = {
    "rule_id": _name,
    "name": _name,
    "description": _name,
    "risk_score": _number(0, 100),
    "severity": _SEVERITY,
    "version": _number(1),
    "enabled": _flag,
    "interval": _matching(r"[1-9][0-9]*[smhdw]"),
    "from": _DATE_MATH,
    "to": _DATE_MATH,
    "tags": _TEXTS,
    "author": _TEXTS,
    "license": _text,
    "references": _TEXTS,
    "false_positives": _TEXTS,
    "note": _text,
    "setup": _text,
    "threat": _list_of(_TACTIC),
    "max_signals": _number(1),
    "building_block_type": _one_of("default"),
    "severity_mapping": _list_of(_with(**_MAPPED_VALUE, severity=_SEVERITY)),
    "risk_score_mapping": _list_of(_with(**_MAPPED_VALUE)),
    "rule_name_override": _name,
    "timestamp_override": _name,
    "timestamp_override_fallback_disabled": _flag,
    "required_fields": _list_of(_with(name=_name, type=_name)),
    "related_integrations": _list_of(_with(package=_name, version=_name)),
    "investigation_fields": _with(field_names=_NAMES),
    "timeline_id": _name,
    "timeline_title": _name,
    "exceptions_list": _list_of(_LIST_REFERENCE),
    "actions": _list_of(_with(id=_name, action_type_id=_name, params=_table)),
    "response_actions": _list_of(_with(action_type_id=_name, params=_table)),
    "throttle": _name,
    "meta": _table,
    "namespace": _text,
    "output_index": _text,
    "outcome": _name,
    "alias_target_id": _name,
    "alias_purpose": _name,
}
"""What every type has."""

_MAPPED: Final = _with(field=_name, type=_one_of("mapping"), value=_name)
_SUPPRESSION: Final = _with(group_by=_list_of(_name, 1, 3))
_WHERE: Final[Mapping[str, Check]] = {"index": _NAMES, "data_view_id": _name}
_QUERIED: Final[Mapping[str, Check]] = {
    **_WHERE,
    "query": _text,
    "language": _one_of("kuery", "lucene"),
    "filters": _list_of(_table),
    "alert_suppression": _SUPPRESSION,
}

OF_TYPE: Final[Mapping[str, Mapping[str, Check]]] = {
    "query": {**_QUERIED, "saved_id": _name},
    "saved_query": {**_QUERIED, "saved_id": _name},
    "eql": {
        **_QUERIED,
        "language": _one_of("eql"),
        "event_category_override": _name,
        "timestamp_field": _name,
        "tiebreaker_field": _name,
    },
    "threshold": {
        **_QUERIED,
        "saved_id": _name,
        "threshold": _with(field=_list_of(_name, 0, 5), value=_number(1), cardinality=_list_of(_table)),
        "alert_suppression": _with(duration=_table),
    },
    "new_terms": {**_QUERIED, "new_terms_fields": _list_of(_name, 1, 3), "history_window_start": _name},
    "threat_match": {
        **_QUERIED,
        "saved_id": _name,
        "threat_index": _list_of(_name, 1),
        "threat_query": _text,
        "threat_language": _one_of("kuery", "lucene"),
        "threat_filters": _list_of(_table),
        "threat_mapping": _list_of(_with(entries=_list_of(_MAPPED, 1))),
        "threat_indicator_path": _name,
        "concurrent_searches": _number(1),
        "items_per_search": _number(1),
    },
}
"""What each type has besides. The types that hold no query over events are not converted."""

_OF_THE_SERVER: Final = frozenset(
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


def is_of_the_server(key: str) -> bool:
    """Whether the key says something about an object in one Kibana and nothing about the rule."""
    return key in _OF_THE_SERVER


def fits(kind: str, key: str, value: object) -> bool:
    """Whether rules of the type have the key, and may have the value under it."""
    check = SHARED.get(key) or OF_TYPE[kind].get(key)
    return check is not None and check(value)
