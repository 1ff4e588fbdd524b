"""What a Sigma rule says besides its detection, carried over from the Elastic rule (spec sigma 9.1)."""

import uuid

from backends.sigma.emit import Plain
from converter.rule import Rule

NAMESPACE = uuid.UUID("6c1f4c0e-8d0b-5b1e-9a53-3f2d1a7c5e90")
"""Ours, fixed for good: the id of a converted rule only depends on the rule it was made of."""

LEVELS = ("informational", "low", "medium", "high", "critical")
_LICENSES = {"Elastic License v2": "Elastic-2.0", "Elastic Licence v2": "Elastic-2.0"}


def identity(rule: Rule, part: str) -> str:
    """The id of one converted rule: its own, since it is a derived rule, and the same in every run."""
    return str(uuid.uuid5(NAMESPACE, f"{rule.rule_id or rule.name}/{part}"))


def before_detection(rule: Rule, part: str) -> dict[str, object]:
    """The keys that stand in front of `logsource`, in the order of the specification's examples."""
    keys: dict[str, object] = {
        "title": rule.name.rstrip("."),
        "id": Plain(identity(rule, part)),
        "related": _related(rule),
        "status": Plain("experimental"),
        "description": rule.description or rule.name,
        "license": _LICENSES.get(rule.license or "", rule.license),
        "references": list(dict.fromkeys(rule.references)),
        "author": ", ".join(rule.author),
        "date": _date(rule.created),
        "modified": _date(rule.updated) if rule.updated != rule.created else None,
        "tags": tags(rule),
    }
    return {key: value for key, value in keys.items() if value}


def after_detection(rule: Rule, *, lowered: bool) -> dict[str, object]:
    """`falsepositives` and `level`; `lowered` takes the level down two steps for a rule that lost a condition over
    several events and alerts far more often (spec sigma 6.3)."""
    level = LEVELS.index(rule.severity) if rule.severity in LEVELS else LEVELS.index("medium")
    return {
        "falsepositives": list(rule.false_positives) or ["Unknown"],
        "level": Plain(LEVELS[max(0, level - 2) if lowered else level]),
    }


def custom(rule: Rule) -> dict[str, object]:
    """What Sigma has no key for, so that the way back to Elastic loses nothing."""
    kept: dict[str, object] = {
        "rule_id": rule.rule_id,
        "type": rule.type,
        "index": list(rule.scope.indices),
        "interval": rule.schedule.interval,
        "from": rule.schedule.start,
        "risk_score": rule.risk_score,
        "version": rule.version,
        "timestamp_override": rule.schedule.timestamp_override,
        "new_terms_fields": rule.data.get("new_terms_fields"),
        "history_window_start": rule.data.get("history_window_start"),
    }
    return {"elastic": {key: value for key, value in kept.items() if value is not None and value != []}}


def tags(rule: Rule) -> list[str]:
    """ATT&CK tactics and techniques: `attack.persistence`, `attack.t1505.003`, each once, in the rule's order."""
    found: list[str] = []
    for threat in rule.threat:
        found.append("attack." + threat.tactic.lower().replace(" ", "-"))
        for technique in threat.techniques:
            found += [f"attack.{item.id.lower()}" for item in (technique, *technique.subtechniques)]
    return list(dict.fromkeys(found))


def _related(rule: Rule) -> list[dict[str, object]]:
    try:
        source = uuid.UUID(rule.rule_id or "")
    except ValueError:
        return []
    return [{"id": Plain(str(source)), "type": Plain("derived")}]


def _date(text: str | None) -> Plain | None:
    return Plain(text.replace("/", "-")) if text else None
