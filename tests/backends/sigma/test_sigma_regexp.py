"""Patterns for the modifier `re`: searched, they accept what the tree accepts, and RE2 takes them."""

import re

import pytest
from hypothesis import given
from sigma.types import SigmaRegularExpression

from backends.sigma.regexp import ignoring_case, minding_case
from converter.ir.matcher import Flavour
from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
    CharClass,
    Chars,
    Complement,
    Concat,
    NoText,
    Regexp,
    Repeat,
)
from converter.languages.regex import compile_regex
from converter.languages.regex.dialect import DialectError
from tests.strategies import regexps, texts

LETTERS = CharClass(((ord("a"), ord("z")),))


def found(modifiers: tuple[str, ...], pattern: str, text: str) -> bool:
    flags = re.DOTALL | re.ASCII | (re.IGNORECASE if "i" in modifiers else 0)
    return re.search(pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""), text, flags) is not None


@given(regexps, texts)
def test_a_searched_pattern_accepts_what_the_tree_accepts(tree: Regexp, text: str) -> None:
    assert found(*minding_case(tree), text) == compile_regex(tree, Flavour.LUCENE, False)(text)


@given(regexps, texts)
def test_ignoring_case_folds_as_the_flavour_does(tree: Regexp, text: str) -> None:
    assert found(*ignoring_case(tree, Flavour.LUCENE), text) == compile_regex(tree, Flavour.LUCENE, True)(text)


@pytest.mark.parametrize(
    ("tree", "pattern"),
    [
        (Chars("a"), "^a$"),
        (Concat((AnyText(), Chars("a"), AnyText())), ".*a.*"),
        (Concat((AnyText(), Chars("a"))), ".*a$"),
        (Alternation((Chars("a"), Chars("b"))), "^(?:a|b)$"),
        (Repeat(AnyChar(), 1500, None), ".{1000}.{500,}"),
        (Repeat(AnyChar(), 2000, 2000), "^.{1000}.{1000}$"),
        (Repeat(AnyChar(), 0, 2500), "^.{0,1000}.{0,1000}.{0,500}$"),
        (Repeat(AnyChar(), 10000, None), ".{1000}" * 10 + ".*"),
    ],
)
def test_form(tree: Regexp, pattern: str) -> None:
    modifiers, written = minding_case(tree)
    assert (modifiers, written) == (("re", "s"), pattern)
    SigmaRegularExpression(written)


@pytest.mark.parametrize(
    ("tree", "modifiers"),
    [
        (Chars("cmd.exe"), ("re", "i", "s")),
        (Concat((Chars("a"), CharClass(((48, 57),)))), ("re", "i", "s")),
        (LETTERS, ("re", "s")),
        (Chars("\u00e9"), ("re", "s")),
    ],
)
def test_the_flag_i_is_used_where_it_means_the_same(tree: Regexp, modifiers: tuple[str, ...]) -> None:
    assert ignoring_case(tree, Flavour.LUCENE)[0] == modifiers


@pytest.mark.parametrize(
    "tree",
    [
        NoText(),
        Complement(Chars("a")),
        Repeat(AnyChar(), 20_000, None),
        Repeat(Repeat(Chars("a"), 500, 500), 500, 500),
    ],
)
def test_what_re2_does_not_take_is_refused(tree: Regexp) -> None:
    with pytest.raises(DialectError):
        minding_case(tree)
