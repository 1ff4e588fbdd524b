"""Builds the tree while the parser runs: one method per alias of the grammar."""

from dataclasses import replace
from typing import TypeVar

from lark import Token, Transformer, v_args

from converter.ir.span import Span
from converter.languages.kql import literal as written
from converter.languages.kql.literal import BLANK
from converter.languages.kql.tree import (
    EVERYTHING,
    And,
    Expression,
    Literal,
    Match,
    Nested,
    Not,
    Operator,
    Or,
    Range,
    ValueAnd,
    ValueNot,
    ValueOr,
    Values,
)

_Node = TypeVar("_Node", Match, Range, Nested, And, Or, Not, Literal, ValueAnd, ValueOr, ValueNot)

_OPERATORS: dict[str, Operator] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Expression]):
    """Lark calls these from the leaves up; tokens and nodes come in the order of the grammar's rule."""

    def everything(self) -> Expression:
        return EVERYTHING

    def quoted(self, token: Token) -> Literal:
        return written.quoted(token, _span(token))

    def unquoted(self, token: Token) -> Literal:
        return written.unquoted(token, _span(token))

    def bare(self, value: Literal) -> Match:
        return Match(None, value, value.span)

    def match(self, field: Literal, values: Values) -> Match:
        return Match(field, values, _between(field, values))

    def range(self, field: Literal, operator: Token, value: Literal) -> Range:
        return Range(field, _OPERATORS[operator], value, _between(field, value))

    def nested(self, path: Literal, _open: Token, item: Expression, close: Token) -> Nested:
        return Nested(path, item, _joined(path.span, _span(close)))

    def group(self, opening: Token, item: _Node, close: Token) -> _Node:
        return replace(item, span=_span(opening).to(_span(close)))

    def negated(self, word: Token, item: Expression) -> Not:
        return Not(item, _joined(_span(word), item.span))

    def conjunction(self, *items: Expression) -> And:
        return And(items, _between(items[0], items[-1]))

    def disjunction(self, *items: Expression) -> Or:
        return Or(items, _between(items[0], items[-1]))

    def negated_values(self, word: Token, item: Values) -> ValueNot:
        return ValueNot(item, _joined(_span(word), item.span))

    def all_values(self, *items: Values) -> ValueAnd:
        return ValueAnd(items, _between(items[0], items[-1]))

    def any_values(self, *items: Values) -> ValueOr:
        return ValueOr(items, _between(items[0], items[-1]))


def _span(token: Token) -> Span:
    """Where a token stands, without the blanks that a literal swallows at its end."""
    start = token.start_pos or 0
    return Span(start, start + len(token.rstrip(BLANK)), token.line or 1, token.column or 1)


def _between(first: Expression | Values, last: Expression | Values) -> Span | None:
    return _joined(first.span, last.span)


def _joined(first: Span | None, last: Span | None) -> Span | None:
    return first.to(last) if first and last else None
