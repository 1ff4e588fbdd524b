"""Porting: a rule over ECS fields becomes a rule over a profile's fields, with every loss named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from converter.errors import ConfigurationError
from converter.ir.detection import Detection, Events, NewTerms
from converter.ir.expression import Expression, FieldValue
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal
from converter.ir.predicate import All, Field, Never, Predicate, Test
from converter.ir.walk import field_names
from converter.losses import Assumption, Direction, Loss, Note
from converter.passes.disguise import reveal_patterns
from converter.rule import Rule, Scope
from converter.schema.catalogue import Catalogue
from converter.schema.derivation.keyonly import KeyOnly
from converter.schema.facts import excluded
from converter.schema.kinds import agreeing, in_scope, kinds_of, platforms_of
from converter.schema.multifield import without_multifields
from converter.schema.profile import Profile, Source
from converter.schema.rewriting import Rewriting, rewritten
from converter.schema.scope import DATASET_FIELDS
from converter.schema.simplify import any_of


@dataclass(frozen=True, slots=True)
class Branch:
    """One source's share of a predicate.

    `predicate` speaks of target fields only and is what a backend writes, the source's own selection excepted.
    `effective` is the same meaning with exactly rewritten leaves still in ECS terms. `keys` are the detection's group
    or new-terms fields as expressions over target fields, in order.
    """

    source: Source
    predicate: Predicate
    effective: Predicate
    keys: tuple[Expression, ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ported:
    """The outcome for one rule. Refused if a loss has no direction; then there are no branches.

    `effective` is the effective rule: the source's detection over the union of the branches, each bound to its source
    by a test on the pseudo-field `SOURCE_FIELD`.
    """

    branches: tuple[Branch, ...]
    effective: Detection | None
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    @property
    def refused(self) -> bool:
        return not self.branches


SOURCE_FIELD = "ruleport.source"
"""Names the profile's source of a target event in effective rules. Verification sets it on every target event; a
neighbour has none, and events of the identity profile do not need it."""

IDENTITY_SOURCE = Source("events", None, "any")
"""The one source of a profile whose events are ECS events."""

ALERT_INDICES = (".alerts-security", ".internal.alerts-security", ".siem-signals")


def port(
    rule: Rule,
    profile: Profile,
    catalogue: Catalogue,
    *,
    source: str | None = None,
    detection: Detection | None = None,
    history: bool = True,
) -> Ported:
    """The rule's detection (or another one in its place) in the profile's terms.

    `source` names the one source to use instead of the best ones. Without `history` the target remembers no terms: the
    effective rule is the base rule, and it is the caller who says that first-seen was dropped. Refusals are losses
    without direction; ConfigurationError only if the profile has no source of that name.
    """
    wanted = detection or rule.detection
    if not isinstance(wanted, Events | NewTerms):
        what = "rules over several events are not ported yet" if wanted else "the rule could not be read"
        return _refused("detection-unported", what)
    if isinstance(wanted, Events) and wanted.take:
        return _refused("detection-unported", "the pipes `head` and `tail` are not ported yet")
    if _reads_alerts(rule.scope) and not profile.indexed:
        return _refused("reads-alerts", "the rule reads alerts, which exist only in Elasticsearch")
    if profile.identity:
        return _unchanged(wanted if profile.indexed else _over_parents(wanted, catalogue))
    return _ported(wanted, rule, _sources(profile, source), catalogue, history)


def _sources(profile: Profile, name: str | None) -> tuple[Source, ...]:
    if name is None:
        return profile.sources
    found = tuple(source for source in profile.sources if source.name == name)
    if not found:
        known = ", ".join(source.name for source in profile.sources)
        what = f"the profile {profile.target}:{profile.name} has no source `{name}`"
        raise ConfigurationError("source-unknown", what, expected=f"one of {known}")
    return found


def _over_parents(detection: Events | NewTerms, catalogue: Catalogue) -> Events | NewTerms:
    """Multi-fields exist in an index only: shipped events hold the values under the parent's name."""
    return replace(detection, predicate=without_multifields(detection.predicate, catalogue))


