"""What porting a rule gives: its predicates per source of the target, and the effective rule."""

from dataclasses import dataclass

from converter.ir.detection import Detection
from converter.ir.expression import Expression
from converter.ir.predicate import Predicate
from converter.losses import Assumption, Loss, Note
from converter.schema.profile import Source

SOURCE_FIELD = "ruleport.source"
"""Names the profile's source of a target event in effective rules. Verification sets it on every target event; a
neighbour has none, and events of the identity profile do not need it."""

IDENTITY_SOURCE = Source("events", None, "any")
"""The one source of a profile whose events are ECS events."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One source's share of a predicate.

    `predicate` speaks of target fields only and is what a backend writes, the source's own selection excepted.
    `effective` is the same meaning with exactly rewritten leaves still in ECS terms. `keys` are the fields that the
    detection reads besides (`keying.key_fields`) as expressions over target fields, in their order.
    """

    source: Source
    predicate: Predicate
    effective: Predicate
    keys: tuple[Expression, ...] = ()
    alternatives: tuple[str, ...] = ()


Branches = tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Ported:
    """The outcome for one rule. Refused if a loss has no direction; then there is no effective rule.

    `branches` are those of a detection with one predicate. Sequences and samples have `stages` instead: the branches
    of each stage in order, those of `until` last. `effective` is the effective rule: the source's detection, each
    predicate the union of its branches, each bound to its source by a test on the pseudo-field `SOURCE_FIELD`.
    """

    branches: Branches
    effective: Detection | None
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    stages: tuple[Branches, ...] = ()

    @property
    def refused(self) -> bool:
        return self.effective is None


def refusal(code: str, message: str, field: str | None = None) -> Ported:
    """Nothing is ported, for this reason."""
    return Ported((), None, (Loss(code, message, field=field),))
