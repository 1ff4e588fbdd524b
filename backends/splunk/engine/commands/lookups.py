"""`lookup`, `inputlookup` and `outputlookup` (spec splunk 1.1, 5.2, 5.3; their pages in the Search Reference)."""

from collections.abc import Sequence

from backends.splunk.engine.arguments import Name, Pair, every, first, options, read, switch
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.source import Fragment
from backends.splunk.engine.table import Table


def _table(arguments: Fragment, name: Name, run: Run) -> Table:
    found = run.tables.get(name.text)
    if found is None:
        raise arguments.error("spl-lookup", f"there is no lookup `{name.text}`", name.at)
    return found


def _lookup(arguments: Fragment, context: Context) -> Step:
    """The fields of the first rows of the table that fit; nothing changes where none does.

    Without OUTPUT all columns are taken that nothing is compared with. OUTPUTNEW leaves rows with the fields alone.
    """
    items = read(arguments, "lookup")
    name = every(items, Name)[0]
    inputs = [pair for pair in every(items, Pair) if not pair.output]
    stated = [pair for pair in every(items, Pair) if pair.output]
    only_new = "OUTPUTNEW" in items

    def looked_up(row: Row, table: Table, outputs: Sequence[Pair]) -> Row:
        wanted: dict[str, str] = {}
        for pair in inputs:
            values = row.fields.get(pair.field, ())
            if len(values) > 1:
                raise arguments.error("spl-undefined", f"`{pair.field}` has several values", name.at)
            if not values:
                return row
            wanted[pair.column] = values[0]
        there = [pair.field in row.fields for pair in outputs]
        if only_new and all(there):
            return row
        if only_new and any(there):
            raise arguments.error("spl-undefined", "only some of the OUTPUTNEW fields are there already", name.at)
        found = table.matching(wanted)
        if not found and any(there):
            raise arguments.error("spl-undefined", "an output field is there already, and nothing matches", name.at)
        changes = {pair.field: tuple(other[pair.column] for other in found if pair.column in other) for pair in outputs}
        return row.having({field: values for field, values in changes.items() if values})

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        table = _table(arguments, name, run)
        compared = {pair.column for pair in inputs}
        outputs = stated or [Pair(column, column, output=True) for column in table.columns if column not in compared]
        return [looked_up(row, table, outputs) for row in rows]

    return step


def _inputlookup(arguments: Fragment, context: Context) -> Step:
    """The rows of a table, as the first command."""
    items = read(arguments, "expand")
    name = first(items, Name)
    if name is None:
        raise arguments.error("spl-syntax", "`inputlookup` needs the name of a lookup")
    options(arguments, items, {})

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        table = _table(arguments, name, run)
        return [Row({column: (value,) for column, value in row.items()}) for row in table.rows]

    return step


def _outputlookup(arguments: Fragment, context: Context) -> Step:
    """Writes rows into a table and passes them on. With `key_field` a row replaces the one of the same key."""
    items = read(arguments, "expand")
    name = first(items, Name)
    if name is None:
        raise arguments.error("spl-syntax", "`outputlookup` needs the name of a lookup")
    chosen = options(arguments, items, {"append": "false", "key_field": ""})
    append, key = switch(arguments, "append", chosen["append"]), chosen["key_field"]

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        table = _table(arguments, name, run)
        if any(len(row.fields.get(column, ())) > 1 for row in rows for column in table.columns):
            raise arguments.error("spl-undefined", "a row has several values for a column", name.at)
        written = [{c: row.fields[c][0] for c in table.columns if c in row.fields} for row in rows]
        table.write(written, key=key or None, append=append)
        return list(rows)

    return step


COMMANDS = {
    "lookup": CommandType(_lookup, streaming=True),
    "inputlookup": CommandType(generate=_inputlookup),
    "outputlookup": CommandType(_outputlookup, stores=True),
}
