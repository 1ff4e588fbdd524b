"""Events put in order as they come: sorted within the patience, refused beyond it, never out of order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.errors import ConfigurationError
from converter.evaluate.match import place_of
from converter.events.event import Event
from converter.events.ordering import Patience, held, in_order_of_time


def events_at(*times: float | None) -> list[Event]:
    return [Event(str(number), {}, time=time) for number, time in enumerate(times)]


def ids(events: list[Event]) -> list[str]:
    return [event.id for event in events]


def test_what_comes_a_little_late_is_put_in_its_place() -> None:
    assert ids(list(in_order_of_time(events_at(1, 3, 2, 5, 4, None, 6), Patience(events=3)))) == list("0214365")


def test_events_of_one_time_keep_their_order() -> None:
    assert ids(list(in_order_of_time(events_at(1, 1, 0, 1, 1), Patience(events=2)))) == list("20134")


def test_what_comes_too_late_is_refused_not_misplaced() -> None:
    given_out = in_order_of_time(events_at(1, 2, 3, 4, 0), Patience(events=2))
    with pytest.raises(ConfigurationError) as caught:
        list(given_out)
    assert caught.value.code == "events-out-of-order"


def test_patience_is_about_size_too() -> None:
    large = [Event("0", {"a": ("x" * 1000,)}, time=2.0), Event("1", {"a": ("x" * 1000,)}, time=1.0)]
    assert ids(list(in_order_of_time(large, Patience(size=10_000)))) == ["1", "0"]
    assert held(iter(large), Patience(size=1000)) == (large[:1], False)


def test_nothing_is_held_once_all_are_there() -> None:
    few = events_at(1, 2)
    assert held(iter(few), Patience(events=3)) == (few, True)


@given(st.lists(st.integers(0, 9) | st.none(), max_size=30), st.integers(1, 12))
def test_the_order_is_that_of_sorting_or_there_is_none(times: list[int | None], patience: int) -> None:
    events = events_at(*times)
    expected = sorted(events, key=place_of)
    try:
        found = list(in_order_of_time(events, Patience(events=patience)))
    except ConfigurationError:
        assert patience < len(events)
    else:
        assert found == expected
