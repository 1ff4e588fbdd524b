"""Tests on one field as Query DSL clauses (spec elasticsearch-target 2.1 to 2.4)."""

from collections.abc import Iterator
from typing import assert_never

from backends.elasticsearch import escape, regexp
from backends.elasticsearch.clause import (
    Clause,
    Exists,
    MatchNone,
    MatchPhrase,
    MultiMatch,
    Prefix,
    QueryString,
    Range,
    Regexp,
    Scalar,
    Term,
    Terms,
    Wildcard,
    any_of,
)
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.scalar import scalar
from converter import ir
from converter.ir.pattern import AnyRun, Text, literal_text
from converter.ir.span import Span
from converter.languages.regex import dots_spelled, folded
from converter.languages.regex.dialect import DialectError

MOST_TERMS = 65_536
"""Elasticsearch's default `index.max_terms_count`."""

LONGEST_PATTERN = 1_000
"""Characters of a prefix, a wildcard pattern or a text compared in any case: each is a state of an automaton, of which
Lucene takes so many."""


def test(field: ir.FieldRef, matchers: tuple[ir.Matcher, ...], span: Span | None) -> Clause:
    """A test on the values of a field as one clause. Raises InexpressibleError."""
    if isinstance(field, ir.FieldPattern):
        return any_of([_pattern_leaf(field, matcher, span) for matcher in matchers])
    exact = [value for matcher in matchers if (value := _term_value(matcher)) is not None]
    rest = [matcher for matcher in matchers if _term_value(matcher) is None]
    return any_of([*_terms(field.name, exact), *(_leaf(field.name, matcher, span) for matcher in rest)])


def _terms(field: str, values: list[Scalar]) -> Iterator[Clause]:
    """One `term`, or `terms` cut at the limit that Elasticsearch sets."""
    if len(values) == 1:
        yield Term(field, values[0])
        return
    for start in range(0, len(values), MOST_TERMS):
        yield Terms(field, tuple(values[start : start + MOST_TERMS]))


def _term_value(matcher: ir.Matcher) -> Scalar | None:
    """The value of a matcher that a `term` says: exact equality, or membership in a network on an `ip` field."""
    match matcher:
        case ir.Equal(value, ignore_case) if not (ignore_case and _has_case(value)):
            return scalar(value)
        case ir.Like(pattern, ignore_case) if (text := literal_text(pattern)) is not None:
            return None if ignore_case and _has_letters(text) else text
        case ir.Network(block):
            return _address(block)
        case _:
            return None


def _leaf(field: str, matcher: ir.Matcher, span: Span | None) -> Clause:
    match matcher:
        case ir.Equal(value, ignore_case):
            return _pattern_clause(Term(field, scalar(value), ignore_case), span)
        case ir.Like(pattern, ignore_case):
            return _pattern_clause(_like(field, pattern, ignore_case), span)
        case ir.Regex(tree, flavour, ignore_case):
            return _regexp(field, tree, flavour, ignore_case, span)
        case ir.Range(low, high, open_low, open_high):
            bounds: dict[str, Scalar] = {}
            if low is not None:
                bounds["gt" if open_low else "gte"] = scalar(low)
            if high is not None:
                bounds["lt" if open_high else "lte"] = scalar(high)
            return Range(field, bounds)
        case ir.Network(block):
            return Term(field, _address(block))
        case ir.Phrase(tokens, _):
            return _phrase(field, tokens, span)
        case ir.Present():
            return Exists(field)
        case _:
            assert_never(matcher)


def _pattern_clause(clause: Term | Prefix | Wildcard, span: Span | None) -> Clause:
    """The clause, unless Lucene refuses to make an automaton of so long a text. Raises InexpressibleError."""
    if len(str(clause.value)) > LONGEST_PATTERN:
        what = f"the pattern has {len(str(clause.value))} characters, Lucene takes {LONGEST_PATTERN}"
        raise InexpressibleError("elasticsearch-pattern-length", what, clause.field, span)
    return clause


