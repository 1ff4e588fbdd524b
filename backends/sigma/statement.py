"""From a ported rule to Sigma rules: one for every branch, since a Sigma rule has one log source."""

from collections.abc import Mapping
from dataclasses import dataclass

from backends.sigma.condition import Builder
from backends.sigma.detection import named
from backends.sigma.document import LOGSOURCE, SigmaRule, Statement
from backends.sigma.item import InexpressibleError
from converter.losses import Assumption, Loss
from converter.passes import normalise
from converter.schema.catalogue import Catalogue
from converter.schema.port import Branch

_ELASTIC = {"product": "elastic"}
"""The log source of rules that keep ECS names: SigmaHQ's vocabulary has none for them."""


@dataclass(frozen=True, slots=True)
class Written:
    statement: Statement
    losses: tuple[Loss, ...]
    assumptions: tuple[Assumption, ...]


def statement(
    branches: tuple[Branch, ...], columns: Catalogue, options: Mapping[str, str], *, taxonomy: str | None
) -> Written | Loss:
    """The Sigma rules of the branches, or the reason why Sigma cannot say one of them."""
    rules: list[SigmaRule] = []
    losses: dict[str, Loss] = {}
    assumptions: dict[str, Assumption] = {}
    for branch in branches:
        builder = Builder(columns, fold=options["case"] == "fold")
        try:
            condition = builder.condition(normalise(branch.predicate))
        except InexpressibleError as error:
            return error.loss
        logsource = _logsource(branch) or _ELASTIC
        rules.append(SigmaRule(branch.source.name.replace("_", "-"), logsource, named(condition), taxonomy))
        losses |= builder.losses
        assumptions |= builder.assumptions
    with_custom = options["custom"] == "true"
    whole = Statement(tuple(rules), first_seen_dropped=False, with_custom=with_custom)
    return Written(whole, tuple(losses.values()), tuple(assumptions.values()))


def _logsource(branch: Branch) -> dict[str, str]:
    return {
        name.removeprefix(LOGSOURCE): str(values[0])
        for name, values in branch.source.select.items()
        if name.startswith(LOGSOURCE)
    }
