"""Trees as text of Lucene's and Java's dialects: read back, they accept what they accepted."""

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from converter.ir.matcher import Flavour
from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
    Boundary,
    CharClass,
    Chars,
    Complement,
    Concat,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)
from converter.languages.regex import compile_regex, parse
from converter.languages.regex.dialect import DialectError
from converter.languages.regex.notation import adapted, written

texts = st.text(st.sampled_from("abAB.*?+[]{}()|\\\"'^$-&~#@<>/1 \n\ré"), max_size=4)
ranges = st.sampled_from([(97, 98), (65, 66), (0x30, 0x39), (0x5B, 0x5E), (0x2D, 0x2D), (0x0A, 0x0A)])
pieces: st.SearchStrategy[Regexp] = st.one_of(
    texts.map(Chars),
    st.just(AnyChar()),
    st.just(AnyChar(newline=False)),
    st.builds(CharClass, st.lists(ranges, max_size=2, unique=True).map(tuple), st.booleans()),
    st.just(AnyText()),
    st.just(NoText()),
    st.just(Interval(1, 12)),
)
counts = st.sampled_from([(0, None), (1, None), (0, 1), (2, 2), (0, 2), (2, None)])
trees: st.SearchStrategy[Regexp] = st.recursive(
    pieces,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Concat(tuple(items))),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Alternation(tuple(items))),
        st.tuples(inner, counts).map(lambda found: Repeat(found[0], *found[1])),
    ),
    max_leaves=5,
)
lucene_trees = st.recursive(
    trees,
    lambda inner: st.one_of(
        inner.map(Complement),
        st.lists(inner, min_size=2, max_size=2).map(lambda items: Intersection(tuple(items))),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: Concat(tuple(items))),
    ),
    max_leaves=3,
)


def assert_reads_back(tree: Regexp, flavour: Flavour, ignore_case: bool, dialect: Flavour, text: str) -> None:
    own, folds = adapted(tree, flavour, ignore_case, dialect)
    pattern = written(own, dialect)
    note(pattern)
    found = compile_regex(parse(pattern, dialect), dialect, folds)
    assert found(text) is compile_regex(tree, flavour, ignore_case)(text)


@settings(max_examples=300)
@given(lucene_trees, st.booleans(), texts)
def test_lucene_reads_back(tree: Regexp, ignore_case: bool, text: str) -> None:
    assert_reads_back(tree, Flavour.LUCENE, ignore_case, Flavour.LUCENE, text)


@settings(max_examples=300)
@given(trees, st.sampled_from(Flavour), st.sampled_from([Flavour.LUCENE, Flavour.JAVA]), st.booleans(), texts)
def test_dialects_are_adapted(tree: Regexp, flavour: Flavour, dialect: Flavour, folds: bool, text: str) -> None:
    assert_reads_back(tree, flavour, folds, dialect, text)


@pytest.mark.parametrize(
    ("tree", "dialect", "text"),
    [
        (Concat((Chars("a.b"), Repeat(AnyChar(), 0, None))), Flavour.LUCENE, r"a\.b.*"),
        (Repeat(Chars("ab"), 2, 5), Flavour.LUCENE, "(ab){2,5}"),
        (Alternation((Chars("a"), Chars(""))), Flavour.LUCENE, "a|()"),
        (Complement(Alternation((Chars("a"), Interval(7, 10, 2)))), Flavour.LUCENE, "~(a|<07-10>)"),
        (Concat((Boundary("start"), AnyChar(), Boundary("word"))), Flavour.JAVA, r"^[\s\S]\b"),
        (Concat((AnyChar(newline=False), NoText())), Flavour.JAVA, r".[^\s\S]"),
    ],
)
def test_notation(tree: Regexp, dialect: Flavour, text: str) -> None:
    assert written(tree, dialect) == text


@pytest.mark.parametrize(
    ("tree", "dialect"),
    [
        (Boundary("word"), Flavour.LUCENE),
        (Boundary("line-start"), Flavour.JAVA),
        (Complement(Chars("a")), Flavour.JAVA),
        (Intersection((Chars("a"), Chars("b"))), Flavour.JAVA),
    ],
)
def test_what_a_dialect_does_not_have(tree: Regexp, dialect: Flavour) -> None:
    with pytest.raises(DialectError):
        written(tree, dialect)
