"""parse(to_text(tree)) == tree, for trees that were read and for trees that nobody would write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.errors import RuleError
from converter.ir.pattern import ANY_RUN, AnyRun, Text
from converter.languages.kql.literal import SPACE
from converter.languages.kql.parser import parse
from converter.languages.kql.printer import to_text
from converter.languages.kql.tree import (
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

_WORDS = st.sampled_from(["not", "or", "and", " ", "\u00a0", "\\", "*", "n", "ot", "\t", "\n", "a", '"', "(", ":", "{"])
_TEXT = st.one_of(st.lists(_WORDS, min_size=1, max_size=8).map("".join), st.text(min_size=1, max_size=8))
_RUN: st.SearchStrategy[str | AnyRun] = st.just(ANY_RUN)


def _unquoted(pieces: list[str | AnyRun]) -> Literal:
    """A literal as the reader would make it: texts joined, ends trimmed, nothing empty."""
    joined: list[str | AnyRun] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    if isinstance(joined[0], str):
        joined[0] = joined[0].lstrip(SPACE)
    if isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip(SPACE)
    return Literal(tuple(Text(piece) if isinstance(piece, str) else piece for piece in joined if piece))


def _quoted(text: str) -> Literal:
    return Literal((Text(text),) if text else (), quoted=True)


_LITERAL = st.one_of(
    st.lists(st.one_of(_TEXT, _RUN), min_size=1, max_size=4).map(_unquoted),
    st.one_of(st.just(""), _TEXT).map(_quoted),
)


def _several(kind: type, item: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(item, min_size=2, max_size=4).map(lambda items: kind(tuple(items)))


_VALUES: st.SearchStrategy[Values] = st.recursive(
    _LITERAL,
    lambda inner: st.one_of(_several(ValueAnd, inner), _several(ValueOr, inner), inner.map(ValueNot)),
    max_leaves=6,
)
_OPERATOR: st.SearchStrategy[Operator] = st.sampled_from(["<", "<=", ">", ">="])
_TREE: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(
        st.builds(Match, _LITERAL, _VALUES),
        st.builds(Match, st.none(), _LITERAL),
        st.builds(Range, _LITERAL, _OPERATOR, _LITERAL),
    ),
    lambda inner: st.one_of(
        _several(And, inner), _several(Or, inner), inner.map(Not), st.builds(Nested, _LITERAL, inner)
    ),
    max_leaves=8,
)


@given(_TREE)
def test_any_tree_reads_back(tree: Expression) -> None:
    assert parse(to_text(tree)) == tree


@given(st.text(alphabet='ab\\"*?:(){}<> \t\nornotNOTandu0041', max_size=30))
def test_any_text_that_is_kql_reads_back(text: str) -> None:
    try:
        tree = parse(text)
    except RuleError:
        return
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", "*: *"),
        ("  a:b  AND c", "a: b and c"),
        ("(a or (b and c)) or d", "(a or b and c) or d"),
        ("not (a and not b)", "not (a and not b)"),
        ("f:(a or (b and (not c)))", "f: (a or b and not c)"),
        (r'f:"C:\temp\x"', r'f: "C:\temp\\x"'),
        (r"f:C\:\\Temp\\*.exe", r"f: C\:\\Temp\\*.exe"),
        (r"f:can\u006eot x", r"f: cann\u006ft x"),
        (r"f:a \or b", r"f: a \or b"),
        (r"f:\t", r"f: \t"),
        ("n:{a:b or c:d}", "n: { a: b or c: d }"),
    ],
)
def test_layout(text: str, printed: str) -> None:
    assert to_text(parse(text)) == printed
