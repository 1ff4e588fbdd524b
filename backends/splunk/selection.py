"""Choosing events: the branches of one predicate as the first commands of a search (spec splunk 2.1)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from backends.splunk import escape, search, where
from backends.splunk import predicate as layered
from backends.splunk.command import Base, Command, Filter
from backends.splunk.findings import Finding, RefusalError
from converter import ir
from converter.ir.walk import field_names
from converter.losses import Loss
from converter.passes import normalise
from converter.schema.catalogue import Catalogue
from converter.schema.port import Branch

TimeRange = tuple[str, str]
"""The beginning and the end of a time range as relative times: `-5d`, `now`."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What the fields of a search are. `ecs`: events are ECS documents, whose lists are visible under plain names
    through field aliases. `models`: they are read from data models, `summaries_only` only as far as these are
    accelerated."""

    columns: Catalogue
    ecs: bool
    models: bool = False
    summaries_only: bool = False

    def several(self, name: str) -> bool:
        """Whether the field may hold several values."""
        return self.columns[name].array


@dataclass(slots=True)
class Findings:
    """What the writing of one search rests on, gathered on the way."""

    items: dict[Finding, None] = field(default_factory=dict)

    def add(self, *findings: Finding) -> None:
        self.items |= dict.fromkeys(findings)


@dataclass(frozen=True, slots=True)
class Selection:
    """The events that some of the branches select: `commands` find them, `exact` says of any event whether it is one.

    `fields` are those that the condition speaks of, in order.
    """

    commands: tuple[Command, ...]
    bound: search.Search
    exact: where.Where
    fields: tuple[str, ...]


def select(
    branches: Sequence[Branch], schema: Schema, findings: Findings, *, range_: TimeRange | None = None
) -> Selection:
    """The first commands of a search for the branches' events. Raises RefusalError for what SPL cannot say.

    With a range the search states its own; else it takes the one that it is run over.
    """
    predicate = union(branches)
    names = tuple(dict.fromkeys(field_names(predicate)))
    if schema.ecs:
        check_names(names)
    conjuncts = layered.layers(predicate, schema.columns)
    for layer in conjuncts:
        findings.add(*layer.findings)
        if not layer.pre_exact:
            assume_single(where.fields(layer.exact), schema, findings)
    if schema.ecs:
        findings.add(*(Finding("splunk-array-alias", name) for name in names if schema.several(name)))
    bound = search.both([layer.pre for layer in conjuncts])
    commands: list[Command] = [Base(search.conjuncts(bound), *(range_ or (None, None)))]
    present = frozenset(search.present(bound))
    rest = where.both([where.without_guards(layer.exact, present) for layer in conjuncts if not layer.pre_exact])
    if rest != where.TRUE:
        commands.append(Filter(rest.items if isinstance(rest, where.And) else (rest,)))
    return Selection(tuple(commands), bound, where.both([layer.exact for layer in conjuncts]), names)


def union(branches: Sequence[Branch]) -> ir.Predicate:
    """What the branches select together, each among the events of its source."""
    return normalise(_union([normalise(ir.All((*_bound_to(branch), branch.predicate))) for branch in branches]))


def assume_single(names: Iterable[str], schema: Schema, findings: Findings) -> None:
    """Notes that fields which are no lists hold at most one value: `where` says nothing certain about several."""
    findings.add(*(Finding("field-single-valued", name) for name in names if not schema.several(name)))


def check_names(names: Iterable[str]) -> None:
    """Raises RefusalError for a field of an ECS document that a search cannot ask for by its name (spec splunk 1.3)."""
    for name in names:
        if not escape.is_reachable(name):
            message = f"`{name}` means something else to Splunk, or is no name that a search can hold"
            raise RefusalError(Loss("splunk-field-name", message, field=name))


def _bound_to(branch: Branch) -> Iterator[ir.Test]:
    """What makes an event one of the branch's source; Splunk's own metadata ignores case by nature."""
    for name, values in branch.source.select.items():
        matchers = tuple(ir.Equal(ir.TextLiteral(str(value)), ignore_case=True) for value in values)
        yield ir.Test(ir.Field(name), matchers)


def _union(branches: list[ir.Predicate]) -> ir.Predicate:
    """Some branch holds. What all of them demand is said once, and the rest where the first of them differs."""
    demands: list[_Demands] = []
    for branch in branches:
        items = branch.items if isinstance(branch, ir.All) else (branch,)
        found = [(place, joint) for place, other in enumerate(demands) if (joint := _joint(other, items)) is not None]
        if found:
            demands[found[0][0]] = found[0][1]
        else:
            demands.append(items)
    shared = [item for item in demands[0] if all(item in other for other in demands[1:])]
    rests = [ir.All(tuple(item for item in items if item not in shared)) for items in demands]
    before = next((place for place, item in enumerate(demands[0]) if item not in shared), len(shared))
    return ir.All((*shared[:before], ir.Any(tuple(rests)), *shared[before:]))


_Demands = tuple[ir.Predicate, ...]


def _joint(first: _Demands, second: _Demands) -> _Demands | None:
    """Two branches that differ in one test on one field, such as the event id, as one branch."""
    ours = [item for item in first if item not in second]
    theirs = [item for item in second if item not in first]
    match ours, theirs:
        case [ir.Test(field, matchers) as own], [ir.Test(other, more)] if field == other:
            return tuple(ir.Test(field, (*matchers, *more)) if item is own else item for item in first)
        case _:
            return None
