"""From a ported rule to Sigma rules: one for every branch, since a Sigma rule has one log source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backends.sigma.condition import Builder
from backends.sigma.detection import named
from backends.sigma.document import LOGSOURCE, SigmaRule, Statement
from backends.sigma.item import InexpressibleError
from converter.ir import All, Equal, Field, Predicate, Test, TextLiteral
from converter.losses import Assumption, Loss
from converter.passes import normalise
from converter.schema.catalogue import Catalogue
from converter.schema.port import Branch
from converter.schema.profile import Source

DEEPEST_CONDITION = 30
"""Groups within groups; pySigma's parser exhausts the stack at some 60."""

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
    builder = Builder(columns, fold=options["case"] == "fold")
    try:
        rules = tuple(_rule(branch, builder, taxonomy) for branch in branches)
    except InexpressibleError as error:
        return error.loss
    whole = Statement(rules, first_seen_dropped=False, with_custom=options["custom"] == "true")
    return Written(whole, tuple(dict.fromkeys(builder.losses)), tuple(dict.fromkeys(builder.assumptions)))


def _rule(branch: Branch, builder: Builder, taxonomy: str | None) -> SigmaRule:
    selected = normalise(All((*_selection(branch.source), branch.predicate)))
    detection = named(builder.condition(selected))
    if detection.depth > DEEPEST_CONDITION:
        raise InexpressibleError(
            "sigma-nesting", f"the condition is nested {detection.depth} deep, pySigma reads {DEEPEST_CONDITION} levels"
        )
    return SigmaRule(branch.source.name.replace("_", "-"), _logsource(branch.source) or _ELASTIC, detection, taxonomy)


def _logsource(source: Source) -> dict[str, str]:
    return {
        name.removeprefix(LOGSOURCE): str(values[0])
        for name, values in source.select.items()
        if name.startswith(LOGSOURCE)
    }


def _selection(source: Source) -> Iterator[Predicate]:
    """What tells the source's events from others of the same log source (`EventType`)."""
    for name, values in source.select.items():
        if not name.startswith(LOGSOURCE):
            matchers = (Equal(TextLiteral(str(value)), ignore_case=True) for value in values)
            yield Test(Field(name), tuple(matchers))
