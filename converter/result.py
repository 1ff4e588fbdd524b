"""What converting one rule for one target gives."""

from dataclasses import dataclass

from converter.backend import Artifact, SourceUse, Translation, Verdict
from converter.losses import Assumption, Loss, Note
from converter.rule import Rule


@dataclass(frozen=True, slots=True)
class Result:
    """`verdict` is `error` if the rule could not be read (`rule.error` says why); only `exact` and `approximate`
    results have artifacts. `translation` is None where there was nothing to translate."""

    rule: Rule
    target: str
    profile: str
    format: str
    verdict: Verdict
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    sources: tuple[SourceUse, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    translation: Translation | None = None
