"""How EQL writes what it is given: texts read and written anew (cases/raising.toml), and IR that no text says."""

import tomllib
from pathlib import Path

import pytest

from converter.ir import (
    ANY_RUN,
    All,
    Call,
    Compare,
    Compute,
    Constant,
    Detection,
    Equal,
    Events,
    Field,
    FieldValue,
    Flavour,
    Like,
    Matcher,
    Matches,
    Negation,
    Network,
    NewTerms,
    Not,
    NumberLiteral,
    Predicate,
    Range,
    Regex,
    Sample,
    Sequence,
    Stage,
    Test,
    TextLiteral,
    Threshold,
    pattern,
)
from converter.ir.regex import AnyChar, Boundary, Chars, Complement, Concat
from converter.languages import eql, kql
from converter.languages.eql.raising import raise_
from converter.losses import converter_codes
from converter.passes import canonical_detection
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.catalogue import FieldType as T

CASES = tomllib.loads((Path(__file__).parent / "cases/raising.toml").read_text(encoding="utf-8"))["case"]
CATALOGUE = Catalogue(
    {
        info.name: info
        for info in (
            FieldInfo("a"),
            FieldInfo("b"),
            FieldInfo("arr", array=True),
            FieldInfo("n", T.LONG),
            FieldInfo("nums", T.LONG, array=True),
            FieldInfo("flag", T.BOOLEAN),
            FieldInfo("ip", T.IP),
            FieldInfo("day", T.DATE),
            FieldInfo("v", T.VERSION),
            FieldInfo("message", T.TEXT, analyzer="standard"),
            FieldInfo("low"),
            FieldInfo("o", T.NESTED),
            FieldInfo("event.category", array=True),
        )
    }
)


def written(detection: Detection, *, mark_unknown: bool = False) -> str | None:
    raised = raise_(detection, CATALOGUE, mark_unknown=mark_unknown)
    return None if raised.tree is None else eql.to_text(raised.tree)


def refusal(detection: Detection) -> str:
    """The code of the one reason why EQL cannot say the detection."""
    raised = raise_(detection, CATALOGUE)
    assert raised.tree is None
    (loss,) = raised.losses
    assert loss.direction is None
    assert loss.code in converter_codes()
    return loss.code


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.get("kql") or case.get("eql"))[:60])
def test_cases(case: dict[str, str]) -> None:
    if "kql" in case:
        detection = kql.lower(kql.parse(case["kql"]), CATALOGUE).detection
        if "code" in case:
            assert refusal(detection) == case["code"]
        else:
            assert written(detection, mark_unknown=True) == case["eql"]
        return
    detection = eql.lower(eql.parse(case["eql"]), CATALOGUE).detection
    raised = raise_(detection, CATALOGUE)
    assert raised.tree is not None
    assert eql.to_text(raised.tree) == case["printed"].strip()
    assert canonical_detection(eql.lower(raised.tree, CATALOGUE).detection) == canonical_detection(detection)


