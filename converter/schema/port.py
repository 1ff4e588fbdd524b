"""Porting: a rule over ECS fields becomes a rule over a profile's fields, with every loss named."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from converter.errors import ConfigurationError
from converter.events.event import Values
from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Stage, Threshold
from converter.ir.expression import FieldValue
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal
from converter.ir.predicate import All, Field, Predicate, Test
from converter.losses import Assumption, Direction, Loss
from converter.passes.detection import map_predicates
from converter.rule import Rule, Scope
from converter.schema.branching import DATA_SET_BY_KIND, Branching, branching
from converter.schema.catalogue import Catalogue
from converter.schema.keying import incomparable, key_fields, key_losses, keys_of, missing_key
from converter.schema.multifield import without_multifields
from converter.schema.ported import IDENTITY_SOURCE, SOURCE_FIELD, Branch, Branches, Ported, refusal
from converter.schema.profile import Profile, Source
from converter.schema.simplify import any_of

__all__ = ["SOURCE_FIELD", "Branch", "Branches", "Ported", "port"]

ALERT_INDICES = (".alerts-security", ".internal.alerts-security", ".siem-signals")

_OnePredicate = Events | NewTerms | Threshold | IndicatorMatch
_Staged = Sequence | Sample

_NAMES: dict[type[Detection], str] = {
    Events: "a rule over single events",
    NewTerms: "which terms are new",
    Threshold: "how many events a group has",
    IndicatorMatch: "which events match an indicator",
    Sequence: "a sequence of events",
    Sample: "a sample of events with one key",
}


def port(
    rule: Rule,
    profile: Profile,
    catalogue: Catalogue,
    *,
    source: str | None = None,
    detection: Detection | None = None,
    history: bool = True,
    kinds: tuple[type[Detection], ...] = (Events, NewTerms),
    pipes: bool = False,
) -> Ported:
    """The rule's detection (or another one in its place) in the profile's terms.

    `source` names the one source to use instead of the best ones. Without `history` the target remembers no terms: the
    effective rule is the base rule, and it is the caller who says that first-seen was dropped. `kinds` are the
    detections that the caller can write, `pipes` says whether `head` and `tail` are. Refusals are losses without
    direction; ConfigurationError only if the profile has no source of that name.
    """
    wanted = detection or rule.detection
    if wanted is None:
        return refusal("detection-unported", "the rule could not be read")
    if not isinstance(wanted, kinds):
        return refusal("detection-unported", f"the target cannot say {_NAMES[type(wanted)]}")
    if isinstance(wanted, Events | Sequence) and wanted.take and not pipes:
        return refusal("detection-unported", "the target cannot say the pipes `head` and `tail`")
    if _reads_alerts(rule.scope) and not profile.indexed:
        return refusal("reads-alerts", "the rule reads alerts, which exist only in Elasticsearch")
    if profile.identity:
        return _unchanged(wanted if profile.indexed else _over_parents(wanted, catalogue))
    porting = _Porting(rule, _sources(profile, source), catalogue)
    if isinstance(wanted, _Staged):
        return porting.staged(wanted)
    return porting.terms(wanted, history) if isinstance(wanted, NewTerms) else porting.single(wanted)


def _reads_alerts(scope: Scope) -> bool:
    return any(index.startswith(ALERT_INDICES) for index in scope.indices)


def _sources(profile: Profile, name: str | None) -> tuple[Source, ...]:
    if name is None:
        return profile.sources
    found = tuple(source for source in profile.sources if source.name == name)
    if not found:
        known = ", ".join(source.name for source in profile.sources)
        what = f"the profile {profile.target}:{profile.name} has no source `{name}`"
        raise ConfigurationError("source-unknown", what, expected=f"one of {known}")
    return found


# --- events that are ECS events ------------------------------------------------------------------------------------


def _over_parents(detection: Detection, catalogue: Catalogue) -> Detection:
    """Multi-fields exist in an index only: shipped events hold the values under the parent's name."""
    return map_predicates(detection, lambda predicate: without_multifields(predicate, catalogue))


def _unchanged(detection: Detection) -> Ported:
    if isinstance(detection, _Staged):
        stages = tuple((_as_it_is(stage.predicate, stage.keys),) for stage in _stages(detection))
        return Ported((), detection, stages=stages)
    return Ported((_as_it_is(detection.predicate, key_fields(detection)),), detection)


def _as_it_is(predicate: Predicate, fields: Iterable[Field]) -> Branch:
    keys = tuple(FieldValue(field.name, field.optional) for field in fields)
    return Branch(IDENTITY_SOURCE, predicate, predicate, keys)


def _stages(detection: _Staged) -> tuple[Stage, ...]:
    """All stages, the one that ends a sequence last."""
    closing = detection.until if isinstance(detection, Sequence) else None
    return detection.stages if closing is None else (*detection.stages, closing)