def _unchanged(detection: Events | NewTerms) -> Ported:
    keys = tuple(FieldValue(field.name, field.optional) for field in _fields(detection))
    branch = Branch(IDENTITY_SOURCE, detection.predicate, detection.predicate, keys)
    return Ported((branch,), detection)


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    rewriting: Rewriting


def _ported(
    detection: Events | NewTerms, rule: Rule, sources: Sequence[Source], catalogue: Catalogue, history: bool
) -> Ported:
    # A function that is a pattern in disguise has an inverse image where its value could not be computed.
    predicate = reveal_patterns(without_multifields(detection.predicate, catalogue))
    held = kinds_of(predicate, platforms_of(predicate, rule.platforms()), rule.scope)
    plain = {source.name: in_scope(predicate, source.kind, rule.scope) for source in sources}
    candidates = [
        _Candidate(source, rewritten(plain[source.name], source))
        for source in sources
        if _fits(source, plain[source.name], held)
    ]
    candidates = [candidate for candidate in candidates if not _finds_nothing(candidate)]
    usable = [candidate for candidate in candidates if not candidate.rewriting.too_wide]
    if not usable:
        return _nowhere(candidates, held, plain, sources)
    groups = _groups(usable)
    branches = tuple(_branch(group) for group in groups)
    losses = [loss for group in groups for loss in _best(group).rewriting.losses]
    losses += _uncovered(held, branches)
    assumed = [assumption for group in groups for assumption in _best(group).rewriting.assumptions]
    assumed += _of_data_sets(predicate, [branch.source for branch in branches], rule.scope)
    ported = _with_keys(detection, branches, _distinct(losses), history)
    return replace(ported, assumptions=tuple(dict.fromkeys(assumed)))


def _of_data_sets(predicate: Predicate, sources: Sequence[Source], scope: Scope) -> Iterable[Assumption]:
    """A test of the data set is answered by the kind of event: an event of a source counts as one of the data sets that
    the rule looks in."""
    read = [name for name in DATASET_FIELDS if name in set(field_names(predicate))]
    allowed = frozenset(values for source in sources for values in agreeing(predicate, source.kind, scope))
    for field in read:
        shown = " or ".join(sorted({name for values in allowed for name in values}) or ["none"])
        message = f"an event of these kinds counts as one with `{field}` {shown}"
        yield Assumption("data-set-by-kind", message, field, allowed.__contains__)


def _fits(source: Source, predicate: Predicate, held: Sequence[tuple[str, str]]) -> bool:
    """Whether the rule can hold events of the source: by kind and system, and by the source's facts."""
    return _records(source, held) and not excluded(predicate, source.facts)


def _finds_nothing(candidate: _Candidate) -> bool:
    """The rewritten rule excludes every event of the source: by a mapped value or by what selects the source."""
    target = candidate.rewriting.target
    selected = candidate.source.select.items()
    return isinstance(target, Never) or any(
        all(excluded(target, {column: (value,)}) for value in values) for column, values in selected if values
    )


def _records(source: Source, held: Sequence[tuple[str, str]]) -> bool:
    return any(kind == source.kind and source.platform in {None, platform} for platform, kind in held)


def _groups(candidates: Sequence[_Candidate]) -> list[list[_Candidate]]:
    """Candidates by platform and kind, in the profile's order."""
    groups: dict[tuple[str | None, str], list[_Candidate]] = {}
    for candidate in candidates:
        groups.setdefault((candidate.source.platform, candidate.source.kind), []).append(candidate)
    return list(groups.values())


def _best(group: Sequence[_Candidate]) -> _Candidate:
    """The first of those that lose least."""
    return min(group, key=lambda candidate: candidate.rewriting.cost)


def _branch(group: Sequence[_Candidate]) -> Branch:
    best = _best(group)
    others = tuple(candidate.source.name for candidate in group if candidate is not best)
    return Branch(best.source, best.rewriting.target, best.rewriting.effective, alternatives=others)


def _uncovered(held: Sequence[tuple[str, str]], branches: Sequence[Branch]) -> list[Loss]:
    """The one loss for all kinds of event that the rule finds and no chosen source records."""
    covered = [(branch.source.platform, branch.source.kind) for branch in branches]
    missing = [pair for pair in held if pair not in covered and (None, pair[1]) not in covered]
    if not missing:
        return []
    shown = ", ".join(f"{kind} ({platform})" for platform, kind in missing)
    return [Loss("kind-unrecorded", f"no source of the profile records: {shown}", Direction.NARROWER)]


