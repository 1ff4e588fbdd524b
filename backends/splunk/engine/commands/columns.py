"""Commands that choose, rename and fill fields (spec splunk 1.3, 4.5)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from backends.splunk.engine.arguments import Name, Renaming, Sign, every, fields, options, read
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.literal import number, number_text
from backends.splunk.engine.relative_time import relative
from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.search.pattern import wildcard_test
from backends.splunk.engine.source import Fragment

INTERNAL = frozenset({"_time", "_raw"})  # `fields` keeps them unless they are taken away by name


def _chosen(names: Sequence[Name]) -> Callable[[str], bool]:
    """Whether a field is named or matched; a pattern does not reach internal fields unless it begins with `_`."""
    tests = [(name.text.startswith("_"), wildcard_test(name.text, fold=False)) for name in names]

    def test(field: str) -> bool:
        return any(matches(field) and (internal or not field.startswith("_")) for internal, matches in tests)

    return test


def _fields(arguments: Fragment, context: Context) -> Step:
    items = read(arguments, "columns")
    chosen, away = _chosen(every(items, Name)), Sign("-") in items

    def kept(row: Row) -> Row:
        names = [name for name in row.fields if (not chosen(name) if away else chosen(name) or name in INTERNAL)]
        return replace(row, fields={name: row.fields[name] for name in names})

    return lambda rows, run: [kept(row) for row in rows]


def _table(arguments: Fragment, context: Context) -> Step:
    chosen = _chosen(every(read(arguments, "table"), Name))

    def kept(row: Row) -> Row:
        return replace(row, fields={name: values for name, values in row.fields.items() if chosen(name)})

    return lambda rows, run: [kept(row) for row in rows]


def _rename(arguments: Fragment, context: Context) -> Step:
    """In order; a field that does not exist takes the field of the new name away."""
    renamings = every(read(arguments, "renames"), Renaming)
    for renaming in renamings:
        if renaming.old.text.count("*") != renaming.new.text.count("*"):
            raise arguments.error("spl-syntax", "both sides of AS need the same number of `*`", renaming.new.at)

    def renamed(row: Row) -> Row:
        for renaming in renamings:
            row = _moved(row, renaming)
        return row

    return lambda rows, run: [renamed(row) for row in rows]


def _moved(row: Row, renaming: Renaming) -> Row:
    old, new = renaming.old.text, renaming.new.text
    if "*" not in old:
        return row if old == new else row.having({new: row.fields.get(old), old: None})
    changes: dict[str, tuple[str, ...] | None] = {}
    for name in row.fields:
        filled = _filled(name, old, new)
        if filled is not None and not name.startswith("_"):
            changes.setdefault(name, None)
            changes[filled] = row.fields[name]
    return row.having(changes)


def _filled(name: str, old: str, new: str) -> str | None:
    """The new name with the text that the old pattern's `*` stand for, None if the name does not fit."""
    found = re.fullmatch("(.*)".join(map(re.escape, old.split("*"))), name)
    if found is None:
        return None
    first, *rest = new.split("*")
    return first + "".join(run + piece for run, piece in zip(found.groups(), rest, strict=True))


def _fillnull(arguments: Fragment, context: Context) -> Step:
    items = read(arguments, "fill")
    value = options(arguments, items, {"value": "0"})["value"]
    wanted = fields(arguments, items)

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        names = wanted or tuple(dict.fromkeys(name for row in rows for name in row.fields))
        return [row.having({name: (value,) for name in names if name not in row.fields}) for row in rows]

    return step


def _bin(arguments: Fragment, context: Context) -> Step:
    """Values as buckets of one size: times by their beginning, numbers as ranges ("bin", Search Reference)."""
    items = read(arguments, "bucket")
    chosen = options(arguments, items, {"span": ""})["span"]
    targets = every(items, Renaming)
    if len(targets) != 1 or not chosen:
        raise arguments.error(
            "spl-syntax", "`bin` takes one field, and here always a span", expected="bin span=5m _time"
        )
    (target,) = targets
    span = number(chosen)
    if span is None:
        try:
            span = relative(0, f"+{chosen}")
        except UndefinedError as error:
            raise arguments.error("spl-undefined", str(error)) from None
    if span <= 0:
        raise arguments.error("spl-syntax", "the span of `bin` is not a length")

    def binned(row: Row) -> Row:
        values = row.fields.get(target.old.text, ())
        found = number(values[0]) if len(values) == 1 else None
        if found is None:
            return row
        start = found // span * span
        low, high = number_text(start), number_text(start + span)
        return row.having({target.new.text: (low if target.old.text == "_time" else f"{low}-{high}",)})

    return lambda rows, run: [binned(row) for row in rows]


def _addinfo(arguments: Fragment, context: Context) -> Step:
    if arguments.text.strip():
        raise arguments.error("spl-syntax", "`addinfo` takes no arguments")

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        latest = run.now if run.latest is None else run.latest
        info = {
            "info_min_time": (number_text(run.earliest or 0),),
            "info_max_time": (number_text(latest),),
            "info_search_time": (number_text(run.now),),
        }
        return [row.having(info) for row in rows]

    return step


COMMANDS = {
    "fields": CommandType(_fields, streaming=True),
    "table": CommandType(_table),
    "rename": CommandType(_rename, streaming=True),
    "fillnull": CommandType(_fillnull),
    "bin": CommandType(_bin, streaming=True),
    "bucket": CommandType(_bin, streaming=True),
    "addinfo": CommandType(_addinfo, streaming=True, ranged=True),
}
