"""What a Sigma rule says besides its detection, carried over from the Elastic rule (spec sigma 9.1)."""

import re
import uuid
from collections.abc import Sequence
from datetime import date

from backends.sigma.emit import Plain
from converter.rule import Rule

NAMESPACE = uuid.UUID("6c1f4c0e-8d0b-5b1e-9a53-3f2d1a7c5e90")
"""Ours, fixed for good: the id of a converted rule only depends on the rule it was made of."""

LEVELS = ("informational", "low", "medium", "high", "critical")
_LONGEST_TITLE = 256
_LONGEST_DESCRIPTION = 65_535
_TAG = re.compile(r"[a-z0-9_-]+\.[a-z0-9._-]+")
_LICENSES = {"Elastic License v2": "Elastic-2.0", "Elastic Licence v2": "Elastic-2.0"}


def identity(rule: Rule, part: str) -> str:
    """The id of one converted rule: its own, since it is a derived rule, and the same in every run."""
    return str(uuid.uuid5(NAMESPACE, f"{rule.rule_id or rule.name}/{part}"))


def before_detection(rule: Rule, part: str, parts: Sequence[str]) -> dict[str, object]:
    """The keys that stand in front of `logsource`, in the order of the specification's examples.

    `parts` are all rules that the Elastic rule became; several have the part's name in their titles, and each other's
    ids among the related ones.
    """
    suffix = f" ({part.replace('-', ' ')})" if len(parts) > 1 else ""
    keys: dict[str, object] = {
        "title": _shortened(rule.name.rstrip("."), _LONGEST_TITLE - len(suffix)) + suffix,
        "id": Plain(identity(rule, part)),
        "related": _related(rule) + [_relation(identity(rule, other), "similar") for other in parts if other != part],
        "status": Plain("experimental"),
        "description": _shortened(rule.description or rule.name, _LONGEST_DESCRIPTION),
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
    return [tag for tag in dict.fromkeys(found) if _TAG.fullmatch(tag)]


def _related(rule: Rule) -> list[dict[str, object]]:
    try:
        source = uuid.UUID(rule.rule_id or "")
    except ValueError:
        return []
    return [_relation(str(source), "derived")]


def _relation(identifier: str, kind: str) -> dict[str, object]:
    return {"id": Plain(identifier), "type": Plain(kind)}


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _date(text: str | None) -> Plain | None:
    """A date in Sigma's spelling; None if there is none, or what stands there is not one."""
    try:
        return Plain(date.fromisoformat((text or "").replace("/", "-")).isoformat())
    except ValueError:
        return None
