"""`tstats` over the datasets of data models (spec splunk 6.2, 8; "tstats", Search Reference).

An event belongs to the dataset that its field `datamodel` names. Its fields there are those of the dataset, under the
dataset's name; expected fields without a value, or with an empty one, hold `unknown`. Times are whole seconds.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

from lark import Token, Transformer, v_args

from backends.splunk.datamodel import SELECTOR, UNKNOWN, Dataset, datasets
from backends.splunk.engine import bounds
from backends.splunk.engine.commands.aggregate import COUNTING, FUNCTIONS, Sample
from backends.splunk.engine.commands.ordering import order_of
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.literal import number, unquote
from backends.splunk.engine.network import block
from backends.splunk.engine.parsing import grammar, parse
from backends.splunk.engine.row import Row, Run, SplunkEvent, Texts
from backends.splunk.engine.search.predicate import Compiler
from backends.splunk.engine.search.tree import And, Comparison, Membership, Name, Not, Or, Search, Term, Value, read
from backends.splunk.engine.source import Fragment

METADATA = ("index", "host", "source", "sourcetype")
"""Fields that every indexed event has; they have no dataset's name in front."""

_DEFAULTS = {"summariesonly": "false", "allow_old_summaries": "false"}
_OPTIONS = frozenset({*_DEFAULTS, "fillnull_value"})
_SWITCH = {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}
_CLAUSE = re.compile(r'"(?:[^"\\]|\\.)*"|[()]|(?<![\w.])(?:where|by)(?![\w.*=])', re.IGNORECASE)

Predicate = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class _Option:
    name: str
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class _Function:
    """A function of a field, or of whole events, and the name of its result."""

    function: str
    field: str | None
    name: str
    at: int


class _Builder(Transformer[Token, object]):
    def head(self, items: list[object]) -> list[object]:
        return items

    def groups(self, items: list[Token]) -> list[Token]:
        return items

    @v_args(inline=True)
    def option(self, name: Token, value: Token) -> _Option:
        return _Option(str(name), unquote(value) if value.type == "STRING" else str(value), _at(name))

    @v_args(inline=True)
    def function(self, function: Token, field: Token | None, alias: Token | None) -> _Function:
        shown = str(function) if field is None else f"{function}({field})"
        return _Function(
            str(function), None if field is None else str(field), shown if alias is None else str(alias), _at(function)
        )


def _at(token: Token) -> int:
    return cast(int, token.start_pos)


_PARSER = grammar("tstats", ["head", "groups"], _Builder())


@dataclass(frozen=True, slots=True)
class _Query:
    """A `tstats` command: what it computes of which dataset's events, and how it groups them."""

    dataset: Dataset
    functions: tuple[_Function, ...]
    by: tuple[str, ...]
    fill: str | None
    summaries_only: bool


def _tstats(arguments: Fragment, context: Context) -> Step:
    head, condition, groups = _clauses(arguments)
    query = _query(head, groups)
    predicate: Predicate = lambda row: True  # noqa: E731 - the absence of a condition
    stated: bounds.Bounds = ()
    if condition is not None:
        rest, stated = bounds.separated(read(condition))
        _check(rest, condition, query.dataset)
        predicate = Compiler(condition, context.warn).predicate(rest)

    def step(rows: Sequence[Row], run: Run) -> list[Row]:
        if condition is not None:
            bounds.apply(stated, run, condition)
        return _grouped(query, [row for row in _model_rows(query, run) if predicate(row)], head)

    return step


def _clauses(arguments: Fragment) -> tuple[Fragment, Fragment | None, Fragment | None]:
    """What stands before `where`, between it and `by`, and after that."""
    depth, starts = 0, dict[str, tuple[int, int]]()
    for token in _CLAUSE.finditer(arguments.text):
        text = token.group().lower()
        depth += {"(": 1, ")": -1}.get(text, 0)
        if depth == 0 and text in ("where", "by") and text not in starts:
            starts[text] = token.span()
    end = len(arguments.text)
    by = starts.get("by", (end, end))
    where = starts.get("where", by)
    condition = arguments.cut(where[1], by[0]) if "where" in starts else None
    return arguments.cut(0, where[0]), condition, arguments.cut(by[1], end) if "by" in starts else None


def _query(head: Fragment, groups: Fragment | None) -> _Query:
    *items, origin = cast(list[_Option | _Function], parse(_PARSER, head, "head"))
    options = {item.name: item for item in items if isinstance(item, _Option)}
    for option in options.values():
        if option.name not in _OPTIONS:
            raise head.error("spl-unknown-option", f"the option `{option.name}` is not known here", option.at)
    dataset = _dataset(cast(_Option, origin), head)
    functions = tuple(item for item in items if isinstance(item, _Function))
    for function in functions:
        _check_function(function, dataset, head)
    fill = options.get("fillnull_value")
    return _Query(
        dataset,
        functions,
        () if groups is None else tuple(_groups(groups, dataset)),
        None if fill is None else fill.value,
        _switch(options.get("summariesonly"), head),
    )


def _dataset(origin: _Option, head: Fragment) -> Dataset:
    found = datasets().get(origin.value) if origin.name == "datamodel" else None
    if found is None:
        raise head.error(
            "spl-undefined", f"there is no dataset `{origin.value}`", origin.at, expected="datamodel=<model>.<dataset>"
        )
    return found


