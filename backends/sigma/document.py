"""One Sigma rule as a YAML document: log source, detection and metadata in the order people expect."""

from dataclasses import dataclass

from backends.sigma import emit, metadata
from backends.sigma.detection import Detection
from converter.rule import Rule

LOGSOURCE = "logsource."
"""Prefix under which profiles name the keys of a log source as target fields."""


@dataclass(frozen=True, slots=True)
class SigmaRule:
    """`part` tells apart the rules that one Elastic rule became; `taxonomy` None is Sigma's own."""

    part: str
    logsource: dict[str, str]
    detection: Detection
    taxonomy: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """All Sigma rules of one Elastic rule. `first_seen_dropped`: a new-terms rule reduced to its base rule."""

    rules: tuple[SigmaRule, ...]
    first_seen_dropped: bool
    with_custom: bool


def text(rule: Rule, sigma: SigmaRule, statement: Statement) -> str:
    """The YAML text of one of the statement's rules."""
    keys: dict[str, object] = metadata.before_detection(rule, sigma.part, [other.part for other in statement.rules])
    if sigma.taxonomy:
        keys["taxonomy"] = emit.Plain(sigma.taxonomy)
    keys["logsource"] = {key: emit.Plain(value) for key, value in sigma.logsource.items()}
    keys["detection"] = _detection(sigma.detection)
    keys |= metadata.after_detection(rule, lowered=statement.first_seen_dropped)
    if statement.with_custom:
        keys["custom"] = metadata.custom(rule)
    return emit.document(keys)


def _detection(detection: Detection) -> dict[str, object]:
    plain = detection.plain()
    return plain | {"condition": emit.Plain(detection.condition)}