def _has_case(literal: ir.Literal) -> bool:
    """Whether ignoring case makes a difference. It is asked for only then: Lucene finds nothing that equals the empty
    text in any case, newer releases fold letters beyond ASCII, and `terms` take lists of what has no case."""
    return isinstance(literal, ir.TextLiteral) and _has_letters(literal.value)


def _has_letters(text: str) -> bool:
    return any(char.isascii() and char.isalpha() for char in text)


def _like(field: str, pattern: ir.Pattern, ignore_case: bool) -> Term | Prefix | Wildcard:
    ignore_case = ignore_case and any(isinstance(part, Text) and _has_letters(part.value) for part in pattern)
    match pattern:
        case (Text(value),):
            return Term(field, value, ignore_case)
        case (Text(value), AnyRun()):
            return Prefix(field, value, ignore_case)
        case _:
            return Wildcard(field, escape.wildcard(pattern), ignore_case)


def _regexp(field: str, tree: ir.Regexp, flavour: ir.Flavour, ignore_case: bool, span: Span | None) -> Clause:
    if ignore_case and flavour is not ir.Flavour.LUCENE:
        # Elasticsearch folds the letters of a pattern but not its classes; other dialects fold both.
        tree, ignore_case = folded(tree, flavour), False
    try:
        written = regexp.write(dots_spelled(tree, flavour))
    except DialectError as error:
        raise InexpressibleError("elasticsearch-regex-dialect", f"the pattern needs {error}", field, span) from error
    if len(written.text) > regexp.LONGEST:
        raise InexpressibleError(
            "elasticsearch-regex-length",
            f"the pattern has {len(written.text)} characters, Elasticsearch takes {regexp.LONGEST} by default",
            field,
            span,
        )
    return Regexp(field, written.text, written.operators, ignore_case)


def _phrase(field: str, tokens: tuple[ir.Pattern, ...], span: Span | None) -> Clause:
    texts = [literal_text(token) for token in tokens]
    if not texts:
        return MatchNone()
    if all(text is not None for text in texts):
        return MatchPhrase(field, " ".join(text for text in texts if text is not None))
    if len(tokens) == 1:
        return Wildcard(field, escape.wildcard(tokens[0]))
    raise InexpressibleError(
        "elasticsearch-phrase-wildcard", "a phrase with a wildcard inside has no Query DSL clause", field, span
    )


def _pattern_leaf(field: ir.FieldPattern, matcher: ir.Matcher, span: Span | None) -> Clause:
    """A leaf on every field whose name matches; the single `*` stands for the index's default fields."""
    name = _name_pattern(field.pattern, span)
    fields = () if name == "*" else (name,)
    match matcher:
        case ir.Present():
            return Exists(name)
        case ir.Equal(ir.TextLiteral(value), ignore_case=False):
            return MultiMatch(value, fields, phrase=True)
        case ir.Like(pattern, ignore_case=False) if (whole := literal_text(pattern)) is not None:
            return MultiMatch(whole, fields, phrase=True)
        case ir.Like(pattern, ignore_case=False) if (word := escape.query_string(pattern)) is not None:
            return QueryString(word, fields)
        case _:
            raise InexpressibleError(
                "elasticsearch-field-pattern",
                f"a test on every field named `{name}` can be written for existence and plain texts only",
                name,
                span,
            )


def _name_pattern(pattern: ir.Pattern, span: Span | None) -> str:
    """A pattern of field names, where `*` is the only wildcard and nothing can be escaped."""
    if any(part == ir.ANY_ONE or (isinstance(part, Text) and "*" in part.value) for part in pattern):
        raise InexpressibleError(
            "elasticsearch-field-pattern",
            "only `*` stands for characters of a field name",
            escape.wildcard(pattern),
            span,
        )
    return "".join(part.value if isinstance(part, Text) else "*" for part in pattern)


def _address(block: str) -> str:
    """A block as Elasticsearch writes it: a single address without its mask."""
    address, _, bits = block.partition("/")
    return address if bits == ("128" if ":" in address else "32") else block
