"""Every kind of leaf in words, affirmed and denied, where no query of the tables reaches it."""

from dataclasses import replace

import pytest

from converter import parse
from converter.describe import page
from converter.ir import (
    ANY_RUN,
    AddressLiteral,
    All,
    Always,
    Any,
    BooleanLiteral,
    Both,
    Call,
    Compute,
    Constant,
    DateLiteral,
    Either,
    Equal,
    Events,
    Expression,
    Field,
    FieldPattern,
    FieldValue,
    Flavour,
    IndicatorMatch,
    Like,
    Matcher,
    Matches,
    Negation,
    Nested,
    Network,
    Never,
    Not,
    NumberLiteral,
    Phrase,
    Predicate,
    Present,
    Range,
    Regex,
    Sample,
    Stage,
    Test,
    TextLiteral,
    Threshold,
    VersionLiteral,
    pattern,
)
from converter.ir.regex import CharClass, Chars, Concat
from converter.rule import ExceptionItem
from tests.describe.test_describe_words import found

RULE = parse("any where true", "eql")
X = Equal(TextLiteral("x"))


def said(predicate: Predicate) -> str:
    """The condition as it stands on the page."""
    text = found(page(replace(RULE, stated=Events(predicate), detection=Events(predicate))))
    first, _, rest = text.partition("\n")
    return rest.removeprefix("  - ").removesuffix("\n") if first.endswith("this holds:") else first


LEAVES: list[tuple[Matcher | tuple[Matcher, ...], str, str]] = [
    (Present(), "f has a value", "f is missing"),
    (Like((ANY_RUN,)), "f has a value", "f is missing"),
    (Like(()), 'f is ""', 'f is not "", or is missing'),
    (Like(pattern("a*")), 'f is "a*"', 'f is not "a*", or is missing'),
    (
        Like(pattern("a*", ANY_RUN, "b")),
        'f matches the pattern "a<U+002A>*b"',
        'f does not match the pattern "a<U+002A>*b", or is missing',
    ),
    (Equal(BooleanLiteral(True), ignore_case=True), "f is true", "f is not true, or is missing"),
    (Equal(NumberLiteral(4.0)), "f is 4.0", "f is not 4.0, or is missing"),
    (Equal(DateLiteral("now-1d")), "f is the date now-1d", "f is not the date now-1d, or is missing"),
    (Equal(VersionLiteral("1.2")), "f is version 1.2", "f is not version 1.2, or is missing"),
    (
        Range(NumberLiteral(1), NumberLiteral(5), open_high=True),
        "f is at least 1 and less than 5, by one and the same value",
        "f has no value that is at least 1 and less than 5, or is missing",
    ),
    (
        Range(high=DateLiteral("2024"), open_high=True),
        "f is before the date 2024",
        "f is not before the date 2024, or is missing",
    ),
    (
        Range(AddressLiteral("10.0.0.1"), open_low=True),
        "f is above the address 10.0.0.1",
        "f is not above the address 10.0.0.1, or is missing",
    ),
    (Range(VersionLiteral("1.2")), "f is at or after version 1.2", "f is not at or after version 1.2, or is missing"),
    (
        (Network("10.0.0.1/32"), Network("::1/128")),
        "f is one of the addresses 10.0.0.1, ::1",
        "f is none of the addresses 10.0.0.1, ::1, or is missing",
    ),
    (
        Regex(Concat((Chars("a/ b"), CharClass(((97, 99),)))), Flavour.JAVA, ignore_case=True),
        r"f matches the regular expression /a\/ b[a-c]/ (ignoring case)",
        r"f does not match the regular expression /a\/ b[a-c]/ (ignoring case), or is missing",
    ),
    (
        Phrase((pattern("po", ANY_RUN), pattern("shell")), "standard"),
        'f contains the phrase "po* shell" (full text, analyzer standard)',
        'f does not contain the phrase "po* shell" (full text, analyzer standard), or is missing',
    ),
    (
        Phrase((), "standard"),
        "f contains a phrase of no words (never so)",
        "f does not contain a phrase of no words (always so), or is missing",
    ),
    ((), "f is one of nothing: this never holds", "f is one of nothing: this is denied, and so always holds"),
]


