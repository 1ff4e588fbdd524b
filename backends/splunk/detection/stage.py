"""The rows of a sequence's stages: one stream of events, each marked with its stage and its keys (spec splunk 4.3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from backends.splunk import where
from backends.splunk.command import Command, Commands, Evaluate, Keep, Multisearch
from backends.splunk.detection.order import ordering
from backends.splunk.keys import Column, Join, column
from backends.splunk.selection import Findings, Schema, select
from converter import ir
from converter.schema.port import Branch

UNTIL = -1


@dataclass(frozen=True, slots=True)
class Part:
    """The events of one stage. `number` marks their rows; `late` rows come after all others of their time.

    `shown`: the fields are wanted in the result, since the stage's event is its last one.
    """

    number: int
    branches: Sequence[Branch]
    keys: tuple[ir.Field, ...]
    late: bool = False
    shown: bool = False


def rows(parts: Sequence[Part], join: Join, schema: Schema, findings: Findings) -> tuple[Commands, tuple[str, ...]]:
    """Commands that find the rows of all parts, and the fields of those that are shown.

    Sources that have the keys in different columns are searched side by side, and so are parts: an event that belongs
    to two of them is there twice, each time with the keys of the stage.
    """
    late = any(part.late for part in parts)
    written: list[_Rows] = []
    for part in parts:
        by_keys: dict[tuple[ir.Expression, ...], list[Branch]] = defaultdict(list)
        for branch in part.branches:
            by_keys[branch.keys].append(branch)
        written += [_rows(part, keys, some, join, schema, findings, late) for keys, some in by_keys.items()]
    shown = tuple(dict.fromkeys(name for one in written if one.part.shown for name in one.fields))
    names = ("_time", "host", "eql_*", *shown)
    searches = tuple((*one.commands, *one.marks(join), Keep(names)) for one in written)
    found: Commands = searches[0] if len(searches) == 1 else (Multisearch(searches),)
    return (*found, *join.present()), shown


@dataclass(frozen=True, slots=True)
class _Rows:
    part: Part
    commands: Commands
    columns: tuple[Column, ...]
    assignments: tuple[tuple[str, where.Where], ...]
    fields: tuple[str, ...]

    def marks(self, join: Join) -> list[Command]:
        return [Evaluate(self.assignments), *join.expanded(self.columns)]


def _rows(
    part: Part,
    keys: tuple[ir.Expression, ...],
    branches: Sequence[Branch],
    join: Join,
    schema: Schema,
    findings: Findings,
    late: bool,
) -> _Rows:
    selected = select(branches, schema, findings)
    optional = [field.optional for field in part.keys]
    columns = tuple(
        column(key, schema, findings, optional=missing) for key, missing in zip(keys, optional, strict=True)
    )
    marks: list[tuple[str, where.Where]] = [("eql_stage", where.Number(part.number))]
    if late:
        marks.append(("eql_late", where.Number(int(part.late))))
    marks += [*join.assignments(columns), *ordering(schema)]
    plain = [item.source for item in columns if item.source is not None]
    fields = tuple(dict.fromkeys([*plain, *selected.fields]))
    return _Rows(part, selected.commands, columns, tuple(marks), fields)
