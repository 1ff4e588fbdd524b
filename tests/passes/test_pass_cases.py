"""What each pass does, case by case; that it keeps the meaning is shown in test_pass_properties.py."""

import pytest

from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Always,
    Any,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    Either,
    Equal,
    Events,
    Expression,
    Field,
    FieldValue,
    IndicatorMatch,
    IsNull,
    Like,
    Matches,
    Nested,
    Never,
    NewTerms,
    Not,
    NumberLiteral,
    Predicate,
    Present,
    Sequence,
    Span,
    Stage,
    Test,
    TextLiteral,
    pattern,
)
from converter.passes import canonical, canonical_detection, normalise, normalise_detection

F, G = FieldValue("f"), FieldValue("g")


def text(value: str) -> Constant:
    return Constant(TextLiteral(value))


def number(value: int) -> Constant:
    return Constant(NumberLiteral(value))


def equals(value: str, name: str = "f") -> Test:
    return Test(Field(name), (Equal(TextLiteral(value)),))


def like(*parts: object) -> Test:
    return Test(Field("f"), (Like(pattern(*parts)),))  # type: ignore[arg-type]


PRESENT = Test(Field("f"), (Present(),))
LENGTH = Call("length", (F,))


@pytest.mark.parametrize(
    ("expression", "predicate"),
    [
        (Compare(">", LENGTH, number(0)), like(ANY_ONE, ANY_RUN)),
        (Compare("<", number(0), LENGTH), like(ANY_ONE, ANY_RUN)),
        (Compare(">=", LENGTH, number(1)), like(ANY_ONE, ANY_RUN)),
        (Compare("==", LENGTH, number(0)), equals("")),
        (Compare("<", LENGTH, number(1)), equals("")),
        (Compare(">=", LENGTH, number(0)), PRESENT),
        (Compare("==", LENGTH, number(-1)), Never()),
        (Compare("<", LENGTH, number(0)), Never()),
        (Call("startsWith", (F, text("x"))), like("x", ANY_RUN)),
        (Call("startsWith", (F, text(""))), PRESENT),
        (Call("endsWith", (F, text("*"))), like(ANY_RUN, "*")),
        (Call("stringContains", (F, text("x"))), like(ANY_RUN, "x", ANY_RUN)),
        (Call("stringContains", (F, text(""))), Never()),
        (Compare(">=", Call("indexOf", (F, text("x"))), number(0)), like(ANY_RUN, "x", ANY_RUN)),
        (Compare("==", Call("indexOf", (F, text("x"))), number(0)), like("x", ANY_RUN)),
        (Compare("==", Call("substring", (F, number(0), number(2))), text("ab")), like("ab", ANY_RUN)),
        (Compare("==", Call("substring", (F, number(0), number(2))), text("a")), equals("a")),
        (Compare("==", Call("substring", (F, number(0), number(2))), text("abc")), Never()),
        (Compare("==", Call("substring", (F, number(-2))), text("ab")), like(ANY_RUN, "ab")),
        (
            Matches(Call("substring", (F, number(-1))), (Equal(TextLiteral("a"), True), Equal(TextLiteral("b")))),
            Test(Field("f"), (Like(pattern(ANY_RUN, "a"), True), Like(pattern(ANY_RUN, "b")))),
        ),
        (Matches(F, (Like(pattern("x", ANY_RUN)),)), like("x", ANY_RUN)),
        (IsNull(F), Not(PRESENT)),
        (IsNull(LENGTH), Not(PRESENT)),
        (Both((IsNull(G), Call("startsWith", (F, text("x"))))),
         All((Not(Test(Field("g"), (Present(),))), like("x", ANY_RUN)))),
        (Either((IsNull(F), Call("startsWith", (F, G)))), Any((Not(PRESENT), Compute(Call("startsWith", (F, G)))))),
    ],
)  # fmt: skip
def test_patterns_in_disguise_are_revealed(expression: Expression, predicate: Predicate) -> None:
    assert normalise(Compute(expression)) == predicate


