"""Sequences: keys of every type, what streams may look like, memory, and what stops an evaluation."""

import tracemalloc
from collections.abc import Iterator
from itertools import count, islice

import pytest

from converter.evaluate import EvaluationError, Match, evaluate, stream
from converter.events.event import Event, Scalar, Values
from converter.ir import Events, Field, NewTerms, Sequence, Stage, Take
from converter.schema.catalogue import Catalogue, FieldType
from tests.evaluate.naive_sequence import kind

CATALOGUE = Catalogue({}).retyped(
    {"when": FieldType.DATE, "ip": FieldType.IP, "n": FieldType.LONG, "flag": FieldType.BOOLEAN}
)
A, B = (Stage(kind(letter)) for letter in "ab")


def event(letter: str, time: float | None, **fields: Values) -> Event:
    return Event(f"{letter}{time}", {"kind": (letter,), **fields}, time=time)


def joined(*keys: Field) -> Sequence:
    return Sequence((Stage(kind("a"), keys), Stage(kind("b"), keys)))


@pytest.mark.parametrize(
    ("name", "left", "right", "shown"),
    [
        ("word", "x", "x", "x"),
        ("n", 7, "7", 7),
        ("flag", True, "true", True),
        ("ip", "10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1"),
        ("ip", "2001:db8::1", "2001:DB8:0::0:1", "2001:db8::1"),
        ("when", "2024-05-01T00:00:00Z", 1_714_521_600_000, "2024-05-01T00:00:00.000Z"),
        (
            "when",
            "2024-05-01T02:00:00.000000001+02:00",
            "2024-05-01T00:00:00.000000001Z",
            "2024-05-01T00:00:00.000000001Z",
        ),
        ("when", 10**17, str(10**17), "100000000000000000"),
    ],
)
def test_keys_are_compared_by_the_type_of_their_field(name: str, left: Scalar, right: Scalar, shown: Scalar) -> None:
    events = [event("a", 1, **{name: (left,)}), event("b", 2, **{name: (right,)})]
    assert evaluate(joined(Field(name)), events, CATALOGUE) == [Match(("a1", "b2"), (shown,))]


def test_keys_that_differ_by_case_or_type_do_not_join() -> None:
    events = [event("a", 1, word=("x",)), event("b", 2, word=("X",)), event("b", 3, n=("no number",))]
    assert evaluate(joined(Field("word")), events, CATALOGUE) == []
    assert evaluate(joined(Field("n")), [event("a", 1, n=("no number",)), *events], CATALOGUE) == []


def test_keys_that_no_mapping_defines() -> None:
    events = [event("a", 1, f=("x",)), event("b", 2, f=("y",))]
    optional = joined(Field("f", optional=True))
    assert evaluate(optional, events, CATALOGUE) == []
    assert evaluate(optional, events, CATALOGUE, mapped={"kind"}) == [Match(("a1", "b2"), (None,))]
    with pytest.raises(EvaluationError) as caught:
        evaluate(joined(Field("f")), events, CATALOGUE, mapped={"kind"})
    assert caught.value.code == "field-not-mapped"


def test_lists_in_many_keys_are_bounded() -> None:
    lists: dict[str, Values] = {name: tuple(map(str, range(100))) for name in ("x", "y", "z")}
    with pytest.raises(EvaluationError) as caught:
        evaluate(joined(*map(Field, lists)), [event("a", 1, **lists)], CATALOGUE)
    assert caught.value.code == "too-many-combinations"


def test_a_span_is_met_exactly_and_exceeded_by_the_least() -> None:
    def found(time: float) -> int:
        return len(evaluate(Sequence((A, B), 1000), [event("a", 1_700_000_000_000), event("b", time)], CATALOGUE))

    assert found(1_700_000_001_000) == 1
    assert found(1_700_000_001_000.25) == 0


def test_sixty_runs_slide_along() -> None:
    detection = Sequence((Stage(kind("a"), runs=60),), 60_000)
    found = evaluate(detection, [event("a", second * 1000) for second in range(62)], CATALOGUE)
    assert [(match.ids[0], match.ids[-1], len(match.ids)) for match in found] == [
        ("a0", "a59000", 60),
        ("a1000", "a60000", 60),
        ("a2000", "a61000", 60),
    ]


