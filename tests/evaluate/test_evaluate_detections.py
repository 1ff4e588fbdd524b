"""Detections: order, pipes, new terms, strict optional fields, and what is not evaluated."""

import pytest

from converter.evaluate import EvaluationError, Match, evaluate
from converter.events.event import Event, Values
from converter.ir import (
    All,
    Always,
    Any,
    Call,
    Compare,
    Compute,
    Constant,
    Detection,
    Equal,
    Events,
    Field,
    FieldValue,
    Like,
    NewTerms,
    Not,
    Predicate,
    Present,
    Sample,
    Test,
    TextLiteral,
    Threshold,
    pattern,
)
from converter.ir.detection import Take
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

CATALOGUE = Catalogue({})
DAY = 86_400_000.0


def ids(matches: list[Match]) -> list[str | None]:
    return [match.ids[0] for match in matches]


def test_events_come_by_time_tiebreaker_and_position() -> None:
    events = [
        Event("late", {}, time=2),
        Event("untied", {}, time=1),
        Event("second", {}, time=1, tiebreak=2),
        Event("first", {}, time=1, tiebreak=1),
        Event("untied too", {}, time=1),
        Event("timeless", {}),
    ]
    found = evaluate(Events(Always()), events, CATALOGUE)
    assert ids(found) == ["first", "second", "untied", "untied too", "late", "timeless"]


def test_events_after_now_are_not_seen() -> None:
    events = [Event("1", {}, time=1), Event("2", {}, time=2), Event("3", {}, time=3)]
    assert ids(evaluate(Events(Always()), events, CATALOGUE, now=2)) == ["1", "2"]


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        ((Take("head", 2),), ["0", "1"]),
        ((Take("tail", 2),), ["3", "4"]),
        ((Take("head", 4), Take("tail", 2)), ["2", "3"]),
        ((Take("tail", 0),), []),
        ((Take("tail", 9), Take("head", 1)), ["0"]),
    ],
)
def test_pipes(take: tuple[Take, ...], expected: list[str]) -> None:
    events = [Event(str(number), {}, time=number) for number in range(5)]
    assert ids(evaluate(Events(Always(), take), events, CATALOGUE)) == expected


def _seen(number: str, day: float, **fields: Values) -> Event:
    return Event(number, fields, time=day * DAY)


NEW = NewTerms(Test(Field("kind"), (Equal(TextLiteral("x")),)), (Field("user"), Field("host")), "now-5d", "now-1d")
X: Values = ("x",)


def test_new_terms_are_first_selected_after_the_start() -> None:
    events = [
        _seen("before history", 4, kind=X, user=("ann",), host=("h",)),
        _seen("in history", 5, kind=X, user=("bob",), host=("h",)),
        _seen("other kind", 6, kind=("y",), user=("carl",), host=("h",)),
        _seen("at the start", 9, kind=X, user=("dora",), host=("h",)),
        _seen("ann", 9.5, kind=X, user=("ann",), host=("h",)),
        _seen("carl and bob", 9.6, kind=X, user=("carl", "bob", "carl"), host=("h", "g")),
        _seen("carl again", 9.7, kind=X, user=("carl",), host=("h",)),
        _seen("dora again", 9.7, kind=X, user=("dora",), host=("h",)),
        _seen("no host", 9.8, kind=X, user=("eve",)),
        _seen("at the end", 10, kind=X, user=("fay",), host=("h",)),
        _seen("after the end", 11, kind=X, user=("gus",), host=("h",)),
    ]
    assert evaluate(NEW, events, CATALOGUE, now=10 * DAY) == [
        Match(("ann",), ("ann", "h")),
        Match(("carl and bob",), ("bob", "g")),
        Match(("carl and bob",), ("carl", "g")),
        Match(("carl and bob",), ("carl", "h")),
        Match(("at the end",), ("fay", "h")),
    ]


def test_two_spellings_of_an_address_are_one_new_term() -> None:
    addresses = Catalogue({"ip": FieldInfo("ip", FieldType.IP)})
    events = [
        _seen("before", 6, ip=("2001:db8::7",)),
        _seen("seen before", 9.5, ip=("2001:DB8:0::7",)),
        _seen("new", 9.6, ip=("2001:DB8::8",)),
        _seen("again", 9.7, ip=("2001:db8::8",)),
    ]
    detection = NewTerms(Always(), (Field("ip"),), "now-5d", "now-1d")
    assert evaluate(detection, events, addresses, now=10 * DAY) == [Match(("new",), ("2001:db8::8",))]


def test_new_terms_without_events_or_with_unreadable_dates() -> None:
    assert evaluate(NEW, [], CATALOGUE) == []
    broken = NewTerms(Always(), (Field("a"),), "yesterday", "now")
    with pytest.raises(EvaluationError) as caught:
        evaluate(broken, [], CATALOGUE, now=0)
    assert caught.value.code == "date-unreadable"


@pytest.mark.parametrize("detection", [Sample((), within=1000), Threshold(Always(), (), 1, within=1000)])
def test_windows_of_their_own_are_refused_by_code(detection: Detection) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(detection, [], CATALOGUE)
    assert caught.value.code == "detection-not-evaluated"


UNMAPPED = Field("f", optional=True)
IS_X = Test(UNMAPPED, (Equal(TextLiteral("x")),))
LIKE_X = Test(UNMAPPED, (Like(pattern("x")),))
TRUE = Test(Field("g"), (Present(),))


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (Not(Test(UNMAPPED, (Present(),))), True),
        (IS_X, False),
        (Not(IS_X), True),
        (LIKE_X, False),
        (Not(LIKE_X), False),
        (All((TRUE, Not(LIKE_X))), False),
        (Any((TRUE, LIKE_X)), True),
        (Not(Any((Not(TRUE), LIKE_X))), True),
        (Compute(Compare("==", FieldValue("f", True), Constant(None))), True),
    ],
)
def test_optional_fields_that_no_mapping_defines_are_null(predicate: Predicate, expected: bool) -> None:
    event = Event("1", {"g": ("1",), "f": ("x",)})
    assert bool(evaluate(Events(predicate), [event], CATALOGUE, mapped={"g"})) is expected


def test_other_fields_that_no_mapping_defines_fail() -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(Events(TRUE), [], CATALOGUE, mapped=())
    assert caught.value.code == "field-not-mapped"


def test_too_many_combinations_are_an_error() -> None:
    event = Event("1", {name: tuple(map(str, range(100))) for name in "abc"})
    compute = Compute(Compare("==", FieldValue("a"), Constant(TextLiteral("-"))))
    assert evaluate(Events(compute), [event], CATALOGUE) == []
    wide = Compute(Compare("==", Call("concat", tuple(map(FieldValue, "abc"))), Constant(TextLiteral("-"))))
    with pytest.raises(EvaluationError) as caught:
        evaluate(Events(wide), [event], CATALOGUE)
    assert caught.value.code == "too-many-combinations"
