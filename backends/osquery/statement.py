"""What a rule becomes: one query per platform and event table, each knowing what osquery needs to run it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from backends.osquery import expression
from backends.osquery.layout import TABLE, Join, Layout, layout_of
from backends.osquery.operand import EVENT, operand
from backends.osquery.predicate import Conditions
from backends.osquery.refusal import InexpressibleError
from backends.osquery.schema import Table, Version, tables
from backends.osquery.sql import (
    And,
    Binary,
    Case,
    Column,
    In,
    LeftJoin,
    Number,
    Output,
    Select,
    Sql,
    Text,
    Truth,
    all_of,
    any_of,
    columns,
    depth,
    nesting,
)
from converter.events.event import Scalar
from converter.losses import Assumption
from converter.schema.port import Branch
from converter.schema.profile import Source

DEEPEST = 900
"""SQLite gives up at an expression depth of 1,000 (spec osquery 5)."""

MOST_NESTED = 54
"""Its parser's stack holds 100 symbols: tried, about 30 brackets within each other, an `IS NOT TRUE` around each."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query. `version` is the oldest osquery that has its tables and columns; `channel` the Windows event channel
    it reads; `differential`: only combinations that the run before did not have are of interest."""

    platform: str
    select: Select
    version: Version
    channel: str | None = None
    differential: bool = False

    @property
    def table(self) -> Table:
        return tables()[self.select.table]


@dataclass(frozen=True, slots=True)
class Written:
    """The queries of a rule and under what they are exact."""

    queries: tuple[Query, ...]
    assumptions: tuple[Assumption, ...]


def written(branches: Sequence[Branch], terms: Sequence[str]) -> Written:
    """The queries for a rule's branches. With `terms`, the names of its new-terms fields, only their combinations are
    selected. Branches over one table share a query, since osquery keeps one read position per query (spec 2.2).

    Raises InexpressibleError for what SQL cannot say.
    """
    groups: dict[tuple[str, str], list[Branch]] = {}
    for branch in branches:
        layout = layout_of(branch.source)
        groups.setdefault((layout.platform, layout.table), []).append(branch)
    assumptions: dict[Assumption, None] = {}
    queries = tuple(_query(group, terms, assumptions) for group in groups.values())
    return Written(queries, tuple(assumptions))


def _query(branches: Sequence[Branch], terms: Sequence[str], assumptions: dict[Assumption, None]) -> Query:
    layout = _common_layout(branches)
    conditions = Conditions(layout, assumptions)
    where = any_of(tuple(_selected(branch, conditions) for branch in branches))
    if depth(where) > DEEPEST or nesting(where) > MOST_NESTED:
        raise InexpressibleError("osquery-depth", "the condition is nested deeper than SQLite takes")
    outputs = _terms(branches, terms, conditions) if terms else _alert(branches, layout)
    order = () if terms else tuple(Column(EVENT, name) for name in layout.order)
    used = columns(where).union(*(columns(output.value) for output in outputs))
    joins = tuple(
        join_clause(name, join) for name, join in layout.joins.items() if any(one.table == name for one in used)
    )
    used = used.union(order, *(columns(join.on) for join in joins))
    select = Select(outputs, layout.table, EVENT, joins, where, order, distinct=bool(terms))
    return Query(layout.platform, select, _version(select, used), layout.channel, bool(terms))


def _common_layout(branches: Sequence[Branch]) -> Layout:
    """The layout of several sources over one table: all their joins, everything that one of them shows."""
    layouts = [layout_of(branch.source) for branch in branches]
    joins = {name: join for layout in layouts for name, join in layout.joins.items()}
    shown = dict.fromkeys(name for layout in layouts for name in layout.shown)
    return replace(layouts[0], joins=joins, shown=tuple(shown))


def _selected(branch: Branch, conditions: Conditions) -> Sql:
    """The source's own selection and the branch's predicate, as one chain of AND that says nothing twice."""
    predicate = conditions.condition(branch.predicate)
    own = predicate.items if isinstance(predicate, And) else (predicate,)
    parts = dict.fromkeys((*_selection(branch.source, conditions.layout), *own))
    parts.pop(Truth(True), None)
    return all_of(tuple(parts))


def _selection(source: Source, layout: Layout) -> tuple[Sql, ...]:
    return tuple(_one_of(operand(layout, name).sql, values) for name, values in source.select.items() if name != TABLE)


def _one_of(value: Sql, values: tuple[Scalar, ...]) -> Sql:
    items = tuple(Text(item) if isinstance(item, str) else Number(item) for item in values)
    return Binary("=", value, items[0]) if len(items) == 1 else In(value, items)


def _alert(branches: Sequence[Branch], layout: Layout) -> tuple[Output, ...]:
    """When, who, what, from where: the columns that an alert's reader needs, as far as the source has them."""
    # What is only shown needs no assumption, so those of the values are not kept.
    conditions = Conditions(layout)
    shown = (_shown(name, branches, conditions) for name in layout.shown)
    return (Output(Column(EVENT, "time"), "time"), *(output for output in shown if output is not None))


def _shown(name: str, branches: Sequence[Branch], conditions: Conditions) -> Output | None:
    values = [_value(name, branch.source, conditions) for branch in branches]
    return _merged(name, branches, values, conditions)


def _merged(
    name: str, branches: Sequence[Branch], values: Sequence[Sql | None], conditions: Conditions
) -> Output | None:
    """One result column for what may be other columns in other branches; None if no branch has a value."""
    known = [(branch, value) for branch, value in zip(branches, values, strict=True) if value is not None]
    if not known:
        return None
    if len(known) == len(branches) and all(value == known[0][1] for _, value in known):
        return Output(known[0][1], column_name(name))
    cases = tuple((all_of(_selection(branch.source, conditions.layout)), value) for branch, value in known)
    return Output(Case(cases), column_name(name))


def _value(name: str, source: Source, conditions: Conditions) -> Sql | None:
    """The value of an ECS field, or of the event table's own column of that name; None if the source has neither."""
    derivation = source.derivation(name)
    found = derivation.value() if derivation is not None else None
    if found is None:
        known = conditions.layout.has_column(name)
        return Column(EVENT, name) if known else None
    return expression.shown(found, conditions)


def _terms(branches: Sequence[Branch], terms: Sequence[str], conditions: Conditions) -> tuple[Output, ...]:
    """The new-terms fields alone: osquery compares the rows of one run with those of the run before."""
    keys = zip(*([expression.shown(key, conditions) for key in branch.keys] for branch in branches), strict=True)
    outputs = (_merged(name, branches, values, conditions) for name, values in zip(terms, keys, strict=True))
    return tuple(output for output in outputs if output is not None)


def column_name(name: str) -> str:
    """The name of an ECS field in the result: osquery's column names have no dots."""
    return name.replace(".", "_")


def join_clause(name: str, join: Join) -> LeftJoin:
    on = tuple(Binary("=", Column(name, column), Column(EVENT, own)) for column, own in join.on.items())
    return LeftJoin(join.table, name, all_of(on))


def _version(select: Select, used: Iterable[Column]) -> Version:
    aliases = {select.alias: select.table, **{join.alias: join.table for join in select.joins}}
    found = [tables()[table].since for table in aliases.values()]
    found += [tables()[aliases[column.table]].columns[column.name].since for column in used]
    return max(found)
