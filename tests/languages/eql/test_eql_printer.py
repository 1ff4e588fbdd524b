"""Printing is the inverse of parsing, for any tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.ir.span import Span
from converter.languages.eql import Statement, parse, to_text
from converter.languages.eql.printer import WIDTH
from converter.languages.eql.tree import (
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
    Sequence,
    Signed,
    Stage,
    String,
    TimeSpan,
)

AT = Span(0, 0, 1, 1)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.one_of(
    st.sampled_from(
        ["a", "process.name", "event.sequence", "in", "x-y", "a.b c.d", "`", "1.2", "@timestamp", "a..b", "é"]
    ),
    st.text("ab.`-_1", min_size=1, max_size=6),
)
fields = st.builds(lambda name, optional: FieldName(name, optional, AT), names, st.booleans())
numbers = st.one_of(st.integers(0, 2**63 - 1), st.floats(0, allow_nan=False, allow_infinity=False))
constants: st.SearchStrategy[Constant] = st.one_of(
    st.just(Null(AT)),
    st.builds(lambda value: Boolean(value, AT), st.booleans()),
    st.builds(lambda value: Number(value, AT), numbers),
    st.builds(lambda value, raw: String(value, raw, AT), texts, st.booleans()),
)


def several(items: st.SearchStrategy[Expression], least: int) -> st.SearchStrategy[tuple[Expression, ...]]:
    return st.lists(items, min_size=least, max_size=4).map(tuple)


def composed(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(lambda items: And(items, AT), several(inner, 2)),
        st.builds(lambda items: Or(items, AT), several(inner, 2)),
        st.builds(lambda item: Not(item, AT), inner),
        st.builds(
            lambda sign, left, right: Compare(sign, left, right, AT),
            st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
            inner,
            inner,
        ),
        st.builds(lambda sign, left, right: Arithmetic(sign, left, right, AT), st.sampled_from("+-*/%"), inner, inner),
        st.builds(lambda sign, item: Signed(sign, item, AT), st.sampled_from("+-"), inner),
        st.builds(
            lambda value, items, tilde, negated: Contained(value, items, tilde, negated, AT),
            inner,
            several(inner, 1),
            st.booleans(),
            st.booleans(),
        ),
        st.builds(
            lambda value, operator, patterns: Match(value, operator, tuple(patterns), AT),
            inner,
            st.sampled_from([":", "like", "like~", "regex", "regex~"]),
            st.lists(constants, min_size=1, max_size=4),
        ),
        st.builds(lambda items: Call("concat", items, False, AT), several(inner, 1)),
        st.builds(lambda items, tilde: Call("endsWith", items, tilde, AT), st.tuples(inner, inner), st.booleans()),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(st.one_of(constants, fields), composed, max_leaves=12)
filters = st.builds(
    lambda category, condition: Filter(category, condition, AT),
    st.one_of(st.none(), st.sampled_from(["process", "any", "in"]), texts),
    expressions,
)
key_pairs = st.lists(fields, max_size=2).map(tuple)
pipes = st.lists(
    st.builds(
        lambda name, count: Pipe(name, Number(count, AT), AT), st.sampled_from(["head", "tail"]), st.integers(0, 9)
    ),
    max_size=2,
)


@st.composite
def sequences(draw: st.DrawFn) -> Sequence:
    own = draw(st.integers(0, 2))

    def stage(*, missing: bool, runs: int) -> Stage:
        keys = tuple(draw(fields) for _ in range(own))
        return Stage(draw(filters), keys, runs, missing, AT)

    stages = [stage(missing=False, runs=draw(st.integers(2, 100)))]
    stages += [stage(missing=draw(st.booleans()), runs=draw(st.integers(1, 3))) for _ in range(draw(st.integers(0, 2)))]
    until = stage(missing=False, runs=1) if draw(st.booleans()) else None
    maxspan = TimeSpan(draw(st.integers(1, 99)), draw(st.sampled_from(["ms", "s", "m", "h", "d"])), AT)
    return Sequence(draw(key_pairs), maxspan, tuple(stages), until, AT)


@given(filters, pipes)
def test_any_event_query_is_read_back(query: Filter, after: list[Pipe]) -> None:
    statement = Statement(query, tuple(after))
    assert parse(to_text(statement)) == statement


@given(sequences())
def test_any_sequence_is_read_back(query: Sequence) -> None:
    statement = Statement(query, ())
    assert parse(to_text(statement)) == statement


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("process   where a==1", "process where a == 1"),
        ("any where (a) and ((b or c))", "any where a and (b or c)"),
        ("any where a and (b and c)", "any where a and (b and c)"),
        ('any where STARTSWITH~(a,"x")', 'any where startsWith~(a, "x")'),
        ("any where `a`.`b` == 1 and `event.sequence` == 2", "any where a.b == 1 and event.`sequence` == 2"),
        ('"any" where true', '"any" where true'),
        ('any where a == """C:\\x"""', 'any where a == """C:\\x"""'),
        (r'any where a == "\u{202e}\t\\"', r'any where a == "\u{202e}\t\\"'),
        ('any where a : ("b")', 'any where a : "b"'),
        ("any where a - (b - c) - d > -(-1)", "any where a - (b - c) - d > --1"),
        (
            "sequence by h, k with maxspan = 5 m [a where true] with runs=3 until [b where x]|head 3",
            "sequence by h, k with maxspan=5m\n  [a where true] with runs=3\nuntil [b where x]\n| head 3",
        ),
        ("sample [a where x] by k [b where y] by l", "sample\n  [a where x] by k\n  [b where y] by l"),
    ],
)
def test_the_canonical_layout(query: str, printed: str) -> None:
    assert to_text(parse(query)) == printed


def test_long_conditions_break_at_their_operators() -> None:
    items = ", ".join(f'"program-{number}.exe"' for number in range(12))
    text = to_text(parse(f"process where a == 1 and (name : ({items}) or not b in (1)) and c == 2"))
    assert text.splitlines()[:4] == ["process where", "  a == 1 and", "  (", "    name : ("]
    assert max(map(len, text.splitlines())) <= WIDTH
