"""The transformer that lark runs while it parses: tokens in, nodes of the syntax tree out.

Methods are named after the rules and terminals of grammar.lark. What a rule accepts only to be refused by name is
refused here (spec eql 2, "static rules"); rules that need a whole sequence stand in `statics`.
"""

from typing import Any, NoReturn

from lark import Token, Transformer

from converter.ir.span import Span
from converter.languages.eql import strings
from converter.languages.eql.calls import resolve
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import (
    UNITS,
    And,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Constant,
    Contained,
    Expression,
    FieldName,
    Filter,
    Match,
    Not,
    Null,
    Number,
    Or,
    Pipe,
    Sample,
    Sequence,
    Signed,
    Stage,
    String,
    TimeSpan,
)
from converter.languages.eql.vocabulary import KEYWORDS, PIPES, UNSUPPORTED_PIPES

# Children of a rule, in order: tokens, nodes, and None for an absent optional part. lark does not type them.
Children = list[Any]

_MAX_RUNS = 100
_LARGEST_LONG = 2**63 - 1


def span_of(token: Token) -> Span:
    """The place of one token."""
    start: int = token.start_pos or 0
    return Span(start, token.end_pos or start, token.line or 1, token.column or 1)


class Builder(Transformer[Token, Any]):
    """Makes the tree bottom-up; every method raises RuleError for what it refuses."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)

    # -- constants and fields ------------------------------------------------------------------------------------

    def null(self, children: Children) -> Null:
        token: Token = children[0]
        return Null(span_of(token))

    def true(self, children: Children) -> Boolean:
        token: Token = children[0]
        return Boolean(True, span_of(token))

    def false(self, children: Children) -> Boolean:
        token: Token = children[0]
        return Boolean(False, span_of(token))

    def integer(self, children: Children) -> Number:
        token: Token = children[0]
        return Number(_integer(token), span_of(token))

    def decimal(self, children: Children) -> Number:
        token: Token = children[0]
        return Number(float(token), span_of(token))

    def string(self, children: Children) -> String:
        token: Token = children[0]
        return String(strings.unescape(token), False, span_of(token))

    def raw_string(self, children: Children) -> String:
        token: Token = children[0]
        return String(token[3:-3], True, span_of(token))

    def old_string(self, children: Children) -> NoReturn:
        raise strings.old_form(children[0])

    def constant_item(self, children: Children) -> Constant:
        constant: Constant = children[0]
        return constant

    def field(self, children: Children) -> FieldName:
        optional, *segments = children
        first = optional or segments[0]
        for segment in segments:
            if segment.type == "INDEX":
                raise refusal(
                    "eql-array-index",
                    "array indexes are not supported",
                    segment,
                    advice="a field with several values is tested as a whole: some value has to match",
                )
        name = ".".join(_segment(segment) for segment in segments)
        if not name:
            raise refusal("eql-syntax", "an empty field name", first)
        end = segments[-1].end_pos
        return FieldName(name, optional is not None, Span(first.start_pos, end, first.line, first.column))

    # -- expressions ---------------------------------------------------------------------------------------------

    def or_(self, children: Children) -> Or:
        return Or(tuple(children), children[0].span.to(children[-1].span))

    def and_(self, children: Children) -> And:
        return And(tuple(children), children[0].span.to(children[-1].span))

    def not_(self, children: Children) -> Not:
        token, item = children
        return Not(item, span_of(token).to(item.span))

    def compare(self, children: Children) -> Compare:
        left, operator, right = children
        return Compare(str(operator), left, right, left.span.to(right.span))

    def arithmetic(self, children: Children) -> Arithmetic:
        left, operator, right = children
        return Arithmetic(str(operator), left, right, left.span.to(right.span))

    def sign(self, children: Children) -> Signed:
        sign, item = children
        return Signed(str(sign), item, span_of(sign).to(item.span))

    def contained(self, children: Children) -> Contained:
        value, operator, *items, end = children
        return Contained(value, tuple(items), operator == "in~", False, _until(value.span, end))

    def not_contained(self, children: Children) -> Contained:
        value, _, operator, *items, end = children
        return Contained(value, tuple(items), operator == "in~", True, _until(value.span, end))

    def match_one(self, children: Children) -> Match:
        value, operator, pattern = children
        return Match(value, str(operator), (pattern,), value.span.to(pattern.span))

    def match_list(self, children: Children) -> Match:
        value, operator, *patterns, end = children
        return Match(value, str(operator), tuple(patterns), _until(value.span, end))

    def call(self, children: Children) -> Call:
        name, *arguments, end = children
        given = tuple(argument for argument in arguments if argument is not None)
        signature, ignore_case = resolve(name, len(given))
        return Call(signature.name, given, ignore_case, _until(span_of(name), end))

    def group(self, children: Children) -> Expression:
        """The inner node with a span that covers the parentheses."""
        start, item, end = children
        inner: Expression = _with_span(item, _until(span_of(start), end))
        return inner

    # -- queries -------------------------------------------------------------------------------------------------

    def start(self, children: Children) -> tuple[Filter | Sequence | Sample, tuple[Pipe, ...]]:
        query, *pipes = children
        return query, tuple(pipes)

    def category(self, children: Children) -> String | Token:
        named: String | Token = children[0]
        if isinstance(named, Token) and named.type == "NAME":
            if named in KEYWORDS:
                raise _reserved(named, str(named))
            if "." in named:
                raise refusal(
                    "eql-category",
                    f"`{named}` is not an event category",
                    named,
                    expected="one word (`process`, `file`, `any`)",
                    advice='write other categories in double quotes: "a.b" where ...',
                )
        return named

    def filter(self, children: Children) -> Filter:
        category, condition = children
        if isinstance(category, String):
            return Filter(category.value, condition, category.span.to(condition.span))
        name = None if category.type == "ANY" else str(category)
        return Filter(name, condition, span_of(category).to(condition.span))

    def event(self, children: Children) -> Filter:
        query: Filter = children[0]
        return query

    def by(self, children: Children) -> tuple[FieldName, ...]:
        return tuple(children)

    def maxspan(self, children: Children) -> TimeSpan:
        token: Token = children[0]
        digits = token.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").rstrip()
        unit = token[len(digits) :].strip()
        if not digits.isdigit() or unit not in UNITS or len(digits) > 18 or int(digits) == 0:
            raise refusal(
                "eql-maxspan",
                f"`{token.strip():.40}` is not a time span",
                token,
                expected="a whole number above zero and one of the units ms, s, m, h, d",
                advice="write for example: with maxspan=5m",
            )
        return TimeSpan(int(digits), unit, span_of(token))

    def runs(self, children: Children) -> int:
        token: Token = children[0]
        number = _integer(token)
        if not isinstance(number, int) or not 1 <= number <= _MAX_RUNS:
            raise refusal("eql-runs", f"`runs` is {token:.20}", token, expected=f"a number from 1 to {_MAX_RUNS}")
        return number

    def stage(self, children: Children) -> Stage:
        start, inner, end, keys, runs = children
        return Stage(
            inner,
            keys or (),
            runs or 1,
            start.type == "OPEN_MISSING",
            _until(span_of(start), end),
        )

    def until(self, children: Children) -> Stage:
        stage: Stage = children[0]
        if stage.missing or stage.runs != 1:
            raise refusal("eql-until", "`until` takes one plain filter", stage.span, advice="leave out `!` and `runs`")
        return stage

    def sequence(self, children: Children) -> Sequence:
        start, keys, maxspan, *stages, until = children
        last = until or stages[-1]
        return Sequence(keys or (), maxspan, tuple(stages), until, span_of(start).to(last.span))

    def sample(self, children: Children) -> Sample:
        start, keys, maxspan, *stages, until = children
        unwanted = [("`maxspan`", maxspan), ("`until`", until)]
        unwanted += [("`![ ]`", stage) for stage in stages if stage.missing]
        unwanted += [("`runs`", stage) for stage in stages if stage.runs != 1]
        for name, part in unwanted:
            if part is not None:
                raise refusal(
                    "eql-sample",
                    f"a sample has no {name}",
                    part.span,
                    advice="samples are unordered: use `sequence` where order or time matters",
                )
        return Sample(keys or (), tuple(stages), span_of(start).to(stages[-1].span))

    def pipe(self, children: Children) -> Pipe:
        name, *arguments = children
        given = [argument for argument in arguments if argument is not None]
        if name in UNSUPPORTED_PIPES:
            raise refusal(
                "eql-pipe", f"Elasticsearch does not support the pipe `{name}`", name, expected="head or tail"
            )
        if name not in PIPES:
            raise refusal("eql-pipe", f"there is no pipe `{name}`", name, expected="head or tail")
        if len(given) != 1:
            raise refusal("eql-pipe", f"`{name}` takes one number", name, advice=f"write for example: | {name} 10")
        return Pipe(str(name), given[0], span_of(name).to(given[0].span))


def _integer(token: Token) -> int | float:
    """Integers beyond 64 bits become doubles (spec eql 1.3); very long ones never become an integer at all."""
    if len(token.lstrip("0")) > 19:
        return float(token)
    value = int(token)
    return value if value <= _LARGEST_LONG else float(value)


def _segment(token: Token) -> str:
    """One written piece of a field name: dotted plain segments, or a quoted one without its quotes."""
    if token.type == "QUOTED_NAME":
        return token[1:-1].replace("``", "`")
    if not KEYWORDS.isdisjoint(token.split(".")):
        raise _reserved(token, next(part for part in token.split(".") if part in KEYWORDS))
    return token


def _reserved(token: Token, word: str) -> Exception:
    quoted = ".".join(f"`{part}`" if part in KEYWORDS else part for part in token.split("."))
    return refusal(
        "eql-reserved-word",
        f"{word} is a reserved word",
        token,
        advice=f"if a field of that name is meant, quote it with backticks: {quoted}",
    )


def _until(start: Span, end: Token) -> Span:
    """From a start to the end of a closing bracket."""
    return Span(start.start, end.end_pos or start.end, start.line, start.column)


def _with_span(node: Any, span: Span) -> Any:
    """A copy of a node with another span; faster than `dataclasses.replace`."""
    return type(node)(*(getattr(node, name) for name in type(node).__slots__[:-1]), span)
