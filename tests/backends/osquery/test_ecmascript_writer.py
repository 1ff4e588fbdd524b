"""Regular expressions as `regex_match` patterns accept what the tree accepts (spec osquery 5.1)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.osquery import ecmascript
from backends.osquery.engine.ecmascript import to_python
from backends.osquery.engine.functions import _regex_match as regex_match
from backends.osquery.refusal import InexpressibleError
from converter.ir import Flavour, Regex, Regexp
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
    Repeat,
)
from converter.languages.regex import compile_regex, parse

ALPHABET = "aAbBzZ0[]^-\\$.*/\n{} "
chars = st.builds(Chars, st.text(ALPHABET, min_size=1, max_size=3))
codes = st.sampled_from(
    [(0x61, 0x63), (0x41, 0x5A), (0x30, 0x39), (0x2D, 0x2D), (0x5D, 0x5E), (0x0A, 0x0A), (0x61, 0x61), (0x42, 0x42)]
)
classes = st.builds(CharClass, st.lists(codes, min_size=1, max_size=3).map(tuple), st.booleans())
leaves: st.SearchStrategy[Regexp] = st.one_of(
    chars, classes, st.builds(AnyChar, st.booleans()), st.just(AnyText()), st.just(NoText()), st.just(Interval(3, 12))
)


def deeper(inner: st.SearchStrategy[Regexp]) -> st.SearchStrategy[Regexp]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    counts = st.sampled_from([(0, None), (1, None), (0, 1), (2, 3), (2, None), (2, 2)])
    return st.one_of(
        st.builds(Concat, several),
        st.builds(Alternation, several),
        st.builds(lambda item, count: Repeat(item, *count), inner, counts),
    )


trees = st.recursive(leaves, deeper, max_leaves=5)


def accepts(regex: Regex, value: str) -> bool:
    """What the SQL around the patterns says of a value that is there."""
    found = ecmascript.searches(regex)
    subject = "".join(char.lower() if char.isascii() else char for char in value) if found.lowered else value
    return any(regex_match(subject, pattern, 0) is not None for pattern in found.patterns)


@settings(max_examples=400, deadline=None)
@given(trees, st.text(ALPHABET, min_size=1, max_size=5), st.booleans(), st.sampled_from(Flavour))
def test_random_trees(tree: Regexp, value: str, ignore_case: bool, flavour: Flavour) -> None:
    regex = Regex(tree, flavour, ignore_case)
    assert accepts(regex, value) == compile_regex(tree, flavour=flavour, ignore_case=ignore_case)(value)


TAIL = [
    Concat((Chars("a."), Intersection((Repeat(AnyChar(), 0, None), Repeat(CharClass(((0x62, 0x7A),)), 1, None))))),
    Complement(Alternation((Chars("ab"), Chars("a.b")))),
    Concat((AnyText(), Chars("."), Complement(Chars("b")))),
]


@pytest.mark.parametrize("tree", TAIL)
@pytest.mark.parametrize("value", ["ab", "a.b", "a.", "a.bc", "a.b.", "b", "a.\n"])
def test_complement_and_intersection_at_the_end_are_look_ahead(tree: Regexp, value: str) -> None:
    assert accepts(Regex(tree), value) == compile_regex(tree, flavour=Flavour.LUCENE, ignore_case=False)(value)


def test_any_text_at_an_edge_needs_no_anchor() -> None:
    found = ecmascript.searches(Regex(Concat((AnyText(), Chars("a+b"), AnyText()))))
    assert found.patterns == (r"a\+b",)


def test_alternatives_are_spread_over_patterns_within_the_limit() -> None:
    words = [f"/opt/program-{number:03}/bin" for number in range(100)]
    found = ecmascript.searches(Regex(Alternation(tuple(Chars(word) for word in words))))
    assert len(found.patterns) > 10
    assert all(len(pattern.encode()) <= 256 for pattern in found.patterns)
    assert all(accepts(Regex(Alternation(tuple(Chars(word) for word in words))), word) for word in words)


def test_an_alternation_inside_is_spread_with_what_stands_around_it() -> None:
    endings = tuple(Chars(f"ending-{number}") for number in range(60))
    tree = Concat((AnyText(), Chars("."), Alternation(endings)))
    assert accepts(Regex(tree), "a.ending-59")
    assert not accepts(Regex(tree), "a.ending-60")
    assert not accepts(Regex(tree), "a.ending-5x")


WIDE = Alternation(tuple(Chars(f"{number:030}") for number in range(20)))


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (Concat((WIDE,) * 20), "osquery-regex-length"),
        (Chars("x" * 300), "osquery-regex-length"),
        (Concat((Complement(Chars("a")), Chars("b"))), "osquery-regex"),
        (CharClass(((0xE0, 0xFF),)), "osquery-regex"),
        (Repeat(Repeat(Chars("ab"), 1_000, 1_000), 1_000, 1_000), "osquery-regex"),
    ],
)
def test_what_the_dialect_lacks_is_refused(tree: Regexp, code: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        ecmascript.searches(Regex(tree))
    assert caught.value.loss.code == code


def test_characters_that_are_counted_are_an_assumption() -> None:
    counted = Concat((Chars("a"), AnyChar(), Chars("b")))
    assert ecmascript.searches(Regex(counted)).counts_bytes
    assert regex_match("aéb", ecmascript.searches(Regex(counted)).patterns[0], 0) is None
    assert not ecmascript.searches(Regex(Concat((Chars("a"), Repeat(AnyChar(), 0, None), Chars("b"))))).counts_bytes


@pytest.mark.parametrize("pattern", [r"(?i)a", r"(?<=a)b", r"(?P<x>a)", r"a++", r"\Aa", r"\p{L}", "a)", "[a", "a{"])
def test_the_engine_rejects_what_std_regex_lacks(pattern: str) -> None:
    with pytest.raises((ValueError, re.error)):
        regex_match("a", pattern, 0)


@pytest.mark.parametrize(
    ("pattern", "value", "found"),
    [
        ("a$", "a\n", None),
        ("a.b", "a\nb", None),
        ("[[]", "[", "["),
        ("[[:digit:]]+", "a12", "12"),
        (r"(?=ab)a", "xab", "a"),
        (r"[\]x]", "]", "]"),
        ("^", "a", ""),
    ],
)
def test_the_engine_reads_ecmascript(pattern: str, value: str, found: str | None) -> None:
    assert regex_match(value, pattern, 0) == found


def test_a_pattern_of_more_than_256_bytes_fails() -> None:
    with pytest.raises(ValueError, match="longer"):
        regex_match("a", "é" * 129, 0)
    assert to_python("a") == "a"


@pytest.mark.parametrize("text", [r"[a-c]+\.exe", "ab|cd", "(ab){2,3}", "a?b*"])
def test_parsed_patterns(text: str) -> None:
    tree = parse(text, Flavour.LUCENE)
    for value in ("a.exe", "abab", "ab", "cd", "bb", "abcd", "x"):
        assert accepts(Regex(tree), value) == compile_regex(tree, flavour=Flavour.LUCENE, ignore_case=False)(value)
