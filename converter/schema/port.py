"""Porting: a rule over ECS fields becomes a rule over a profile's fields, with every loss named."""

from dataclasses import dataclass

from converter.ir.detection import Detection
from converter.ir.expression import Expression
from converter.ir.predicate import Predicate
from converter.losses import Assumption, Loss, Note
from converter.schema.profile import Source


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
