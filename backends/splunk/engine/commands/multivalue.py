"""`mvexpand` (spec splunk 1.7)."""

from collections.abc import Sequence

from backends.splunk.engine.arguments import fields, options, read, whole
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.source import Fragment


def _mvexpand(arguments: Fragment, context: Context) -> Step:
    """One row per value; a row without the field stays."""
    items = read(arguments, "expand")
    limit = whole(arguments, "limit", options(arguments, items, {"limit": "0"})["limit"])
    names = fields(arguments, items)
    if len(names) != 1:
        raise arguments.error("spl-syntax", "`mvexpand` takes one field")
    (name,) = names

    def expanded(row: Row) -> list[Row]:
        values = row.fields.get(name)
        if values is None:
            return [row]
        return [row.having({name: (value,)}) for value in values[: limit or None]]

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        return [one for row in rows for one in expanded(row)]

    return step


COMMANDS = {"mvexpand": CommandType(_mvexpand, streaming=True)}