# --- events of other schemas ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Porting:
    rule: Rule
    sources: tuple[Source, ...]
    catalogue: Catalogue

    def single(self, detection: _OnePredicate) -> Ported:
        """A detection with one predicate. A key that a source does not have refuses it."""
        found = self._branching(detection.predicate)
        if not found.branches:
            return Ported((), None, found.losses)
        fields = key_fields(detection)
        unusable = _unusable([(found.branches, fields)], foreign=isinstance(detection, IndicatorMatch))
        if unusable is not None:
            return Ported((), None, (*found.losses, unusable))
        effective = replace(detection, predicate=_union(found.branches))
        return Ported(
            _keyed(found.branches, fields),
            effective,
            _distinct((*found.losses, *_of_keys(found.branches, fields))),
            assumptions=found.assumptions,
        )

    def terms(self, detection: NewTerms, history: bool) -> Ported:
        """New terms. What a source misses of their history makes them look new; without the fields, or without a
        memory, the base rule remains."""
        found = self._branching(detection.predicate)
        if not found.branches:
            return Ported((), None, found.losses)
        base = Events(_union(found.branches))
        absent = missing_key(found.branches, detection.fields)
        if absent is not None:
            branch, field = absent
            message = f"the first-seen condition is left out, since {branch.source.name} has no `{field.name}`"
            dropped = Loss("first-seen-dropped", message, Direction.WIDER, field.name)
            return Ported(found.branches, base, (*found.losses, dropped), assumptions=found.assumptions)
        unusable = _unusable([(found.branches, detection.fields)])
        if unusable is not None and history:
            return Ported((), None, (*found.losses, unusable))
        keyed = _keyed(found.branches, detection.fields)
        domains = _of_keys(found.branches, detection.fields)
        if not history:
            return Ported(keyed, base, _distinct((*found.losses, *domains)), assumptions=found.assumptions)
        losses = _distinct((*_both_ways(found.losses), *domains))
        return Ported(keyed, replace(detection, predicate=base.predicate), losses, assumptions=found.assumptions)

    def staged(self, detection: _Staged) -> Ported:
        """Sequences and samples. An event too many or too few in one stage changes which events make up a match, so
        that no loss in a stage has a direction for the whole."""
        stages = _stages(detection)
        found = [self._branching(stage.predicate) for stage in stages]
        losses = _distinct(loss for one in found for loss in one.losses)
        if not all(one.branches for one in found):
            return Ported((), None, losses)
        uses = [(one.branches, stage.keys) for one, stage in zip(found, stages, strict=True)]
        unusable = _unusable(uses)
        if unusable is not None:
            return Ported((), None, (*losses, unusable))
        domains = [loss for branches, keys in uses for loss in _of_keys(branches, keys)]
        return Ported(
            (),
            _with_predicates(detection, [_union(one.branches) for one in found]),
            _distinct((*_both_ways(losses), *domains)),
            assumptions=_of_stages(assumption for one in found for assumption in one.assumptions),
            stages=tuple(_keyed(branches, keys) for branches, keys in uses),
        )

    def _branching(self, predicate: Predicate) -> Branching:
        return branching(predicate, self.rule, self.sources, self.catalogue)


def _of_stages(assumptions: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """The assumptions of all stages. Which data sets the events of a stage count as does not bind those of another: all
    that are said of one field allow what one of them allows."""
    merged: dict[tuple[str, str | None], list[Assumption]] = {}
    for assumption in dict.fromkeys(assumptions):
        each = assumption.message if assumption.code != DATA_SET_BY_KIND else ""
        merged.setdefault((assumption.code + each, assumption.field), []).append(assumption)
    return tuple(found for same in merged.values() for found in _together(same))


def _together(same: list[Assumption]) -> Iterable[Assumption]:
    def allows(values: Values) -> bool:
        return any(one.allows is None or one.allows(values) for one in same)

    return same if len(same) == 1 else [replace(one, allows=allows) for one in same]


def _with_predicates(detection: _Staged, predicates: list[Predicate]) -> _Staged:
    """The detection with other predicates, in the order of `_stages`."""
    changed = [
        replace(stage, predicate=predicate) for stage, predicate in zip(_stages(detection), predicates, strict=True)
    ]
    if isinstance(detection, Sample):
        return replace(detection, stages=tuple(changed))
    count = len(detection.stages)
    return replace(detection, stages=tuple(changed[:count]), until=changed[count] if changed[count:] else None)


def _unusable(uses: list[tuple[Branches, tuple[Field, ...]]], *, foreign: bool = False) -> Loss | None:
    """Why the keys cannot join or group the events of the branches, None if they can. `uses`: a detection's predicates,
    each with the keys that its events are known by; `foreign` keys are compared with values from elsewhere."""
    for branches, fields in uses:
        absent = missing_key(branches, fields)
        if absent is not None:
            branch, field = absent
            return Loss("key-unmapped", f"{branch.source.name} has no `{field.name}` to tell by", field=field.name)
    for position in range(max((len(fields) for _, fields in uses), default=0)):
        each = [(branch.source, fields[position]) for branches, fields in uses for branch in branches]
        reason = incomparable(each, foreign=foreign)
        if reason is not None:
            return Loss("key-incomparable", reason, field=each[0][1].name)
    return None


def _keyed(branches: Branches, fields: tuple[Field, ...]) -> Branches:
    return tuple(replace(branch, keys=keys_of(branch.source, fields)) for branch in branches)


def _of_keys(branches: Branches, fields: tuple[Field, ...]) -> tuple[Loss, ...]:
    return tuple(loss for branch in branches for loss in key_losses(branch.source, fields))


def _union(branches: Branches) -> Predicate:
    return any_of(_bound(branch) for branch in branches)


def _bound(branch: Branch) -> Predicate:
    """The branch's effective predicate on events of its source only."""
    return All((Test(Field(SOURCE_FIELD), (Equal(TextLiteral(branch.source.name)),)), branch.effective))


def _both_ways(losses: Iterable[Loss]) -> Iterable[Loss]:
    """Losses of a predicate in a detection where each event decides about others: no direction holds."""
    return (loss if loss.direction is None else replace(loss, direction=Direction.DIFFERENT) for loss in losses)


def _distinct(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple(dict.fromkeys(losses))