def _check_function(function: _Function, dataset: Dataset, head: Fragment) -> None:
    if function.function not in FUNCTIONS:
        raise head.error("spl-unknown-function", f"`tstats` has no function `{function.function}`", function.at)
    if function.field is None:
        if function.function not in COUNTING:
            raise head.error("spl-syntax", f"`{function.function}` needs a field", function.at)
    elif function.field != "_time":
        _check_field(function.field, dataset, head, function.at)


def _switch(option: _Option | None, head: Fragment) -> bool:
    if option is None:
        return False
    if option.value.lower() not in _SWITCH:
        raise head.error("spl-syntax", f"`{option.name}` is either true or false", option.at)
    return _SWITCH[option.value.lower()]


def _groups(groups: Fragment, dataset: Dataset) -> Iterator[str]:
    for token in cast(list[Token], parse(_PARSER, groups, "groups")):
        _check_field(str(token), dataset, groups, _at(token))
        yield str(token)


def _check_field(name: str, dataset: Dataset, fragment: Fragment, at: int) -> None:
    """A field that a dataset does not have is no error to Splunk, which finds nothing; here it is one."""
    prefix, _, plain = name.partition(".")
    if name not in METADATA and (prefix != dataset.prefix or plain not in dataset.fields):
        raise fragment.error("spl-undefined", f"`{name}` is no field of the dataset {dataset.name}", at)


# ---- conditions ---------------------------------------------------------------------------------------------------


def _check(search: Search, fragment: Fragment, dataset: Dataset) -> None:
    """Conditions compare fields of the dataset with values: no terms, no blocks of addresses, no order of values."""
    match search:
        case And(items) | Or(items):
            for item in items:
                _check(item, fragment, dataset)
        case Not(item):
            _check(item, fragment, dataset)
        case Comparison(name, operator, value):
            if operator not in ("=", "!="):
                raise fragment.error(
                    "spl-undefined", f"what `{operator}` compares in `tstats` is not documented", name.at
                )
            _check_comparison(name, (value,), fragment, dataset)
        case Membership(name, values):
            _check_comparison(name, values, fragment, dataset)
        case Term(value):
            raise fragment.error(
                "spl-syntax",
                f"`{value.text}` is a term, and data models hold no raw text",
                value.at,
                expected="field=value",
            )


def _check_comparison(name: Name, values: Sequence[Value], fragment: Fragment, dataset: Dataset) -> None:
    _check_field(name.text, dataset, fragment, name.at)
    for value in values:
        if value.exact_case or value.indexed or block(value.text) is not None:
            raise fragment.error("spl-undefined", f"what `{value.text}` means in `tstats` is not documented", value.at)


# ---- rows ---------------------------------------------------------------------------------------------------------


def _model_rows(query: _Query, run: Run) -> list[Row]:
    """The events of the dataset in the time range, oldest first."""
    found = [
        event
        for event in run.events
        if query.dataset.name in event.fields.get(SELECTOR, ())
        and bounds.in_range(event, run)
        and (event.summarised or not query.summaries_only)
    ]
    return [_row(event, query.dataset) for event in sorted(found, key=lambda event: event.time)]


def _row(event: SplunkEvent, dataset: Dataset) -> Row:
    fields: dict[str, Texts] = {name: event.fields[name] for name in METADATA if event.fields.get(name)}
    for name in sorted(dataset.fields):
        values = event.fields.get(name, ())
        if name in dataset.expected and not any(values):
            values = (UNKNOWN,)
        if values:
            fields[f"{dataset.prefix}.{name}"] = values
    fields["_time"] = (str(int(event.time // 1)),)
    return Row(fields, event.id)


def _grouped(query: _Query, rows: Sequence[Row], head: Fragment) -> list[Row]:
    """A row per combination of the BY fields' values. An event without one of them is in none, unless it is filled."""
    groups: dict[Texts, list[Row]] = {} if query.by else {(): []}
    missing = () if query.fill is None else (query.fill,)
    for row in rows:
        for key in product(*(row.fields.get(name, missing) for name in query.by)):
            groups.setdefault(key, []).append(row)
    ordered = sorted(groups, key=lambda key: [order_of(part) for part in key])
    return [_result(query, key, groups[key], head) for key in ordered]


def _result(query: _Query, key: Texts, rows: Sequence[Row], head: Fragment) -> Row:
    results: Mapping[str, Texts] = {item.name: _value(item, rows, head) for item in query.functions}
    members = tuple(row.event_id for row in rows if row.event_id is not None)
    empty = Row({name: (part,) for name, part in zip(query.by, key, strict=True)}, members=members)
    return empty.having(results)


def _value(item: _Function, rows: Sequence[Row], head: Fragment) -> Texts:
    name = item.field
    samples = [
        Sample(("",) if name is None else row.fields.get(name, ()), number(row.fields["_time"][0])) for row in rows
    ]
    try:
        return FUNCTIONS[item.function](samples)
    except UndefinedError as error:
        raise head.error("spl-undefined", str(error), item.at) from None


COMMANDS = {"tstats": CommandType(generate=_tstats)}
