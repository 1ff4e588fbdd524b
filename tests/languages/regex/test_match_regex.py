"""The matcher: cases per construct, agreement with Python's `re` where both read a pattern, and hostile patterns."""

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from converter.errors import RuleError
from converter.ir.matcher import Flavour
from converter.ir.regex import Interval
from converter.languages.regex import compile_regex, folded, interval_tree, parse


def accepts(pattern: str, text: str, flavour: Flavour = Flavour.LUCENE, *, ignore_case: bool = False) -> bool:
    return compile_regex(parse(pattern, flavour), flavour, ignore_case)(text)


@pytest.mark.parametrize(
    ("pattern", "accepted", "rejected"),
    [
        ("a.c", ["abc", "a\nc"], ["abcd", "ac", ""]),
        ("~(ab*)", ["", "b", "aba"], ["a", "abb"]),
        (".*a.*&.*b.*", ["ab", "ba", "xbxa"], ["a", "b"]),
        ("v<8-12>", ["v8", "v12", "v010"], ["v7", "v13", "v"]),
        ("<08-12>", ["08", "10"], ["8", "010", "13"]),
        ("a@z", ["az", "a\nz"], ["a"]),
        ("a|#", ["a"], ["", "#"]),
        ("(a|b?){3}", ["", "ab", "aaa", "bab"], ["aaaa"]),
        ("(a{0,2}){2}b", ["b", "aaaab"], ["aaaaab"]),
        (r"\s", [" ", "\t"], ["\v", "x"]),
        ("^a$", ["^a$"], ["a"]),
        ("[^a]é", ["bé", "\U0001f600é"], ["aé"]),
    ],
)
def test_lucene_matches(pattern: str, accepted: list[str], rejected: list[str]) -> None:
    assert [accepts(pattern, text) for text in accepted] == [True] * len(accepted)
    assert [accepts(pattern, text) for text in rejected] == [False] * len(rejected)


@pytest.mark.parametrize(
    ("pattern", "accepted", "rejected"),
    [
        (r"\bcat\b", ["cat", "a cat.", "\ncat\n"], ["concat", "cats", "_cat"]),
        (r"^ab|c$", ["abx", "xc"], ["xab", "cx"]),
        (r"(^|/)x(/|$)", ["x", "a/x/b", "a/x"], ["ax", "xa"]),
        (r"a.b", ["xa bx"], ["a\nb"]),
        (r"(?s)a.b", ["a\nb"], ["ab"]),
        (r"(?m)^b$", ["a\nb\nc", "b"], ["ab"]),
        (r"(?:\B-)+", ["--"], ["a-b"]),
        (r"(?i)[a-c]X", ["Ax", "cX"], ["\u212ax"]),
    ],
)
def test_pcre_searches(pattern: str, accepted: list[str], rejected: list[str]) -> None:
    assert [accepts(pattern, text, Flavour.PCRE) for text in accepted] == [True] * len(accepted)
    assert [accepts(pattern, text, Flavour.PCRE) for text in rejected] == [False] * len(rejected)


def test_java_dot_stops_at_line_breaks_and_anchors_bind() -> None:
    assert accepts("^a.*$", "abc", Flavour.JAVA)
    assert not accepts("a.*", "a\u2028b", Flavour.JAVA)


def test_ignored_case_is_ascii_only_and_leaves_lucene_ranges_alone() -> None:
    assert accepts("k", "K", ignore_case=True)
    assert not accepts("k", "\u212a", ignore_case=True)
    assert not accepts("é", "É", ignore_case=True)
    assert not accepts("[A-C]+", "abc", ignore_case=True)
    assert accepts("[A-C]+", "abc", Flavour.JAVA, ignore_case=True)