@pytest.mark.parametrize(
    "expression",
    [
        Compare(">", LENGTH, number(1)),
        Compare("==", LENGTH, number(1)),
        Call("startsWith", (F, G)),
        Call("startsWith", (F, text("x")), True),
        IsNull(Call("indexOf", (F, text("x")))),
        Compare(">", Call("indexOf", (F, text("x"))), number(0)),
        Compare("==", Call("substring", (F, number(1))), text("x")),
        IsNull(Call("concat", (F, G))),
    ],
)
def test_what_no_pattern_says_exactly_stays_a_script(expression: Expression) -> None:
    assert normalise(Compute(expression)) == Compute(expression)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (All((Always(), equals("x"))), equals("x")),
        (All((Never(), equals("x"))), Never()),
        (Any((Never(), equals("x"))), equals("x")),
        (Any((Always(), equals("x"))), Always()),
        (All(()), Always()),
        (Any(()), Never()),
        (Not(Always()), Never()),
        (Not(Any((Never(),))), Always()),
        (Test(Field("f"), ()), Never()),
        (Nested("o", All((Never(),))), Never()),
        (Nested("o", Always()), Nested("o", Always())),
        (Not(Not(equals("x"))), equals("x")),
        (All((equals("x"), All((equals("y"), equals("z"))))), All((equals("x"), equals("y"), equals("z")))),
    ],
)
def test_constants_and_levels_disappear(predicate: Predicate, expected: Predicate) -> None:
    assert normalise(predicate) == expected


def test_tests_on_one_field_merge_below_any_alone() -> None:
    both = Test(Field("f"), (Equal(TextLiteral("x")), Equal(TextLiteral("y"))))
    assert normalise(Any((equals("x"), equals("y"), equals("x")))) == both
    assert normalise(Any((equals("x"), equals("z", "g"), Any((equals("y"),))))) == Any((both, equals("z", "g")))
    assert normalise(All((equals("x"), equals("y")))) == All((equals("x"), equals("y")))
    assert normalise(Any((equals("x"), Not(equals("y"))))) == Any((equals("x"), Not(equals("y"))))


def test_a_merged_test_spans_its_parts() -> None:
    one = Test(Field("f"), (Present(),), Span(0, 1, 1, 1))
    other = Test(Field("f"), (Equal(TextLiteral("x")),), Span(5, 9, 2, 1))
    merged = normalise(Any((one, other)))
    assert merged.span == Span(0, 9, 1, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Not(All((equals("x"), equals("y")))), Any((Not(equals("y")), Not(equals("x"))))),
        (All((Not(equals("x")), Not(equals("y")))), Not(Any((equals("y"), equals("x"))))),
        (Any((equals("1"), equals("2"))), Test(Field("f"), (Equal(TextLiteral("2"), True), Equal(TextLiteral("1"))))),
        (Test(Field("f"), (Present(), Equal(TextLiteral("x")))), PRESENT),
        (Nested("o", All((equals("x"), equals("y")))), Nested("o", All((equals("y"), equals("x"))))),
        (Compute(Compare(">", LENGTH, number(0))), Not(Not(like(ANY_ONE, ANY_RUN)))),
    ],
)
def test_canonical_forms_are_equal(one: Predicate, other: Predicate) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (All((equals("x"), equals("y"))), Any((equals("x"), equals("y")))),
        (Not(equals("x")), equals("x")),
        (Test(Field("f"), (Equal(TextLiteral("x"), True),)), equals("x")),
        (Nested("o", equals("x")), equals("x")),
        (Test(Field("f", optional=True), (Present(),)), PRESENT),
    ],
)
def test_canonical_forms_differ(one: Predicate, other: Predicate) -> None:
    assert canonical(one) != canonical(other)


def test_every_predicate_of_a_detection_is_normalised() -> None:
    before, after = Not(Not(equals("x"))), equals("x")
    stage = Stage(before)
    assert normalise_detection(Events(before)) == Events(after)
    assert normalise_detection(Sequence((stage,), until=stage)) == Sequence((Stage(after),), until=Stage(after))
    assert normalise_detection(IndicatorMatch(before, (), before, ())) == IndicatorMatch(after, (), after, ())
    new = NewTerms(before, (Field("f"),), "now-5d", "now-1d")
    assert canonical_detection(new) == NewTerms(after, (Field("f"),), "now-5d", "now-1d")
