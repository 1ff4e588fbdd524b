"""Trees that are written as PCRE or as Lucene patterns accept, read back, what they accepted before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backends.elasticsearch import regexp as lucene
from backends.splunk.engine import pcre as perl
from converter.ir.matcher import Flavour
from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
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
from converter.languages.regex import compile_regex, dots_spelled, folded, parse, pcre

texts = st.text(st.sampled_from("abAB.*?+[]{}()|\\\"'^$-&~#@<>/`1 \n\ré"), max_size=4)
ranges = st.sampled_from([(97, 98), (65, 65), (0x30, 0x39), (0x5B, 0x5E), (0x2D, 0x2D), (0x0A, 0x0A), (0xE9, 0xE9)])
atoms: st.SearchStrategy[Regexp] = st.one_of(
    texts.map(Chars),
    st.just(AnyChar()),
    st.just(AnyChar(newline=False)),
    st.builds(CharClass, st.lists(ranges, min_size=1, max_size=2, unique=True).map(tuple), st.booleans()),
    st.just(AnyText()),
)
counts = st.sampled_from([(0, None), (1, None), (0, 1), (2, 2), (0, 2), (2, None)])


def _branches(inner: st.SearchStrategy[Regexp]) -> st.SearchStrategy[Regexp]:
    several = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        several.map(Concat),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(Alternation),
        st.builds(lambda item, count: Repeat(item, *count), inner, counts),
    )


plain = st.recursive(atoms, _branches, max_leaves=6)
with_operators = st.recursive(
    st.one_of(atoms, st.just(NoText()), st.just(Interval(8, 11, 0)), st.just(Interval(8, 11, 3))),
    lambda inner: st.one_of(
        _branches(inner),
        inner.map(Complement),
        st.lists(inner, min_size=2, max_size=2).map(tuple).map(Intersection),
    ),
    max_leaves=4,
)
subjects = st.lists(st.one_of(texts, st.sampled_from(["a", "b", "aa", "Ab", "9", "10", "010"])), max_size=3).map(
    "".join
)
flavours = st.sampled_from(list(Flavour))


@settings(max_examples=400, deadline=None)
@given(st.lists(plain, min_size=1, max_size=3), flavours, st.lists(subjects, min_size=1, max_size=4))
def test_perl_reads_what_the_trees_mean(trees: list[Regexp], flavour: Flavour, values: list[str]) -> None:
    text = f"(?s)^{pcre.write([dots_spelled(tree, flavour) for tree in trees])}\\z"

    wanted = [any(compile_regex(tree, flavour)(value) for tree in trees) for value in values]
    assert [perl.compiled(text).search(value) is not None for value in values] == wanted, text


@settings(max_examples=200, deadline=None)
@given(plain, flavours, st.lists(subjects, min_size=1, max_size=4))
def test_folded_trees_need_no_flag(tree: Regexp, flavour: Flavour, values: list[str]) -> None:
    text = f"(?s)^{pcre.write([folded(dots_spelled(tree, flavour), flavour)])}\\z"

    wanted = [compile_regex(tree, flavour, ignore_case=True)(value) for value in values]
    assert [perl.compiled(text).search(value) is not None for value in values] == wanted, text


@settings(max_examples=400, deadline=None)
@given(with_operators, st.lists(subjects, min_size=1, max_size=4))
def test_lucene_reads_what_the_tree_means(tree: Regexp, values: list[str]) -> None:
    written = lucene.write(dots_spelled(tree, Flavour.JAVA))

    read = compile_regex(parse(written.text, Flavour.LUCENE, operators=written.operators), Flavour.LUCENE)

    wanted = compile_regex(tree, Flavour.JAVA)
    assert [read(value) for value in values] == [wanted(value) for value in values], written
