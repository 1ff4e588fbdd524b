"""Samples: a key for which every filter has an event of its own (spec eql 11).

One event may satisfy several filters but stand for one of them only. Enough different events exist exactly if every
choice of filters has at least as many events among them as it has filters (Hall's theorem), and that can be counted:
events are numbered before they are spread over filters and keys.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from backends.splunk import escape, search, where
from backends.splunk.command import (
    Aggregation,
    Base,
    Commands,
    Evaluate,
    Expand,
    Filter,
    Rename,
    Running,
    Statistics,
)
from backends.splunk.findings import refusal
from backends.splunk.keys import Column, Join, column, join_of
from backends.splunk.selection import Findings, Schema, Selection, assume_single, select
from converter import ir
from converter.schema.port import Branches

MOST_FILTERS = 5

STAGE, EVENT = where.FieldName("eql_stage"), where.FieldName("eql_event")


def write(detection: ir.Sample, stages: tuple[Branches, ...], schema: Schema, findings: Findings) -> Commands:
    """The keys that have a sample. Raises RefusalError for what SPL cannot say."""
    if len(stages) > MOST_FILTERS:
        raise refusal("splunk-sequence-length", f"a sample of more than {MOST_FILTERS} filters is not written")
    if detection.within is not None:
        raise refusal("splunk-detection", "a sample within a window is not written")
    join = join_of([stage.keys for stage in detection.stages])
    parts = [
        part
        for number, (stage, branches) in enumerate(zip(detection.stages, stages, strict=True))
        for part in _parts(number, stage, branches, schema, findings)
    ]
    selections = [selection for _, selection, _ in parts]
    bound = search.either([selection.bound for selection in selections])
    fits = where.Call("mvappend", tuple(_fit(place, selection) for place, selection in enumerate(selections)))
    keys = _keys(join, [columns for _, _, columns in parts])
    several = [any(column.several for column in one) for one in zip(*(columns for _, _, columns in parts), strict=True)]
    expanded = tuple(Expand(name) for name, lists in zip(join.names, several, strict=False) if lists)
    stage = _by_fit([where.Number(number) for number, _, _ in parts])
    choices = tuple(_choices(len(stages)))
    return (
        Base(search.conjuncts(bound)),
        Evaluate((("eql_fit", fits),)),
        Filter((where.Call("isnotnull", (where.FieldName("eql_fit"),)),)),
        Running((Aggregation("count", None, "eql_event"),)),
        Expand("eql_fit"),
        Evaluate((("eql_stage", stage), *keys)),
        *expanded,
        *join.present(),
        Statistics(
            (
                Aggregation("min", "_time", "firstTime"),
                Aggregation("max", "_time", "lastTime"),
                *(Aggregation("dc", _among(chosen, len(stages)), _events(chosen)) for chosen in choices),
            ),
            join.names,
        ),
        Filter(tuple(where.Binary(">=", where.FieldName(_events(c)), where.Number(len(c))) for c in choices)),
        *_named(join, detection.stages[0].keys),
    )


def _named(join: Join, fields: Sequence[ir.Field]) -> Iterator[Rename]:
    """The keys under the names that the first filter has for them."""
    for name, field in zip(join.names, fields, strict=False):
        if fields.count(field) == 1 and escape.is_plain_field(field.name):
            yield Rename(name, field.name)


_Part = tuple[int, Selection, Sequence[Column]]


def _parts(number: int, stage: ir.Stage, branches: Branches, schema: Schema, findings: Findings) -> Iterator[_Part]:
    """One filter's share of each set of key columns."""
    for keys in dict.fromkeys(branch.keys for branch in branches):
        selected = select([branch for branch in branches if branch.keys == keys], schema, findings)
        assume_single(where.fields(selected.exact), schema, findings)
        columns = [
            column(key, schema, findings, optional=field.optional) for key, field in zip(keys, stage.keys, strict=True)
        ]
        yield number, selected, columns


def _fit(place: int, selection: Selection) -> where.Where:
    return where.Call("if", (selection.exact, where.Number(place), where.Call("null", ())))


def _keys(join: Join, parts: Sequence[Sequence[Column]]) -> list[tuple[str, where.Where]]:
    """The join's columns, each by the part that the row stands for."""
    assigned = [dict(join.assignments(columns)) for columns in parts]
    return [(name, _by_fit([values[name] for values in assigned])) for name in assigned[0]]


def _by_fit(values: Sequence[where.Where]) -> where.Where:
    if all(value == values[0] for value in values):
        return values[0]
    arguments: list[where.Where] = []
    for place, value in enumerate(values):
        arguments += [where.Binary("==", where.FieldName("eql_fit"), where.Number(place)), value]
    return where.Call("case", tuple(arguments))


def _choices(filters: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, filters + 1):
        yield from combinations(range(filters), size)


def _among(chosen: tuple[int, ...], filters: int) -> str | where.Where:
    """The event's number if the row stands for one of the filters."""
    if len(chosen) == filters:
        return EVENT.name
    stages = where.either([where.Binary("==", STAGE, where.Number(number)) for number in chosen])
    return where.Call("if", (stages, EVENT, where.Call("null", ())))


def _events(chosen: tuple[int, ...]) -> str:
    return "eql_events_" + "_".join(map(str, chosen))