@pytest.mark.parametrize(("take", "expected"), [(Take("head", 2), ["a0", "a1"]), (Take("tail", 2), ["a2", "a3"])])
def test_pipes_take_sequences_from_either_end(take: Take, expected: list[str]) -> None:
    detection = Sequence((A, A), take=(take,))
    found = evaluate(detection, [event("a", time) for time in range(5)], CATALOGUE)
    assert [match.ids[0] for match in found] == expected


def test_an_event_of_a_stage_needs_a_time() -> None:
    missing = Stage(kind("m"), missing=True)
    detection = Sequence((missing, A, missing, B, missing), 1000, until=Stage(kind("u")))
    assert evaluate(detection, [event("other", None)], CATALOGUE) == []
    for letter in "abmu":
        with pytest.raises(EvaluationError) as caught:
            evaluate(detection, [event(letter, None)], CATALOGUE)
        assert caught.value.code == "event-without-time"


def endless(spacing: float = 1) -> Iterator[Event]:
    """Pairs of events, every pair with a key of its own."""
    for number in count():
        for step, letter in enumerate("ab"):
            yield Event(
                f"{letter}{number}", {"kind": (letter,), "k": (str(number),)}, time=(2 * number + step) * spacing
            )


def test_matches_come_while_events_are_read() -> None:
    assert [match.ids for match in islice(stream(joined(Field("k")), endless(), CATALOGUE), 2)] == [
        ("a0", "b0"),
        ("a1", "b1"),
    ]
    first = stream(Events(kind("b"), (Take("head", 1),)), endless(), CATALOGUE)
    assert [match.ids for match in first] == [("b0",)]


def test_matches_wait_for_what_must_be_missing_after_them() -> None:
    """The first pair waits for a span; the second, rejected at once, is not seen, the third waits behind the first."""
    keys = (Field("k"),)
    detection = Sequence((Stage(kind("a"), keys), Stage(kind("m"), keys, missing=True)), 10)
    read = []

    def events() -> Iterator[Event]:
        for letter, key, time in [
            ("a", "1", 0),
            ("a", "2", 1),
            ("m", "2", 2),
            ("a", "3", 5),
            ("m", "1", 11),
            ("x", "", 99),
        ]:
            read.append(time)
            yield event(letter, time, k=(key,))

    found = stream(detection, events(), CATALOGUE)
    assert next(found) == Match(("a0", None), ("1",))
    assert read[-1] == 11
    assert list(found) == [Match(("a5", None), ("3",))]


def test_events_after_now_are_left_out_of_a_stream() -> None:
    assert len(list(stream(joined(Field("k")), islice(endless(), 100), CATALOGUE, now=10))) == 5


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Event("1", {}, time=2), Event("2", {}, time=1)),
        (Event("1", {}, time=1), Event("2", {}, time=1, tiebreak=1)),
        (Event("1", {}), Event("2", {}, time=1)),
    ],
)
def test_a_stream_out_of_order_is_refused(first: Event, second: Event) -> None:
    with pytest.raises(EvaluationError) as caught:
        list(stream(Sequence((A, B)), [first, second], CATALOGUE))
    assert caught.value.code == "events-out-of-order"
    list(stream(Sequence((A, B)), [second, first], CATALOGUE))


def test_dates_relative_to_now_need_it_in_a_stream() -> None:
    detection = NewTerms(kind("a"), (Field("k"),), "now-5d", "now-1d")
    with pytest.raises(EvaluationError) as caught:
        list(stream(detection, [event("a", 1)], CATALOGUE))
    assert caught.value.code == "date-needs-now"


@pytest.mark.parametrize(
    "detection",
    [
        Sequence((Stage(kind("a"), (Field("k"),)), Stage(kind("c"), (Field("k"),))), 500),
        Sequence((Stage(kind("b"), (Field("k"),), missing=True), Stage(kind("a"), (Field("k"),))), 500),
        Sequence((Stage(kind("a"), (Field("k"),)), Stage(kind("b"), (Field("k"),), missing=True)), 500),
        Sequence(
            (
                Stage(kind("a"), (Field("k"),)),
                Stage(kind("b"), (Field("k"),), missing=True),
                Stage(kind("c"), (Field("k"),)),
            ),
            500,
        ),
    ],
    ids=["never completed", "before", "after", "between"],
)
def test_memory_is_bounded_by_what_is_open(detection: Sequence) -> None:
    """Four times as many events, every key new, do not take as much more of it."""

    def peak(events: int) -> int:
        tracemalloc.start()
        for _ in stream(detection, islice(endless(), events), CATALOGUE):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(16_000) < 2 * peak(4_000) + 100_000
