"""The tree of a search expression and the parser that builds it. `at` is an offset into the parsed fragment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from lark import Token, Transformer, v_args

from backends.splunk.engine.literal import unquote
from backends.splunk.engine.parsing import grammar, parse
from backends.splunk.engine.source import Fragment


@dataclass(frozen=True, slots=True)
class Value:
    """The right-hand side of a comparison, or a term. `exact_case` is CASE(…), `indexed` is TERM(…)."""

    text: str
    at: int
    quoted: bool
    exact_case: bool = False
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    at: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Search"


@dataclass(frozen=True, slots=True)
class Comparison:
    name: Name
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Membership:
    name: Name
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Term:
    value: Value


Search = And | Or | Not | Comparison | Membership | Term


class _Builder(Transformer[Token, Search]):
    """Trees bottom up, while parsing."""

    @v_args(inline=True)
    def start(self, item: Search) -> Search:
        return item

    def conjunction(self, items: list[Search]) -> Search:
        return And(tuple(items))

    def disjunction(self, items: list[Search]) -> Search:
        return Or(tuple(items))

    @v_args(inline=True)
    def negation(self, item: Search) -> Search:
        return Not(item)

    @v_args(inline=True)
    def comparison(self, name: Name, operator: Token, value: Value) -> Search:
        return Comparison(name, str(operator), value)

    @v_args(inline=True)
    def membership(self, name: Name, *values: Value) -> Search:
        return Membership(name, values)

    @v_args(inline=True)
    def term(self, token: Token) -> Search:
        return Term(_value(token))

    @v_args(inline=True)
    def value(self, token: Token) -> Value:
        return _value(token)

    @v_args(inline=True)
    def name(self, token: Token) -> Name:
        quoted = token.type == "STRING"
        return Name(unquote(token) if quoted else str(token), _at(token), quoted)


def _value(token: Token) -> Value:
    match token.type:
        case "STRING":
            return Value(unquote(token), _at(token), quoted=True)
        case "CASE" | "TERM":
            inside = str(token)[5:-1]
            quoted = inside.startswith('"')
            text = unquote(inside) if quoted else inside
            return Value(text, _at(token), quoted, token.type == "CASE", token.type == "TERM")
        case _:
            return Value(str(token), _at(token), quoted=False)


def _at(token: Token) -> int:
    return cast(int, token.start_pos)


_PARSER = grammar("search", ["start"], _Builder())


def read(arguments: Fragment) -> Search:
    """The expression of a `search` command. Raises SplError."""
    if not arguments.text.strip():
        raise arguments.error("spl-syntax", "`search` has nothing to search for", expected="a search expression")
    return cast(Search, parse(_PARSER, arguments, "start"))


def conjuncts(search: Search) -> Iterator[Search]:
    """The items of the conjunction at the top of an expression."""
    pending = [search]
    while pending:
        match pending.pop():
            case And(items):
                pending.extend(reversed(items))
            case item:
                yield item
