"""The tree of a `where`/`eval` expression and the parser that builds it. `at` is an offset into the fragment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from lark import Token, Transformer, v_args

from backends.splunk.engine.literal import Number, number, unquote
from backends.splunk.engine.parsing import grammar, parse
from backends.splunk.engine.source import Fragment


@dataclass(frozen=True, slots=True)
class Constant:
    value: str | Number
    at: int


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Expression", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Logic:
    """AND, OR or XOR of two or more operands."""

    operator: str
    items: tuple["Expression", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    item: "Expression"
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    left: "Expression"
    operator: str
    right: "Expression"
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """First operand, then (operator, operand) from left to right."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Concatenation:
    items: tuple["Expression", ...]
    at: int


Expression = Constant | Field | Call | Logic | Not | Comparison | Arithmetic | Concatenation


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    value: Expression


class _Builder(Transformer[Token, object]):
    """Trees bottom up, while parsing."""

    @v_args(inline=True)
    def predicate(self, item: Expression) -> Expression:
        return item

    def assignments(self, items: list[Assignment]) -> tuple[Assignment, ...]:
        return tuple(items)

    @v_args(inline=True)
    def assignment(self, name: Token, value: Expression) -> Assignment:
        return Assignment(str(name), value)

    def expression(self, items: list[Expression]) -> Expression:
        return Logic("XOR", tuple(items), items[0].at)

    def disjunction(self, items: list[Expression]) -> Expression:
        return Logic("OR", tuple(items), items[0].at)

    def conjunction(self, items: list[Expression]) -> Expression:
        return Logic("AND", tuple(items), items[0].at)

    @v_args(inline=True)
    def negation(self, item: Expression) -> Expression:
        return Not(item, item.at)

    @v_args(inline=True)
    def comparison(self, left: Expression, operator: Token, right: Expression) -> Expression:
        if operator.type == "LIKE":
            return Call("like", (left, right), left.at)
        return Comparison(left, str(operator), right, _at(operator))

    @v_args(inline=True)
    def membership(self, *items: Expression) -> Expression:
        return Call("in", items, items[0].at)

    def sum(self, items: list[object]) -> Expression:
        return _arithmetic(items)

    def product(self, items: list[object]) -> Expression:
        return _arithmetic(items)

    @v_args(inline=True)
    def negative(self, sign: Token, item: Expression) -> Expression:
        return Arithmetic(Constant(0, _at(sign)), (("-", item),), _at(sign))

    def concatenation(self, items: list[Expression]) -> Expression:
        return Concatenation(tuple(items), items[0].at)

    @v_args(inline=True)
    def string(self, token: Token) -> Expression:
        return Constant(unquote(token), _at(token))

    @v_args(inline=True)
    def number(self, token: Token) -> Expression:
        return Constant(cast(Number, number(token)), _at(token))

    @v_args(inline=True)
    def field(self, token: Token) -> Expression:
        return Field(token[1:-1] if token.type == "QUOTED" else str(token), _at(token))

    @v_args(inline=True)
    def call(self, name: Token, *arguments: Expression | None) -> Expression:
        return Call(str(name), tuple(item for item in arguments if item is not None), _at(name))


def _arithmetic(items: Sequence[object]) -> Expression:
    first = cast(Expression, items[0])
    rest = tuple((str(items[i]), cast(Expression, items[i + 1])) for i in range(1, len(items), 2))
    return Arithmetic(first, rest, first.at)


def _at(token: Token) -> int:
    return cast(int, token.start_pos)


_PARSER = grammar("expression", ["predicate", "assignments"], _Builder())


def read(fragment: Fragment) -> Expression:
    """One expression. Raises SplError."""
    return cast(Expression, parse(_PARSER, fragment, "predicate"))


def read_assignments(fragment: Fragment) -> tuple[Assignment, ...]:
    """`name=expression` pairs. Only plain names are assigned (spec splunk 1.3). Raises SplError."""
    return cast(tuple[Assignment, ...], parse(_PARSER, fragment, "assignments"))
