"""What each dialect's text means as a tree, and where errors point."""

import pytest

from converter.errors import RuleError
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
from converter.languages.regex import accepts_everything, has_letter_class, only_text, parse, parse_search

A_TO_C = CharClass(((97, 99),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Chars("")),
        ("abc", Chars("abc")),
        ("a|b&c", Alternation((Chars("a"), Intersection((Chars("b"), Chars("c")))))),
        ("^a$", Chars("^a$")),
        (".*?", Repeat(AnyChar(), 0, None)),
        ("a{2}", Repeat(Chars("a"), 2, 2)),
        ("a{2,}", Repeat(Chars("a"), 2, None)),
        ("ab{2,3}", Concat((Chars("a"), Repeat(Chars("b"), 2, 3)))),
        ("a{3,2}", NoText()),
        ("~a", Complement(Chars("a"))),
        ("@#", Concat((AnyText(), NoText()))),
        ("<1-20>", Interval(1, 20)),
        ("<20-1>", Interval(1, 20)),
        ("<01-20>", Interval(1, 20, 2)),
        ('"a.b"', Chars("a.b")),
        (r"\.\\", Chars(".\\")),
        ("[a-c]", A_TO_C),
        ("[^a-c]", CharClass(((97, 99),), negated=True)),
        (r"\d", CharClass(((48, 57),))),
        (r"\W", CharClass(((48, 57), (65, 90), (95, 95), (97, 122)), negated=True)),
        ("*a", Chars("*a")),
        ("()a", Chars("a")),
    ],
)
def test_lucene_reads(text: str, tree: Regexp) -> None:
    assert parse(text, Flavour.LUCENE) == tree


def test_lucene_without_operators_takes_them_as_text() -> None:
    assert parse("~a<b>&@#", Flavour.LUCENE, operators=False) == Chars("~a<b>&@#")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("abc", Concat((AnyText(), Chars("abc"), AnyText()))),
        ("^abc$", Chars("abc")),
        ("^a|b", Alternation((Concat((Chars("a"), AnyText())), Concat((AnyText(), Chars("b"), AnyText()))))),
        (r"^\bx*?$", Concat((Boundary("word"), Repeat(Chars("x"), 0, None)))),
        ("(?s)^.$", AnyChar(newline=True)),
        ("^.$", AnyChar(newline=False)),
        ("(?m)^^a$$", Concat((AnyText(), Boundary("line-start"), Boundary("line-start"), Chars("a"),
                              Boundary("line-end"), Boundary("line-end"), AnyText()))),
        ("^(?:a{,2})$", Chars("a{,2}")),
        (r"^\x41\x{1F600}[\]\-b]$", Concat((Chars("A\U0001f600"), CharClass(((93, 93), (45, 45), (98, 98)))))),
        (r"^[]a]$", CharClass(((93, 93), (97, 97)))),
        (r"^\Qa.b\E$", Chars("a.b")),
    ],
)  # fmt: skip
def test_pcre_reads(text: str, tree: Regexp) -> None:
    assert parse(text, Flavour.PCRE) == tree


def test_inline_flag_is_handed_out_or_written_into_the_tree() -> None:
    assert parse_search("(?i)^a1$") == (Chars("a1"), True)
    assert parse("(?i)^a1$", Flavour.PCRE) == Concat((CharClass(((65, 65), (97, 97))), Chars("1")))


def test_java_anchors_are_boundaries_and_nothing_is_wrapped() -> None:
    assert parse("^a.", Flavour.JAVA) == Concat((Boundary("start"), Chars("a"), AnyChar(newline=False)))


@pytest.mark.parametrize(
    ("text", "flavour", "code", "column"),
    [
        ("ab(c", Flavour.LUCENE, "regex-syntax", 3),
        ("ab)", Flavour.LUCENE, "regex-syntax", 3),
        ("a{x}", Flavour.LUCENE, "regex-syntax", 3),
        ("a|", Flavour.LUCENE, "regex-syntax", 3),
        ("[a", Flavour.LUCENE, "regex-syntax", 3),
        ("a<x>", Flavour.LUCENE, "regex-syntax", 2),
        (r"a\p", Flavour.LUCENE, "regex-syntax", 2),
        ("[c-a]", Flavour.LUCENE, "regex-syntax", 2),
        ("(" * 40 + "a" + ")" * 40, Flavour.LUCENE, "regex-nested-too-deeply", 31),
        ("a" + "{1}" * 40, Flavour.LUCENE, "regex-nested-too-deeply", None),
        ("ba{10001}", Flavour.LUCENE, "regex-too-complex", 3),
        ("(ab|cd){0,5001}", Flavour.LUCENE, "regex-too-complex", 8),
        ("(a{1,100}){2,101}", Flavour.LUCENE, "regex-too-complex", 11),
        ("a(?=b)", Flavour.PCRE, "regex-unsupported", 2),
        ("a(?<!b)", Flavour.PCRE, "regex-unsupported", 2),
        (r"(a)\1", Flavour.PCRE, "regex-unsupported", 4),
        ("a*+", Flavour.PCRE, "regex-unsupported", 3),
        ("(?x)a", Flavour.PCRE, "regex-unsupported", 1),
        ("a(?i)b", Flavour.PCRE, "regex-unsupported", 2),
        (r"\pL", Flavour.PCRE, "regex-unsupported", 1),
        ("*a", Flavour.PCRE, "regex-syntax", 1),
        ("(a", Flavour.PCRE, "regex-syntax", 1),
        ("a{", Flavour.JAVA, "regex-syntax", 2),
        ("[a&&b]", Flavour.JAVA, "regex-unsupported", 3),
    ],
)
def test_errors_point_into_the_pattern(text: str, flavour: Flavour, code: str, column: int | None) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text, flavour)
    assert caught.value.code == code
    assert column is None or caught.value.place.column == column


@pytest.mark.parametrize(
    ("text", "only"),
    [("abc", "abc"), ("a{3}b", "aaab"), ("[a]b", "ab"), ("x|x", "x"), ("a|b", None), ("a.", None), ("", "")],
)
def test_only_text(text: str, only: str | None) -> None:
    assert only_text(parse(text, Flavour.LUCENE)) == only


@pytest.mark.parametrize(
    ("text", "everything"),
    [(".*", True), ("@", True), ("(.*)+", True), (".*?|a", True), ("~#", True), (".+", False), ("a*", False)],
)
def test_accepts_everything(text: str, everything: bool) -> None:
    assert accepts_everything(parse(text, Flavour.LUCENE)) is everything


@pytest.mark.parametrize(
    ("text", "found"), [("x[a-c]", True), ("[0-9a-fA-F]+", False), (r"\w+", False), ("~([A]|b)", True), ("abc", False)]
)
def test_has_letter_class(text: str, found: bool) -> None:
    assert has_letter_class(parse(text, Flavour.LUCENE)) is found
