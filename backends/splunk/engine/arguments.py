"""The arguments of commands that take neither a search nor an expression."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from lark import Token, Transformer, v_args

from backends.splunk.engine.literal import unquote
from backends.splunk.engine.parsing import grammar, parse
from backends.splunk.engine.source import Fragment

STARTS = (
    "columns",
    "table",
    "renames",
    "sort",
    "dedup",
    "head",
    "fill",
    "expand",
    "extraction",
    "filter",
    "lookup",
    "bucket",
    "path",
    "aggregations",
)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Name:
    """A field, or a pattern of fields if it holds `*`."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string, unescaped."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Sign:
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    number: int


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Renaming:
    old: Name
    new: Name


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of a lookup table and the field it is compared with, or, as output, becomes."""

    column: str
    field: str
    output: bool


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field to sort by; `cast` is the function around it (`num`, `str`, `ip`), or empty."""

    name: Name
    descending: bool
    cast: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Where an `eval(…)` argument's expression stands in the fragment."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Aggregation:
    function: str
    argument: Name | Span | None
    alias: Name | None
    at: int


class _Builder(Transformer[Token, object]):
    """Trees bottom up, while parsing. A start rule gives the tuple of its items."""

    def _items(self, items: list[object]) -> tuple[object, ...]:
        return tuple(item for item in items if item is not None)

    columns = table = renames = sort = dedup = head = fill = expand = extraction = aggregations = _items
    filter = lookup = bucket = path = _items

    def SIGN(self, token: Token) -> Sign:  # noqa: N802 - lark calls it by the terminal's name
        return Sign(str(token))

    @v_args(inline=True)
    def name(self, token: Token) -> Name:
        return Name(unquote(token) if token.type == "STRING" else str(token), _at(token))

    @v_args(inline=True)
    def option(self, name: Token, equal: Token, value: Token) -> Option:
        return Option(str(name), unquote(value) if value.type == "STRING" else str(value), _at(name))

    @v_args(inline=True)
    def renaming(self, old: Name, new: Name) -> Renaming:
        return Renaming(old, new)

    @v_args(inline=True)
    def pair(self, column: Name, field: Name | None) -> Pair:
        return Pair(column.text, (field or column).text, output=False)

    @v_args(inline=True)
    def output(self, column: Name, field: Name | None) -> Pair:
        return Pair(column.text, (field or column).text, output=True)

    @v_args(inline=True)
    def binned(self, name: Name, alias: Name | None) -> Renaming:
        return Renaming(name, alias or name)

    @v_args(inline=True)
    def cast(self, function: Token, opening: Token, name: Name, closing: Token) -> SortKey:
        return SortKey(name, False, str(function))

    def sort_key(self, items: list[Sign | Name | SortKey]) -> SortKey:
        key = items[-1]
        descending = Sign("-") in items
        if isinstance(key, SortKey):
            return SortKey(key.name, descending, key.cast)
        return SortKey(cast(Name, key), descending)

    @v_args(inline=True)
    def evaluated(self, opening: Token, inside: object, closing: Token) -> Span:
        return Span(cast(int, opening.end_pos), _at(closing))

    @v_args(inline=True)
    def shorthand(self, function: Token, alias: Name | None) -> Aggregation:
        return Aggregation(str(function), None, alias, _at(function))

    def aggregation(self, items: list[object]) -> Aggregation:
        function, _opening, *argument, _closing, alias = items
        inside = cast(Name | Span, argument[0]) if argument else None
        return Aggregation(str(function), inside, cast(Name | None, alias), _at(cast(Token, function)))


def _at(token: Token) -> int:
    return cast(int, token.start_pos)


_PARSER = grammar("arguments", STARTS, _Builder())


def read(fragment: Fragment, start: str) -> tuple[object, ...]:
    """The items of a command's arguments, in order. Raises SplError."""
    items = cast(tuple[object, ...], parse(_PARSER, fragment, start))
    return tuple(_leaf(item) if isinstance(item, Token) else item for item in items)


def _leaf(token: Token) -> object:
    match token.type:
        case "NUMBER":
            return Count(int(token))
        case "STRING":
            return Text(unquote(token), _at(token))
        case _:
            return str(token)


def every(items: Iterable[object], kind: type[Item]) -> list[Item]:
    """The items of one kind, in order."""
    return [item for item in items if isinstance(item, kind)]


def first(items: Iterable[object], kind: type[Item]) -> Item | None:
    return next(iter(every(items, kind)), None)


def fields(fragment: Fragment, items: Iterable[object]) -> tuple[str, ...]:
    """The names among the items. Raises SplError for a pattern: this command wants fields."""
    for name in every(items, Name):
        if "*" in name.text:
            raise fragment.error("spl-syntax", "a wildcard cannot stand here", name.at, expected="the name of a field")
    return tuple(name.text for name in every(items, Name))


def options(fragment: Fragment, items: Iterable[object], defaults: Mapping[str, str]) -> dict[str, str]:
    """The options with the defaults filled in. Raises SplError for one that is not among the defaults."""
    given = dict(defaults)
    for option in every(items, Option):
        if option.name not in defaults:
            raise fragment.error("spl-unknown-option", f"the option `{option.name}` is not known here", option.at)
        given[option.name] = option.value
    return given


def switch(fragment: Fragment, name: str, value: str) -> bool:
    """A truth value of an option. Raises SplError."""
    spelled = value.lower()
    if spelled not in {"t", "true", "1", "f", "false", "0"}:
        raise fragment.error("spl-syntax", f"`{name}` is either true or false, not `{value}`")
    return spelled in {"t", "true", "1"}


def whole(fragment: Fragment, name: str, value: str) -> int:
    """A number of an option. Raises SplError."""
    if not (value.isascii() and value.isdigit()):
        raise fragment.error("spl-syntax", f"`{name}` is a whole number, not `{value}`")
    return int(value)