@pytest.mark.parametrize(("matchers", "affirmed", "denied"), LEAVES)
def test_a_leaf_and_its_denial(matchers: Matcher | tuple[Matcher, ...], affirmed: str, denied: str) -> None:
    test = Test(Field("f"), matchers if isinstance(matchers, tuple) else (matchers,))
    assert said(test) == affirmed
    assert said(Not(test)) == denied


F, G = FieldValue("f"), FieldValue("g", optional=True)
IS_A, IS_B = (Matches(value, (Equal(TextLiteral(text)),)) for value, text in ((F, "a"), (G, "b")))

COMPUTED: list[tuple[Expression, str]] = [
    (Both((IS_A, IS_B)), '(f is "a") and (g (optional) is "b")'),
    (Either((IS_A, Negation(IS_B))), '(f is "a") or (not (g (optional) is "b"))'),
    (Call("basename", (F, Constant(TextLiteral("\\")))), 'the part of f after the last "\\"'),
    (Call("dirname", (F, Constant(TextLiteral("/")))), 'the part of f before the last "/"'),
    (Call("extension", (F, Constant(TextLiteral("/")))), 'the file extension of f (separator "/")'),
    (Call("upper", (Call("lower", (F,)),)), "(f in lower case) in upper case"),
    (Call("cidrMatch", (F, Constant(TextLiteral("::/8")))), 'f is an address in "::/8"'),
    (Call("length", (F, G), ignore_case=True), "length(f, g (optional)) (ignoring case)"),
    (Constant(None), "no value"),
    (Matches(F, ()), "f is one of nothing"),
]


@pytest.mark.parametrize(("expression", "words"), COMPUTED)
def test_an_expression(expression: Expression, words: str) -> None:
    assert said(Compute(expression)) == words


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        (Not(Test(FieldPattern((ANY_RUN,)), (X,))), 'no field, whatever its name, is "x"'),
        (
            Not(Test(FieldPattern(pattern("a.", ANY_RUN)), (X, Present()))),
            'no field with a name like "a.*" satisfies any of these:\n    - it is "x"\n    - it has a value',
        ),
        (Nested("o", Always()), "there is an object under o, without any condition"),
        (All((Always(), Test(Field("a b"), (X,)))), '`a b` is "x"'),
        (Any((Never(), Not(Test(Field("f"), (X,))))), 'f is not "x", or is missing'),
        (Not(All((All(()), All(())))), "this never holds"),
        (Not(Any((Never(),))), "Finds every event, without any condition"),
        (Any(()), "this never holds"),
    ],
)
def test_a_condition(predicate: Predicate, words: str) -> None:
    assert said(predicate) == words


def test_a_sample_within_a_time() -> None:
    stage = Stage(Test(Field("f"), (X,)), (Field("host.id"),))
    text = page(replace(RULE, stated=None, detection=Sample((stage, stage), within=1_500)))
    assert "Finds sets of 2 different events in any order, at most 1,500 milliseconds apart, one for" in text


def test_a_threshold_without_groups() -> None:
    text = page(replace(RULE, stated=None, detection=Threshold(Always(), (), 1, within=3_600_000)))
    assert "Finds a group if there is at least 1 such event in all within 1 hour.\n" in text


def test_indicators_without_a_condition() -> None:
    text = page(replace(RULE, stated=None, detection=IndicatorMatch(Always(), ("ti-*",), Always(), ())))
    assert "Indicators are the documents of ti-*, without any condition" in text


def test_exceptions_stand_apart() -> None:
    item = ExceptionItem("Our\nscanner", "scanners", Test(Field("f"), (X,)), "2027-01-01T00:00:00Z")
    text = page(replace(RULE, exceptions=(item,)))
    assert (
        "Exceptions: events that one of these describes are left out\n"
        "  - Our scanner (list scanners, until 2027-01-01T00:00:00Z): events for which this holds:\n"
        '    - f is "x"\n'
    ) in text
