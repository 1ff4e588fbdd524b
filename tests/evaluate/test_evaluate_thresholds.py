"""Thresholds: groups, their size, their variety, their order."""

from itertools import product
from random import Random

import pytest

from converter.evaluate import Match, evaluate
from converter.evaluate.threshold import UNGROUPED_CEILING
from converter.events.event import Event, Values
from converter.ir import Always, Field, Threshold
from converter.schema.catalogue import Catalogue, FieldType
from tests.evaluate.naive_sequence import kind

CATALOGUE = Catalogue({}).retyped({"port": FieldType.LONG})
USER, PORT = Field("user"), Field("port")


def event(id_: str, **fields: Values) -> Event:
    return Event(id_, fields)


EVENTS = [
    event("1", user=("ann",), port=(80,)),
    event("2", user=("ann", "ann"), port=(443, 80)),
    event("3", user=("bob",), port=(9,)),
    event("4", user=("bob", "ann"), port=(80,)),
    event("5", user=("bob",)),
    event("6", port=(80,)),
]


def test_groups_by_one_field() -> None:
    assert evaluate(Threshold(Always(), (USER,), 3), EVENTS, CATALOGUE) == [
        Match(("1", "2", "4"), ("ann",), 3),
        Match(("3", "4", "5"), ("bob",), 3),
    ]
    assert evaluate(Threshold(Always(), (USER,), 4), EVENTS, CATALOGUE) == []


def test_groups_by_several_fields_are_combinations_in_ascending_order() -> None:
    found = evaluate(Threshold(Always(), (PORT, USER), 1), EVENTS, CATALOGUE)
    assert [(match.keys, match.ids) for match in found] == [
        ((9, "bob"), ("3",)),
        ((80, "ann"), ("1", "2", "4")),
        ((80, "bob"), ("4",)),
        ((443, "ann"), ("2",)),
    ]


def test_a_group_is_varied_enough() -> None:
    """Every element of a list counts, a missing value does not."""
    detection = Threshold(Always(), (USER,), 1, distinct=(PORT, 2))
    assert [match.keys for match in evaluate(detection, EVENTS, CATALOGUE)] == [("ann",), ("bob",)]
    assert evaluate(Threshold(Always(), (USER,), 1, distinct=(PORT, 3)), EVENTS, CATALOGUE) == []


def test_without_fields_all_selected_events_are_one_group() -> None:
    assert evaluate(Threshold(kind("a"), (), 2), [event("1", kind=("a",)), event("2", kind=("b",))], CATALOGUE) == []
    assert evaluate(Threshold(Always(), (), 6), EVENTS, CATALOGUE) == [Match(tuple("123456"), None, 6)]
    assert evaluate(Threshold(Always(), (), 6, distinct=(USER, 3)), EVENTS, CATALOGUE) == []


@pytest.mark.parametrize(("keys", "found"), [((), 0), ((USER,), 1)])
def test_ungrouped_events_are_not_counted_beyond_the_ceiling(keys: tuple[Field, ...], found: int) -> None:
    many = [event(str(number), user=("ann",)) for number in range(UNGROUPED_CEILING + 1)]
    assert len(evaluate(Threshold(Always(), keys, UNGROUPED_CEILING + 1), many, CATALOGUE)) == found


def test_groups_agree_with_all_combinations() -> None:
    for seed in range(300):
        random = Random(seed)
        events = [
            event(
                str(number), **{name: tuple(random.choices("xyz", k=random.randint(0, 2))) for name in ("a", "b", "c")}
            )
            for number in range(random.randint(0, 9))
        ]
        least, varied = random.randint(1, 3), random.randint(0, 3)
        expected = []
        for key in product("xyz", repeat=2):
            group = [item for item in events if key[0] in item.fields["a"] and key[1] in item.fields["b"]]
            if len(group) >= least and len({value for item in group for value in item.fields["c"]}) >= varied:
                expected.append(Match(tuple(item.id for item in group), key, len(group)))
        detection = Threshold(Always(), (Field("a"), Field("b")), least, (Field("c"), varied))
        assert evaluate(detection, events, CATALOGUE) == expected, seed


def test_a_window_counts_events_from_its_start_on_and_none_without_a_time() -> None:
    detection = Threshold(Always(), (), 2, start="now-1m")
    now = 6_000_000.0
    inside = [Event("first", {}, {}, now - 60_000), Event("last", {}, {}, now)]
    outside = [Event("early", {}, {}, now - 60_001), Event("late", {}, {}, now + 1), Event("timeless", {})]
    assert [match.ids for match in evaluate(detection, [*outside, *inside], CATALOGUE, now=now)] == [("first", "last")]
    assert evaluate(detection, outside, CATALOGUE, now=now) == []
    assert evaluate(detection, [Event("a", {}), Event("b", {})], CATALOGUE) == []
