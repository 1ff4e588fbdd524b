"""`mvexpand` and `makemv` (spec splunk 1.7)."""

from collections.abc import Sequence

from backends.splunk.engine.arguments import fields, options, read, switch, whole
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


def _makemv(arguments: Fragment, context: Context) -> Step:
    """A text as a list: split at a delimiter, a blank by default ("makemv", Search Reference)."""
    items = read(arguments, "expand")
    chosen = options(arguments, items, {"delim": " ", "allowempty": "f"})
    empty = switch(arguments, "allowempty", chosen["allowempty"])
    names = fields(arguments, items)
    if len(names) != 1 or not chosen["delim"]:
        raise arguments.error("spl-syntax", "`makemv` takes one field, and a delimiter that is not empty")
    (name,) = names

    def split(row: Row) -> Row:
        values = row.fields.get(name)
        if values is None:
            return row
        if len(values) > 1:
            raise arguments.error("spl-undefined", f"`{name}` has several values already")
        return row.having({name: tuple(part for part in values[0].split(chosen["delim"]) if part or empty)})

    return lambda rows, run: [split(row) for row in rows]


COMMANDS = {
    "mvexpand": CommandType(_mvexpand, streaming=True),
    "makemv": CommandType(_makemv, streaming=True),
}
