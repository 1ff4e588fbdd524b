"""`search`, first or later, and `multisearch` (spec splunk 1, 1.9, 4.3)."""

from collections.abc import Sequence

from backends.splunk.engine import bounds
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.literal import number_text
from backends.splunk.engine.pipeline import brackets
from backends.splunk.engine.row import Row, Run, SplunkEvent
from backends.splunk.engine.search.predicate import Compiler
from backends.splunk.engine.search.tree import read
from backends.splunk.engine.source import Fragment


def _filter(arguments: Fragment, context: Context) -> Step:
    predicate = Compiler(arguments, context.warn).predicate(read(arguments))
    return lambda rows, run: [row for row in rows if predicate(row)]


def _base(arguments: Fragment, context: Context) -> Step:
    """Events of the time range that satisfy the expression, newest first."""
    conditions, stated = bounds.separated(read(arguments))
    predicate = Compiler(arguments, context.warn).predicate(conditions)

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        bounds.apply(stated, run, arguments)
        found = [event for event in run.events if bounds.in_range(event, run)]
        found.sort(key=lambda event: event.time)
        return [row for row in map(_row, reversed(found)) if predicate(row)]

    return step


def _row(event: SplunkEvent) -> Row:
    fields = {name: values for name, values in event.fields.items() if values}
    fields["_time"] = (number_text(event.time),)
    return Row(fields, event.id)


def _multisearch(arguments: Fragment, context: Context) -> Step:
    """The rows of all branches together, newest first; an event that several branches find is there several times."""
    branches = [context.subsearch(inside) for inside in brackets(arguments)]
    if len(branches) < 2:
        raise arguments.error("spl-syntax", "`multisearch` needs at least two subsearches", expected="[ search … ]")

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        outside = run.earliest, run.latest
        found = []
        for branch in branches:
            run.earliest, run.latest = outside  # a branch's own bounds are no other's
            found += branch((), run)
        if any("_time" not in row.fields for row in found):
            raise arguments.error("spl-undefined", "a branch took `_time` away, which orders the rows")
        return sorted(found, key=_time, reverse=True)

    return step


def _append(arguments: Fragment, context: Context) -> Step:
    """The rows of a subsearch after those there are ("append", Search Reference)."""
    inside = brackets(arguments)
    if len(inside) != 1:
        raise arguments.error("spl-syntax", "`append` takes one subsearch", expected="[ search … ]")
    subsearch = context.search(inside[0])
    return lambda rows, run: [*rows, *subsearch((), run)]


def _time(row: Row) -> float:
    return float(row.fields["_time"][0])


COMMANDS = {
    "search": CommandType(_filter, _base, streaming=True),
    "append": CommandType(_append),
    "multisearch": CommandType(generate=_multisearch),
}