def _nowhere(
    candidates: Sequence[_Candidate],
    held: Sequence[tuple[str, str]],
    plain: Mapping[str, Predicate],
    sources: Sequence[Source],
) -> Ported:
    if candidates:
        losses = _best(candidates).rewriting.losses
        refusal = Loss("too-wide", f"no positive test would remain in {_best(candidates).source.name}")
        return Ported((), None, (*losses, refusal))
    kinds = ", ".join(dict.fromkeys(kind for _, kind in held)) or "no kind of event that is known"
    reasons = [reason for source in sources if (reason := _contradiction(plain[source.name], source, held))]
    shown = f"; {reasons[0]}" if reasons else ""
    return _refused("source-missing", f"no source of the profile records what the rule looks for: {kinds}{shown}")


def _contradiction(predicate: Predicate, source: Source, held: Sequence[tuple[str, str]]) -> str | None:
    """Why a source of the right kind is none for the rule: a value that all its events have and the rule excludes."""
    if not _records(source, held):
        return None
    for name, values in source.facts.items():
        if excluded(predicate, {name: values}):
            always = ", ".join(map(str, values)) or "no value"
            return f"{source.name} does, and its events always have {always} in `{name}`, which the rule excludes"
    return None


def _with_keys(
    detection: Events | NewTerms, branches: tuple[Branch, ...], losses: tuple[Loss, ...], history: bool
) -> Ported:
    predicate = any_of(_bound(branch) for branch in branches)
    fields = _fields(detection)
    absent = [(branch, field) for branch in branches for field in fields if _key(branch.source, field) is None]
    if isinstance(detection, NewTerms) and absent:
        branch, field = absent[0]
        message = f"the first-seen condition is left out, since {branch.source.name} has no `{field.name}`"
        dropped = Loss("first-seen-dropped", message, Direction.WIDER, field.name)
        return Ported(branches, Events(predicate), (*losses, dropped))
    keyed = tuple(replace(branch, keys=tuple(_keys(branch.source, fields))) for branch in branches)
    domains = [loss for branch in branches for loss in _key_losses(branch.source, fields)]
    if isinstance(detection, NewTerms) and not history:
        return Ported(keyed, Events(predicate), _distinct((*losses, *domains)))
    if isinstance(detection, NewTerms):
        losses = tuple(replace(loss, direction=Direction.DIFFERENT) for loss in losses)
    return Ported(keyed, replace(detection, predicate=predicate), _distinct((*losses, *domains)))


def _distinct(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple(dict.fromkeys(losses))


def _bound(branch: Branch) -> Predicate:
    """The branch's effective predicate on events of its source only."""
    return All((Test(Field(SOURCE_FIELD), (Equal(TextLiteral(branch.source.name)),)), branch.effective))


def _fields(detection: Events | NewTerms) -> tuple[Field, ...]:
    return detection.fields if isinstance(detection, NewTerms) else ()


def _keys(source: Source, fields: Iterable[Field]) -> Iterable[Expression]:
    return (key for field in fields if (key := _key(source, field)) is not None)


def _key(source: Source, field: Field) -> Expression | None:
    derivation = source.derivation(field.name)
    if isinstance(derivation, KeyOnly):
        return derivation.key()
    return None if derivation is None else derivation.value()


def _key_losses(source: Source, fields: Iterable[Field]) -> Iterable[Loss]:
    for field in fields:
        derivation = source.derivation(field.name)
        if derivation is not None and derivation.domain is not None:
            domain = derivation.domain
            message = f"`{field.name}` is exact only if {domain.text}"
            yield Loss(domain.code, message, Direction.DIFFERENT, field.name, domain=domain.text)


def _reads_alerts(scope: Scope) -> bool:
    return any(index.startswith(ALERT_INDICES) for index in scope.indices)


def _refused(code: str, message: str) -> Ported:
    return Ported((), None, (Loss(code, message),))
