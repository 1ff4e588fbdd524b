"""One predicate over a profile's sources: which of them hold its events, and what becomes of it there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from converter.ir.predicate import Never, Predicate
from converter.ir.walk import field_names
from converter.losses import Assumption, Direction, Loss
from converter.passes.disguise import reveal_patterns
from converter.rule import Rule, Scope
from converter.schema.catalogue import Catalogue
from converter.schema.facts import excluded
from converter.schema.kinds import agreeing, in_scope, kinds_of, platforms_of
from converter.schema.multifield import without_multifields
from converter.schema.ported import Branch, Branches
from converter.schema.profile import Source
from converter.schema.rewriting import Rewriting, rewritten
from converter.schema.scope import DATASET_FIELDS

DATA_SET_BY_KIND = "data-set-by-kind"
"""The code of the assumption that a source's events count as events of the data sets that a rule names."""


@dataclass(frozen=True, slots=True)
class Branching:
    """The branches of a predicate, one per platform and kind of event; none if it is refused, and `losses` say why."""

    branches: Branches
    losses: tuple[Loss, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    rewriting: Rewriting


def branching(predicate: Predicate, rule: Rule, sources: Sequence[Source], catalogue: Catalogue) -> Branching:
    """The predicate in the terms of the best sources for it."""
    # A function that is a pattern in disguise has an inverse image where its value could not be computed.
    predicate = reveal_patterns(without_multifields(predicate, catalogue))
    held = kinds_of(predicate, platforms_of(predicate, rule.platforms()), rule.scope)
    recording = [source for source in sources if _records(source, held)]
    by_kind = {kind: in_scope(predicate, kind, rule.scope) for kind in dict.fromkeys(one.kind for one in recording)}
    plain = {source.name: by_kind[source.kind] for source in recording}
    candidates = [
        _Candidate(source, rewritten(plain[source.name], source))
        for source in recording
        if not excluded(plain[source.name], source.facts)
    ]
    candidates = [candidate for candidate in candidates if not _finds_nothing(candidate)]
    usable = [candidate for candidate in candidates if not candidate.rewriting.too_wide]
    if not usable:
        return _nowhere(candidates, held, plain, recording)
    groups = _groups(usable)
    branches = tuple(_branch(group) for group in groups)
    losses = [loss for group in groups for loss in _best(group).rewriting.losses]
    losses += _uncovered(held, branches)
    assumed = [assumption for group in groups for assumption in _best(group).rewriting.assumptions]
    assumed += _of_data_sets(predicate, [branch.source for branch in branches], rule.scope)
    return Branching(branches, tuple(dict.fromkeys(losses)), tuple(dict.fromkeys(assumed)))


def _of_data_sets(predicate: Predicate, sources: Sequence[Source], scope: Scope) -> Iterable[Assumption]:
    """A test of the data set is answered by the kind of event: an event of a source counts as one of the data sets that
    the rule looks in."""
    read = [name for name in DATASET_FIELDS if name in set(field_names(predicate))]
    allowed = frozenset(values for source in sources for values in agreeing(predicate, source.kind, scope))
    for field in read:
        shown = " or ".join(sorted({name for values in allowed for name in values}) or ["none"])
        message = f"an event of these kinds counts as one with `{field}` {shown}"
        yield Assumption(DATA_SET_BY_KIND, message, field, allowed.__contains__)


def _finds_nothing(candidate: _Candidate) -> bool:
    """The rewritten rule excludes every event of the source: by a mapped value or by what selects the source."""
    target = candidate.rewriting.target
    selected = candidate.source.select.items()
    return isinstance(target, Never) or any(
        all(excluded(target, {column: (value,)}) for value in values) for column, values in selected if values
    )


def _records(source: Source, held: Sequence[tuple[str | None, str]]) -> bool:
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


def _uncovered(held: Sequence[tuple[str | None, str]], branches: Sequence[Branch]) -> list[Loss]:
    """The one loss for all kinds of event that the rule finds and no chosen source records."""
    covered = [(branch.source.platform, branch.source.kind) for branch in branches]
    missing = [pair for pair in held if pair not in covered and (None, pair[1]) not in covered]
    if not missing:
        return []
    shown = ", ".join(kind if platform is None else f"{kind} ({platform})" for platform, kind in missing)
    return [Loss("kind-unrecorded", f"no source of the profile records: {shown}", Direction.NARROWER)]


def _nowhere(
    candidates: Sequence[_Candidate],
    held: Sequence[tuple[str | None, str]],
    plain: Mapping[str, Predicate],
    sources: Sequence[Source],
) -> Branching:
    if candidates:
        losses = _best(candidates).rewriting.losses
        refusal = Loss("too-wide", f"no positive test would remain in {_best(candidates).source.name}")
        return Branching((), (*losses, refusal))
    kinds = ", ".join(dict.fromkeys(kind for _, kind in held)) or "no kind of event that is known"
    reasons = [reason for source in sources if (reason := _contradiction(plain[source.name], source))]
    shown = f"; {reasons[0]}" if reasons else ""
    what = f"no source of the profile records what the rule looks for: {kinds}{shown}"
    return Branching((), (Loss("source-missing", what),))


def _contradiction(predicate: Predicate, source: Source) -> str | None:
    """Why a source of the right kind is none for the rule: a value that all its events have and the rule excludes."""
    for name, values in source.facts.items():
        if excluded(predicate, {name: values}):
            always = ", ".join(map(str, values)) or "no value"
            return f"{source.name} does, and its events always have {always} in `{name}`, which the rule excludes"
    return None