_ATOMS = st.sampled_from(["a", "b", "A", ".", "[ab]", "[^a]", "[a-zA]", r"\d", r"\w", r"\.", "1", "\n"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"(?:{'|'.join(items)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)
_TEXTS = st.text(st.sampled_from("abAB1.\n é"), max_size=8)


@given(_PATTERNS, _TEXTS)
def test_whole_value_agrees_with_python(pattern: str, text: str) -> None:
    expected = re.compile(pattern, re.ASCII | re.DOTALL).fullmatch(text) is not None
    assert accepts("(?s)^(?:" + pattern + ")$", text, Flavour.PCRE) is expected
    assert accepts(pattern.replace("(?:", "("), text) is expected


_PLACED = st.lists(st.one_of(_ATOMS, st.sampled_from([r"\b", r"\B", "^", "a*", "(?:b|^)", r"(?:\b|a)"])), max_size=5)


@given(_PLACED.map("".join), _TEXTS)
def test_search_agrees_with_python(pattern: str, text: str) -> None:
    assume(text or r"\B" not in pattern)  # Python alone says that the empty text has no \B
    expected = re.compile(pattern, re.ASCII).search(text) is not None
    assert accepts(pattern, text, Flavour.PCRE) is expected


@given(_PATTERNS, _TEXTS)
def test_folding_the_tree_is_ignoring_case(pattern: str, text: str) -> None:
    for flavour in Flavour:
        tree = parse(pattern.replace("(?:", "("), flavour)
        assert compile_regex(tree, flavour, True)(text) is compile_regex(folded(tree, flavour), flavour)(text)


@given(_PATTERNS, _PATTERNS, _TEXTS)
def test_complement_and_intersection_are_boolean(one: str, other: str, text: str) -> None:
    one, other = (pattern.replace("(?:", "(") for pattern in (one, other))
    assert accepts(f"~({one})", text) is not accepts(one, text)
    assert accepts(f"({one})&({other})", text) is (accepts(one, text) and accepts(other, text))


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 3000), st.booleans())
def test_intervals_count(one: int, other: int, value: int, padded: bool) -> None:
    low, high = sorted((one, other))
    tree = interval_tree(Interval(low, high, 4 if padded else 0))
    text = str(value).zfill(4)
    assert compile_regex(tree, Flavour.LUCENE)(text) is (low <= value <= high)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+b", "a" * 20_000),
        ("(a|a)*b", "a" * 20_000),
        ("(.*)*x(.*)*y", "x" * 20_000),
        (".*a.{30}", "ab" * 5_000),
        (".*a.{40}", "abbab" * 20_000),
        ("a?" * 100 + "a{100}", "a" * 100),
        ("(a?b?){500}", "ab" * 200),
        (f"({'ab' * 10_000})*", "ab" * 25_000),
        (f".*({'|'.join(f'word{number}' for number in range(500))}).*", "word of my word w0rd1" * 1_000),
        (".*<1-100>.*<1-2147483647>x", "1" * 20_000),
        ("~((a{1,30}){1,30})&~(~(.*b.{3}b))", "ab" * 10_000),
        ("&".join(f"(.*{letter}.{{3}}.*)" for letter in "abcdefghijklmnop"), "abcdefghijklmnop" * 1_000),
    ],
)
def test_hostile_patterns_take_bounded_time(pattern: str, text: str) -> None:
    for ignore_case in (False, True):
        started = time.process_time()
        accepts(pattern, text, ignore_case=ignore_case)
        assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a{1,100}){1,100}", "a" * 20_000),
        ("(a|aa|aaa){1,9000}b", "a" * 100_000),
        ("a?" * 500 + "a{500}", "a" * 500),
        ("(.{1,50}a){1,50}", "a" * 20_000),
    ],
)
def test_patterns_of_too_many_states_have_a_code(pattern: str, text: str) -> None:
    started = time.process_time()
    with pytest.raises(RuleError) as caught:
        accepts(pattern, text)
    assert caught.value.code == "regex-too-complex"
    assert time.process_time() - started < 20


def test_a_state_that_grows_without_end_is_an_error() -> None:
    with pytest.raises(RuleError) as caught:
        accepts("(((a{0,100}){0,100}){0,100}){0,100}b", "a" * 200)
    assert caught.value.code == "regex-too-complex"
