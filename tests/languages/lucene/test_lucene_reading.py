"""What query strings mean, and what is said about those that are not understood. A real engine judges more of them
(tests/backends/elasticsearch/test_lucene_on_opensearch.py)."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converter import parse as parse_rule
from converter.errors import Place, RuleError, UnsupportedError
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Always,
    Any,
    DateLiteral,
    Equal,
    Events,
    Field,
    FieldPattern,
    Like,
    Network,
    Never,
    Not,
    NumberLiteral,
    Phrase,
    Predicate,
    Present,
    Range,
    Regex,
    Test,
    TextLiteral,
    pattern,
)
from converter.ir.regex import CharClass, Chars, Concat
from converter.languages.limits import DEEPEST_NESTING
from converter.languages.lucene import lower, parse
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.catalogue import FieldType as T

CATALOGUE = Catalogue(
    {
        info.name: info
        for info in (
            FieldInfo("a"),
            FieldInfo("b"),
            FieldInfo("n", T.LONG),
            FieldInfo("ip", T.IP),
            FieldInfo("day", T.DATE),
            FieldInfo("message", T.TEXT, analyzer="standard"),
        )
    }
)


def meaning(text: str) -> Predicate:
    detection = lower(parse(text), CATALOGUE).detection
    assert isinstance(detection, Events)
    return detection.predicate


def equal(name: str, value: str) -> Test:
    return Test(Field(name), (Equal(TextLiteral(value)),))


X, Y, Z = equal("a", "x"), equal("b", "y"), equal("a", "z")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Never()),
        ("*:*", Always()),
        ("a:x", X),
        ("(a:x)", X),
        ('a : "x"', X),
        ("a:x OR b:y", Any((X, Y))),
        ("a:x b:y", Any((X, Y))),
        ("a:x || b:y", Any((X, Y))),
        ("a:x AND b:y", All((X, Y))),
        ("a:x && b:y", All((X, Y))),
        ("+a:x +b:y", All((X, Y))),
        ("a:x AND NOT b:y", All((X, Not(Y)))),
        ("a:x NOT b:y", All((X, Not(Y)))),
        ("+a:x -b:y", All((X, Not(Y)))),
        ("a:x !b:y", All((X, Not(Y)))),
        ("a:x b:y -a:z", All((Any((X, Y)), Not(Z)))),
        ("NOT a:x", Not(X)),
        ("(a:x AND b:y) OR a:z", Any((All((X, Y)), Z))),
        ("(NOT a:x) OR b:y", Any((Not(X), Y))),
        ("a:(x OR z)", Any((X, Z))),
        ("a:(NOT x)", Not(X)),
        ("a:(x y)", equal("a", "x y")),
        (r"a:x\ y", equal("a", "x y")),
        ('a:"x y"', equal("a", "x y")),
        ("a:and", equal("a", "and")),
        (r'a:"q\"\\"', equal("a", 'q"\\')),
        (r"a:\u0041", equal("a", "A")),
        ("a:x^2", X),
        ("a:x-1", equal("a", "x-1")),
        ("_exists_:a", Test(Field("a"), (Present(),))),
        ("a:*", Test(Field("a"), (Present(),))),
        ("a:[* TO *]", Test(Field("a"), (Present(),))),
        ("a:x*?", Test(Field("a"), (Like(pattern("x", ANY_RUN, ANY_ONE)),))),
        (r"a:\**", Test(Field("a"), (Like(pattern("*", ANY_RUN)),))),
        (r"a:/x\/[ab]/", Test(Field("a"), (Regex(Concat((Chars("x/"), CharClass(((97, 97), (98, 98)))))),))),
        ("n:5", Test(Field("n"), (Equal(NumberLiteral(5)),))),
        ("n:>=5", Test(Field("n"), (Range(low=NumberLiteral(5)),))),
        ("n:<5", Test(Field("n"), (Range(high=NumberLiteral(5), open_high=True),))),
        ("n:{1 TO 5]", Test(Field("n"), (Range(NumberLiteral(1), NumberLiteral(5), open_low=True),))),
        ("day:[now-1d TO *]", Test(Field("day"), (Range(low=DateLiteral("now-1d")),))),
        (r"ip:10.0.0.0\/8", Test(Field("ip"), (Network("10.0.0.0/8"),))),
        ('message:"two words"', Test(Field("message"), (Phrase((pattern("two"), pattern("words")), "standard"),))),
        (
            "message:(two words)",
            Test(Field("message"), (Phrase((pattern("two"),), "standard"), Phrase((pattern("words"),), "standard"))),
        ),
        ("x", Test(FieldPattern((ANY_RUN,)), (Equal(TextLiteral("x")),))),
        (r"a.\*:x", Test(FieldPattern(pattern("a.", ANY_RUN)), (Equal(TextLiteral("x")),))),
        ("odd:>5", Test(Field("odd"), (Range(low=NumberLiteral(5), open_low=True),))),
        ("odd:5", equal("odd", "5")),
    ],
)
def test_meanings(text: str, expected: Predicate) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    "text",
    ["a:x AND b:y OR a:z", "a:x OR b:y AND a:z", "+a:x b:y", "a:x OR NOT b:y", "NOT a:x OR b:y", "a:x AND b:y a:z"],
)
def test_what_has_no_precedence_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        parse(text)
    assert caught.value.code == "lucene-precedence"


@pytest.mark.parametrize(
    "text", ["a:x~2", 'a:"x y"~3', ">5", 'a:["*" TO x]', 'message:"!"', "message:/x/", r"a:/x\\/", "_exists_:(a b)"]
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        meaning(text)
    assert caught.value.code == "lucene-unsupported"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a:", 3),
        ("a:x AND", 8),
        ("AND a:x", 1),
        ("(a:x", 1),
        ("a:x)", 4),
        ('a:"x', 3),
        ("a:/x", 3),
        ("a:[x TO", 8),
        ("a:[x y]", 3),
        ("a:[x TO y", 3),
        ("a:-5", 3),
        ("a:x\\", 4),
        (r"a:\u12", 3),
        ("a:x^y", 4),
        ("a:]", 3),
    ],
)
def test_what_is_no_query_string_is_an_error_with_its_place(text: str, column: int) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert caught.value.code == "lucene-syntax"
    assert caught.value.place == Place(None, 1, column)


def test_values_that_a_type_does_not_take_are_errors_with_their_place() -> None:
    with pytest.raises(RuleError) as caught:
        meaning("a:x AND\n n:five")
    assert (caught.value.code, caught.value.place) == ("value-not-a-number", Place(None, 2, 2))


def test_depth_is_limited() -> None:
    with pytest.raises(RuleError) as caught:
        parse("(" * (DEEPEST_NESTING + 1) + "a:x" + ")" * (DEEPEST_NESTING + 1))
    assert caught.value.code == "nesting-too-deep"
    assert meaning("(" * DEEPEST_NESTING + "a:x" + ")" * DEEPEST_NESTING) == X


def test_long_lists_are_read() -> None:
    found = meaning(f"a:({' OR '.join(f'v{number}' for number in range(20_000))})")
    assert isinstance(found, Any)
    assert len(found.items) == 20_000


@settings(max_examples=300)
@given(st.text(st.sampled_from('ab*?:()[]{}"/\\~^+-!<>= \nANDORTO&|u0'), max_size=20))
def test_anything_is_read_or_refused(text: str) -> None:
    with suppress(RuleError):
        meaning(text)


def test_bare_query_strings_are_rules() -> None:
    rule = parse_rule("process.name:nc AND NOT user.name:root", language="lucene")
    assert (rule.type, rule.language) == ("query", "lucene")
    assert rule.detection == Events(All((equal("process.name", "nc"), Not(equal("user.name", "root")))))
