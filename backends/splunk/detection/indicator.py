"""Indicator match: events that share values with one indicator (spec splunk 5.3, elastic-rules 2.6).

Each group of the mapping is one lookup, whose table holds a row per indicator and a column per entry; groups are
alternatives. With the indicators at hand the tables are part of the output, else the user fills them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backends.splunk import where
from backends.splunk.command import Command, Commands, Evaluate, Expand, Filter, Lookup, Table
from backends.splunk.findings import Finding, refusal
from backends.splunk.keys import Column, column
from backends.splunk.selection import Findings, Schema, select
from backends.splunk.tables import CsvTable
from converter import ir
from converter.evaluate.predicate import compile_predicate
from converter.evaluate.scope import in_scope
from converter.events.event import Event
from converter.ir.walk import occurrences
from converter.rule import Scope
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from converter.schema.port import Branch

_REFUSED = {FieldType.TEXT, FieldType.DATE, FieldType.VERSION, FieldType.NESTED, FieldType.OBJECT}
_COMPARED_AS_TERMS = {FieldType.KEYWORD, FieldType.CONSTANT_KEYWORD, FieldType.WILDCARD, FieldType.IP}

Group = tuple[ir.IndicatorEntry, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """The search, its tables, and what each table has to hold in words."""

    commands: Commands
    tables: tuple[CsvTable, ...]
    contents: tuple[str, ...]


def write(
    detection: ir.IndicatorMatch,
    branches: Sequence[Branch],
    schema: Schema,
    findings: Findings,
    name: str,
    fields: Catalogue,
    indicators: Sequence[Event] | None,
) -> Matching:
    """The search over the branches, whose tables begin with `name`. `fields` knows the rule's own fields.

    Raises RefusalError for comparisons that no lookup makes.
    """
    for entry in (entry for group in detection.mapping for entry in group):
        _check(entry, fields[entry.field.name])
    if len({branch.keys for branch in branches}) > 1:
        raise refusal("splunk-keys-differ", "the sources have the compared fields in different columns")
    selected = select(branches, schema, findings)
    names = [name for key in branches[0].keys for name in (occurrence.name for occurrence in occurrences(key))]
    findings.add(*(Finding("splunk-not-empty", name) for name in names))
    columns = iter([column(key, schema, findings) for key in branches[0].keys])
    commands: list[Command] = list(selected.commands)
    tables: list[CsvTable] = []
    chosen = _chosen(detection, fields, indicators)
    shown: list[str] = []
    for number, group in enumerate(detection.mapping, 1):
        inputs = [next(columns) for _ in group]
        table = _table(name, number, group, fields, chosen)
        tables.append(table)
        commands += _looked_up(table, inputs, number)
        shown += [item.source for item in inputs if item.source is not None]
    hits = [where.Call("isnotnull", (where.FieldName(f"ti_hit{number}"),)) for number in range(1, len(tables) + 1)]
    commands.append(Filter((where.either([*hits]),)))
    result = ["_time", "host", *shown, *selected.fields, *(f"ti_hit{number}" for number in range(1, len(tables) + 1))]
    contents = tuple(_contents(table, group) for table, group in zip(tables, detection.mapping, strict=True))
    return Matching((*commands, Table(tuple(dict.fromkeys(result)))), tuple(tables), contents)


def _check(entry: ir.IndicatorEntry, info: FieldInfo) -> None:
    if entry.negate:
        raise refusal("splunk-indicator", "a lookup does not tell values apart that must differ", entry.field.name)
    if info.type in _REFUSED or info.folded:
        raise refusal("splunk-indicator", f"a lookup does not compare as `{info.type}` fields do", entry.field.name)


def _looked_up(table: CsvTable, inputs: Sequence[Column], number: int) -> Iterator[Command]:
    """The lookup of one group. Lists are spread over rows before, so that every value is compared."""
    names = [_input(item, number, place) for place, item in enumerate(inputs, 1)]
    computed = [(name, item) for name, item in zip(names, inputs, strict=True) if name != item.source]
    if computed:
        copies = [where.Call("mvdedup", (item.value,)) if item.several else item.value for _, item in computed]
        yield Evaluate(tuple(zip([name for name, _ in computed], copies, strict=True)))
        yield from (Expand(name) for name, item in computed if item.several)
    pairs = tuple(zip(table.columns, names, strict=True))
    yield Lookup(table.name, pairs, ((table.columns[0], f"ti_hit{number}"),))


def _input(item: Column, number: int, place: int) -> str:
    plain = item.source is not None and not item.several
    return item.source if plain and item.source is not None else f"ti_value{number}_{place}"


def _table(name: str, number: int, group: Group, fields: Catalogue, indicators: Sequence[Event]) -> CsvTable:
    columns = tuple(f"value{place}" for place in range(1, len(group) + 1))
    networks = tuple(
        column for column, entry in zip(columns, group, strict=True) if fields[entry.field.name].type is FieldType.IP
    )
    rows = (row for indicator in indicators if (row := _row(group, fields, indicator)) is not None)
    file = f"{name}-indicators-{number}.csv"
    return CsvTable(f"{name}_indicators_{number}", file, columns, tuple(dict.fromkeys(rows)), networks)


def _row(group: Group, fields: Catalogue, indicator: Event) -> tuple[str, ...] | None:
    """An indicator's values. Kibana takes the first of several where a group of one entry compares terms, and leaves
    an indicator out otherwise (spec elastic-rules 2.6)."""
    kinds = {fields[name.name].type for entry in group for name in (entry.field, entry.indicator)}
    first_only = len(group) == 1 and kinds <= _COMPARED_AS_TERMS
    values: list[str] = []
    for entry in group:
        found = indicator.fields.get(entry.indicator.name, ())
        if not found or (len(found) > 1 and not first_only):
            return None
        values.append(_text(found[0], is_address=fields[entry.field.name].type is FieldType.IP))
    return tuple(values)


def _text(value: object, *, is_address: bool) -> str:
    """A value as the table holds it: addresses as blocks, since they are compared as such."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if not is_address or "/" in text:
        return text
    return f"{text}/128" if ":" in text else f"{text}/32"


def _chosen(detection: ir.IndicatorMatch, fields: Catalogue, indicators: Sequence[Event] | None) -> list[Event]:
    """The indicators that the rule's own query selects, as of the newest of them."""
    known = indicators or ()
    moment = max((event.time for event in known if event.time is not None), default=0.0)
    holds = compile_predicate(detection.indicators, fields, now=moment)
    scope = Scope(detection.indicator_index)
    return [event for event in known if in_scope(event, scope) and holds(event)]


def _contents(table: CsvTable, group: Group) -> str:
    pairs = ", ".join(
        f"`{entry.indicator.name}` in `{column}`" for entry, column in zip(group, table.columns, strict=True)
    )
    return f"the lookup `{table.name}` holds the indicators that the rule's indicator query selects, {pairs}"
