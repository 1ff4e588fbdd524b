"""Commands that order and thin out rows (spec splunk 1.9)."""

from collections.abc import Callable, Sequence

from backends.splunk.engine.arguments import Count, SortKey, every, fields, first, options, read, switch
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.literal import Number, number
from backends.splunk.engine.network import address
from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.source import Fragment

SORT_LIMIT = 10_000


def order_of(text: str) -> tuple[int, Number, str]:
    """Numbers by value, before texts by character."""
    found = number(text)
    return (1, 0, text) if found is None else (0, found, "")


def _address_order(text: str) -> tuple[int, Number, str]:
    found = address(text)
    return (1, 0, text) if found is None else (0, int(found), "")


_ORDERS: dict[str, Callable[[str], tuple[int, Number, str]]] = {
    "": order_of,
    "auto": order_of,
    "num": order_of,
    "str": lambda text: (1, 0, text),
    "ip": _address_order,
}


def _sort(arguments: Fragment, context: Context) -> Step:
    """Stable; rows without the field come last. Without `0` the result is cut, with a warning."""
    items = read(arguments, "sort")
    keys = every(items, SortKey)
    fields(arguments, [key.name for key in keys])
    for key in keys:
        if key.cast not in _ORDERS:
            raise arguments.error("spl-unknown-function", f"`sort` has no function `{key.cast}`", key.name.at)
    count = first(items, Count)
    limit = SORT_LIMIT if count is None else count.number

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        ordered = list(rows)
        for key in reversed(keys):
            name, order = key.name.text, _ORDERS[key.cast]
            having = [row for row in ordered if name in row.fields]
            having.sort(key=lambda row: order(row.fields[name][0]), reverse=key.descending)
            ordered = having + [row for row in ordered if name not in row.fields]
        if limit and len(ordered) > limit:
            run.warn(f"`sort` without 0 keeps {limit} of {len(ordered)} rows")
        return ordered[:limit] if limit else ordered

    return step


def _dedup(arguments: Fragment, context: Context) -> Step:
    """The first rows of each combination of values; rows that lack one of the fields go unless keepempty."""
    items = read(arguments, "dedup")
    names = fields(arguments, items)
    if not names:
        raise arguments.error("spl-syntax", "`dedup` needs a field")
    count = first(items, Count)
    most = 1 if count is None else count.number
    chosen = options(arguments, items, {"keepempty": "false", "consecutive": "false"})
    keep_empty = switch(arguments, "keepempty", chosen["keepempty"])
    consecutive = switch(arguments, "consecutive", chosen["consecutive"])

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        seen: dict[tuple[tuple[str, ...], ...], int] = {}
        kept = []
        for row in rows:
            if any(name not in row.fields for name in names):
                kept += [row] if keep_empty else []
                continue
            key = tuple(row.fields[name] for name in names)
            if consecutive and key not in seen:
                seen.clear()
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= most:
                kept.append(row)
        return kept

    return step


def _head(arguments: Fragment, context: Context) -> Step:
    count = first(read(arguments, "head"), Count)
    most = 10 if count is None else count.number
    return lambda rows, run: list(rows[:most])


def _tail(arguments: Fragment, context: Context) -> Step:
    """The last rows, the very last one first ("tail", Search Reference)."""
    count = first(read(arguments, "head"), Count)
    most = 10 if count is None else count.number
    return lambda rows, run: list(reversed(rows))[:most]


def _reverse(arguments: Fragment, context: Context) -> Step:
    if arguments.text.strip():
        raise arguments.error("spl-syntax", "`reverse` takes no arguments")
    return lambda rows, run: list(reversed(rows))


COMMANDS = {
    "sort": CommandType(_sort),
    "dedup": CommandType(_dedup),
    "head": CommandType(_head),
    "tail": CommandType(_tail),
    "reverse": CommandType(_reverse),
}
