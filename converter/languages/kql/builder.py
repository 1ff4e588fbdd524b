"""Builds the tree while the parser runs: one method per alias of the grammar."""

from dataclasses import replace
from typing import Any

from lark import Token, Transformer

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

_OPERATORS: dict[str, Operator] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}


# Children of a rule, in order: nodes and the tokens that the grammar keeps. lark does not type them.
Children = list[Any]


class TreeBuilder(Transformer[Token, Expression]):
    """The parser calls these from the leaves up; tokens and nodes come in the order of the grammar's rule."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)

    def everything(self, _: Children) -> Expression:
        return EVERYTHING

    def quoted(self, children: Children) -> Literal:
        token: Token = children[0]
        return written.quoted(token, _span(token))

    def unquoted(self, children: Children) -> Literal:
        token: Token = children[0]
        return written.unquoted(token, _span(token))

    def bare(self, children: Children) -> Match:
        value: Literal = children[0]
        return Match(None, value, value.span)

    def match(self, children: Children) -> Match:
        field, values = children
        return Match(field, values, _between(field, values))

    def range(self, children: Children) -> Range:
        field, operator, value = children
        return Range(field, _OPERATORS[operator], value, _between(field, value))

    def nested(self, children: Children) -> Nested:
        path, _open, item, close = children
        return Nested(path, item, _joined(path.span, _span(close)))

    def group(self, children: Children) -> Expression | Values:
        """The inner node with a span that covers the parentheses."""
        opening, item, close = children
        inner: Expression | Values = replace(item, span=_span(opening).to(_span(close)))
        return inner

    def negated(self, children: Children) -> Not:
        word, item = children
        return Not(item, _joined(_span(word), item.span))

    def conjunction(self, children: Children) -> And:
        return And(tuple(children), _between(children[0], children[-1]))

    def disjunction(self, children: Children) -> Or:
        return Or(tuple(children), _between(children[0], children[-1]))

    def negated_values(self, children: Children) -> ValueNot:
        word, item = children
        return ValueNot(item, _joined(_span(word), item.span))

    def all_values(self, children: Children) -> ValueAnd:
        return ValueAnd(tuple(children), _between(children[0], children[-1]))

    def any_values(self, children: Children) -> ValueOr:
        return ValueOr(tuple(children), _between(children[0], children[-1]))


def _span(token: Token) -> Span:
    """Where a token stands, without the blanks that a literal swallows at its end."""
    start = token.start_pos or 0
    return Span(start, start + len(token.rstrip(BLANK)), token.line or 1, token.column or 1)


def _between(first: Expression | Values, last: Expression | Values) -> Span | None:
    return _joined(first.span, last.span)


def _joined(first: Span | None, last: Span | None) -> Span | None:
    return first.to(last) if first and last else None
