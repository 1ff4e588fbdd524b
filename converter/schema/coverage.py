"""How the fields of a rule fare in a profile: what `convert fields` shows."""

from dataclasses import dataclass
from enum import StrEnum

from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Threshold
from converter.ir.predicate import Predicate
from converter.ir.walk import field_names
from converter.rule import Rule
from converter.schema.catalogue import Catalogue
from converter.schema.derivation.copy import Copy
from converter.schema.kinds import kinds_of, platforms_of
from converter.schema.multifield import without_multifields
from converter.schema.profile import Profile, Source


class FieldState(StrEnum):
    """`fact`: decided by the source; `mapped`: a field of the target; `derived`: computed from one; else `unmapped`."""

    FACT = "fact"
    MAPPED = "mapped"
    DERIVED = "derived"
    UNMAPPED = "unmapped"


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field that the rule reads. `detail` names columns and sources, or says why there are none."""

    name: str
    state: FieldState
    detail: str


def coverage(rule: Rule, profile: Profile, catalogue: Catalogue) -> list[FieldUse]:
    """The rule's fields in order of appearance, each with its best state among the sources for the rule's kinds of
    event. Empty for a rule that could not be read."""
    if rule.detection is None:
        return []
    found: dict[str, FieldUse] = {}
    for predicate in predicates(rule.detection):
        plain = without_multifields(predicate, catalogue)
        sources = _sources(plain, rule, profile)
        for name in field_names(plain):
            found.setdefault(name, _use(name, sources, profile))
    return list(found.values())


def predicates(detection: Detection) -> tuple[Predicate, ...]:
    """All predicates over events of a detection, in order."""
    match detection:
        case Events() | Threshold() | NewTerms() | IndicatorMatch():
            return (detection.predicate,)
        case Sequence(stages):
            until = () if detection.until is None else (detection.until,)
            return tuple(stage.predicate for stage in (*stages, *until))
        case Sample(stages):
            return tuple(stage.predicate for stage in stages)


def _sources(predicate: Predicate, rule: Rule, profile: Profile) -> list[Source]:
    held = kinds_of(predicate, platforms_of(predicate, rule.platforms()), rule.scope)
    return [
        source
        for source in profile.sources
        if any(kind == source.kind and source.platform in {None, platform} for platform, kind in held)
    ]


def _use(name: str, sources: list[Source], profile: Profile) -> FieldUse:
    if profile.identity:
        return FieldUse(name, FieldState.MAPPED, name)
    if not sources:
        return FieldUse(name, FieldState.UNMAPPED, "no source records such events")
    uses = [_use_in(name, source) for source in sources]
    return min(uses, key=lambda use: list(FieldState).index(use.state))


def _use_in(name: str, source: Source) -> FieldUse:
    if name in source.facts:
        shown = ", ".join(map(str, source.facts[name])) or "nothing"
        return FieldUse(name, FieldState.FACT, f"always {shown} in {source.name}")
    derivation = source.derivation(name)
    if derivation is None:
        return FieldUse(name, FieldState.UNMAPPED, f"no such field in {source.name}")
    state = FieldState.MAPPED if isinstance(derivation, Copy) else FieldState.DERIVED
    return FieldUse(name, state, f"{', '.join(derivation.columns)} of {source.name}")
