"""`stats`, `eventstats` and `streamstats` (spec splunk 1.7, 4.3, 4.4, 5.1, 5.2)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from backends.splunk.engine.arguments import Aggregation, Name, Span, every, fields, options, read, switch, whole
from backends.splunk.engine.commands.aggregate import COUNTING, FUNCTIONS, Function, Sample
from backends.splunk.engine.commands.ordering import order_of
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.expression.compiler import Compiler
from backends.splunk.engine.expression.tree import read as read_expression
from backends.splunk.engine.expression.value import Kind, Scope, texts
from backends.splunk.engine.literal import Number, number
from backends.splunk.engine.row import Row, Run, Texts
from backends.splunk.engine.source import Fragment

WINDOW_LIMIT = 10_000

Argument = Callable[[Row, Run], Texts]


@dataclass(frozen=True, slots=True)
class _Column:
    """One aggregation: what it takes from a row, what it makes of the rows, and under which name."""

    name: str
    argument: Argument
    function: Function
    fragment: Fragment
    at: int

    def over(self, rows: Iterable[Row], run: Run) -> Texts:
        try:
            return self.function([Sample(self.argument(row, run), _time(row)) for row in rows])
        except UndefinedError as error:
            raise self.fragment.error("spl-undefined", str(error), self.at) from None


@dataclass(frozen=True, slots=True)
class _Statistics:
    columns: tuple[_Column, ...]
    by: tuple[str, ...]

    def over(self, rows: Sequence[Row], run: Run) -> dict[str, Texts | None]:
        results = {column.name: column.over(rows, run) for column in self.columns}
        return {name: values for name, values in results.items() if values}


def _time(row: Row) -> Number | None:
    return number(row.fields["_time"][0]) if "_time" in row.fields else None


def _read(arguments: Fragment, defaults: dict[str, str]) -> tuple[_Statistics, dict[str, str]]:
    items = read(arguments, "aggregations")
    columns = tuple(_column(arguments, item) for item in every(items, Aggregation))
    return _Statistics(columns, fields(arguments, items)), options(arguments, items, defaults)


def _column(arguments: Fragment, item: Aggregation) -> _Column:
    function = FUNCTIONS.get(item.function)
    if function is None:
        raise arguments.error("spl-unknown-function", f"`stats` has no function `{item.function}`", item.at)
    if item.argument is None and item.function not in COUNTING:
        raise arguments.error("spl-syntax", f"`{item.function}` needs a field", item.at)
    name = item.alias.text if item.alias else _default_name(arguments, item)
    return _Column(name, _argument(arguments, item), function, arguments, item.at)


def _default_name(arguments: Fragment, item: Aggregation) -> str:
    match item.argument:
        case None:
            return item.function
        case Name(text):
            return f"{item.function}({text})"
        case Span(start, end):
            return f"{item.function}(eval({arguments.text[start:end]}))"


def _argument(arguments: Fragment, item: Aggregation) -> Argument:
    match item.argument:
        case None:
            return lambda row, run: ("",)
        case Name():
            (field,) = fields(arguments, [item.argument])
            return lambda row, run: row.fields.get(field, ())
        case Span(start, end):
            return _evaluated(arguments.cut(start, end), counting=item.function in COUNTING)


def _evaluated(expression: Fragment, *, counting: bool) -> Argument:
    """`count(eval(condition))` counts the rows for which it holds; other functions take the value."""
    compiler, tree = Compiler(expression), read_expression(expression)
    if counting and compiler.compile(tree).kind is Kind.CONDITION:
        condition = compiler.condition(tree)
        return lambda row, run: ("",) if condition(Scope(row.fields, run.now)) else ()
    value = compiler.value(tree)
    return lambda row, run: texts(value(Scope(row.fields, run.now)))


def _keys(row: Row, by: Sequence[str]) -> list[Texts]:
    """Every combination of the values of the BY fields; none if one of them is missing."""
    return list(product(*(row.fields.get(name, ()) for name in by)))


def _stats(arguments: Fragment, context: Context) -> Step:
    """One row per combination, in order of the keys; without BY one row, also for no rows at all."""
    statistics, _ = _read(arguments, {})

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        groups: dict[Texts, list[Row]] = {} if statistics.by else {(): []}
        for row in rows:
            for key in _keys(row, statistics.by):
                groups.setdefault(key, []).append(row)
        ordered = sorted(groups, key=lambda key: [order_of(part) for part in key])
        return [_group(statistics, key, groups[key], run) for key in ordered]

    return step


def _group(statistics: _Statistics, key: Texts, rows: Sequence[Row], run: Run) -> Row:
    keys = {name: (part,) for name, part in zip(statistics.by, key, strict=True)}
    return Row({}, group=key).having({**keys, **statistics.over(rows, run)})


def _single_key(arguments: Fragment, row: Row, by: Sequence[str]) -> Texts | None:
    keys = _keys(row, by)
    if len(keys) > 1:
        raise arguments.error(
            "spl-undefined", "BY a field with several values is documented for `stats` only", advice="use `mvexpand`"
        )
    return keys[0] if keys else None


def _eventstats(arguments: Fragment, context: Context) -> Step:
    """Every row gains the results of its group; a row without a key gains nothing."""
    statistics, _ = _read(arguments, {})

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        keys = [_single_key(arguments, row, statistics.by) for row in rows]
        groups: dict[Texts, list[Row]] = {}
        for row, key in zip(rows, keys, strict=True):
            if key is not None:
                groups.setdefault(key, []).append(row)
        results = {key: statistics.over(group, run) for key, group in groups.items()}
        return [row if key is None else row.having(results[key]) for row, key in zip(rows, keys, strict=True)]

    return step


def _streamstats(arguments: Fragment, context: Context) -> Step:
    """Every row gains the results over the rows before it, itself included unless `current=f`.

    `window=N` looks at the last N rows of all groups together unless `global=f`; `reset_on_change` forgets a group as
    soon as another one comes. What has no result leaves the field as it was.
    """
    statistics, chosen = _read(arguments, {"current": "t", "window": "0", "global": "t", "reset_on_change": "f"})
    current = switch(arguments, "current", chosen["current"])
    shared = switch(arguments, "global", chosen["global"])
    renewed = switch(arguments, "reset_on_change", chosen["reset_on_change"])
    window = whole(arguments, "window", chosen["window"])
    if window > WINDOW_LIMIT:
        raise arguments.error("spl-syntax", f"`window` is at most {WINDOW_LIMIT}")

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        if not window and len(rows) > WINDOW_LIMIT:
            run.warn(f"`streamstats` sees {len(rows)} rows; by default a server looks back {WINDOW_LIMIT} at most")
        histories: dict[Texts, list[tuple[int, Row]]] = {}
        changed = []
        for position, row in enumerate(rows):
            key = _single_key(arguments, row, statistics.by)
            if key is None:
                changed.append(row)
                continue
            if renewed and key not in histories:
                histories.clear()
            history = histories.setdefault(key, [])
            history.append((position, row))
            seen = history if current else history[:-1]
            if window and shared:
                seen = [item for item in seen if item[0] > position - window - (0 if current else 1)]
            elif window:
                seen = seen[-window:]
            changed.append(row.having(statistics.over([other for _, other in seen], run)))
        return changed

    return step


COMMANDS = {
    "stats": CommandType(_stats, groups=True),
    "eventstats": CommandType(_eventstats),
    "streamstats": CommandType(_streamstats, relates=True),
}