A = Field("a")
VALUE = FieldValue("a")
TEXT = Constant(TextLiteral("x"))


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (Test(A, (Network("10.0.0.0/8"),)), "eql-network"),
        (Test(A, (Regex(Concat((Boundary("word"), Chars("x")))),)), "eql-regex-dialect"),
        (Test(A, (Regex(Concat((AnyChar(), Chars("x" * 1000)))),)), "eql-regex-length"),
        (Test(A, (Like(pattern(ANY_RUN, "*" + "x" * 1000)),)), "eql-regex-length"),
        (Test(Field("nums"), (Range(NumberLiteral(1), NumberLiteral(5)),)), "range-two-bounds"),
        (Compute(Compare("==", Call("basename", (VALUE,)), TEXT)), "eql-function-absent"),
        (Compute(Call("number", (VALUE,), ignore_case=True)), "eql-function-absent"),
        (Compute(Compare("==", VALUE, FieldValue("b"))), "eql-two-fields"),
        (Compute(Negation(Matches(VALUE, (Equal(TextLiteral("x")),)))), "eql-script-form"),
        (Compute(Compare("==", Call("number", (TEXT,)), Constant(NumberLiteral(1)))), "eql-constant-fails"),
        (
            Compute(Matches(Call("concat", (VALUE,)), (Regex(Complement(Chars("x")), Flavour.LUCENE),))),
            "eql-regex-dialect",
        ),
        (Test(Field("n"), (Like(pattern("1", ANY_RUN)),)), "eql-refused"),
        (Test(Field("o"), (Equal(TextLiteral("x")),)), "eql-refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_has_no_words(predicate: Predicate, code: str) -> None:
    assert refusal(Events(predicate)) == code


STAGE = Stage(Test(A, (Equal(TextLiteral("x")),)), (A,))


@pytest.mark.parametrize(
    ("detection", "code"),
    [
        (NewTerms(STAGE.predicate, (A,), "now-5d", "now-5m"), "eql-detection-kind"),
        (Threshold(STAGE.predicate, (A,), 5), "eql-detection-kind"),
        (Sample((STAGE, STAGE), within=1000), "eql-detection-kind"),
        (Sample((Stage(STAGE.predicate), Stage(STAGE.predicate))), "eql-refused"),
        (Sequence((STAGE,)), "eql-refused"),
        (Sequence((STAGE, Stage(STAGE.predicate))), "eql-refused"),
        (Sequence((STAGE, Stage(STAGE.predicate, (A,), missing=True))), "eql-refused"),
        (Sequence((STAGE, Stage(STAGE.predicate, (Field("n"),)))), "eql-refused"),
    ],
)
def test_detections_without_words(detection: Detection, code: str) -> None:
    assert refusal(detection) == code


def test_every_part_that_has_no_words_is_named() -> None:
    network, regex = Test(A, (Network("10.0.0.0/8"),)), Test(A, (Regex(Boundary("word")),))
    raised = raise_(Events(All((network, Not(regex), network))), CATALOGUE)
    assert [loss.code for loss in raised.losses] == ["eql-network", "eql-regex-dialect"]


@pytest.mark.parametrize(
    ("matchers", "text"),
    [
        ((Regex(AnyChar(newline=False), Flavour.PCRE),), 'any where a regex "[^\\n]"'),
        ((Regex(Chars("Ab"), Flavour.PCRE, ignore_case=True),), 'any where a regex "[Aa][Bb]"'),
        ((Regex(Concat((Chars("a"), AnyChar())), ignore_case=True),), 'any where a regex~ "a."'),
    ],
)
def test_other_dialects_become_lucene(matchers: tuple[Matcher, ...], text: str) -> None:
    assert written(Events(Test(A, matchers))) == text


def test_two_bounds_of_a_single_value_are_an_assumption() -> None:
    raised = raise_(Events(Test(Field("n"), (Range(NumberLiteral(1), NumberLiteral(5)),))), CATALOGUE)
    assert raised.tree is not None
    assert eql.to_text(raised.tree) == "any where n >= 1 and n <= 5"
    (assumption,) = raised.assumptions
    assert (assumption.code, assumption.field) == ("field-single-valued", "n")


def test_functions_that_the_index_would_answer_stay_scripts() -> None:
    """The plain form would read the star as a wildcard (spec eql 9)."""
    assert written(Events(Compute(Call("endsWith", (VALUE, Constant(TextLiteral("*"))))))) == (
        'any where endsWith(string(a), "*")'
    )


def test_types_that_a_reader_would_not_guess_are_assumed() -> None:
    raised = raise_(Events(Test(Field("x"), (Range(TextLiteral("5")),))), CATALOGUE)
    assert [assumption.code for assumption in raised.assumptions] == ["field-type-needed"]


def test_deep_predicates_are_refused() -> None:
    predicate: Predicate = STAGE.predicate
    for _ in range(60):
        predicate = Not(All((predicate, STAGE.predicate)))
    assert refusal(Events(predicate)) == "eql-refused"
