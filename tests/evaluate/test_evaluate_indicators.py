"""Indicator matches: mappings with and, or and not, fields of every type, lists on both sides, scope and query."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from converter.evaluate import EvaluationError, evaluate
from converter.events.event import Event, Scalar, Values
from converter.ir import Always, Field, IndicatorEntry, IndicatorMatch, Predicate
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from tests.evaluate.naive_sequence import kind

CATALOGUE = Catalogue({}).extended(
    [
        FieldInfo("ip", FieldType.IP),
        FieldInfo("ioc.ip", FieldType.IP),
        FieldInfo("n", FieldType.LONG),
        FieldInfo("when", FieldType.DATE),
        FieldInfo("message", FieldType.TEXT, analyzer="standard"),
    ]
)


def entry(name: str, *, negate: bool = False) -> IndicatorEntry:
    return IndicatorEntry(Field(name), Field(f"ioc.{name}"), negate)


def event(id_: str, **fields: Values) -> Event:
    return Event(id_, fields)


def indicator(id_: str, **fields: Values) -> Event:
    return Event(id_, {name if name == "kind" else f"ioc.{name}": values for name, values in fields.items()})


def found(
    mapping: tuple[tuple[IndicatorEntry, ...], ...],
    events: list[Event],
    indicators: list[Event],
    *,
    wanted: Predicate | None = None,
    index: tuple[str, ...] = (),
) -> list[str | None]:
    detection = IndicatorMatch(Always(), index, wanted or Always(), mapping)
    return [match.ids[0] for match in evaluate(detection, events, CATALOGUE, indicators=indicators)]


@pytest.mark.parametrize(
    ("name", "value", "listed", "matches"),
    [
        ("hash", "ab12", "ab12", True),
        ("hash", "ab12", "AB12", False),
        ("ip", "10.1.2.3", "10.1.2.3", True),
        ("ip", "10.1.2.3", "10.1.0.0/16", True),
        ("ip", "10.2.2.3", "10.1.0.0/16", False),
        ("ip", "2001:db8:0::1", "2001:DB8::1", True),
        ("n", 443, "443", True),
        ("n", 443, "https", False),
        ("when", "2024-05-01T10:00:00Z", "2024-05-01", True),
        ("when", "2024-05-02T10:00:00Z", "2024-05-01", False),
        ("message", "Beacon to evil.example, again", "some BEACON", True),
        ("message", "nothing of it", "some beacon", False),
    ],
)
def test_values_are_compared_by_the_type_of_the_event_field(
    name: str, value: Scalar, listed: Scalar, matches: bool
) -> None:
    assert (
        bool(found(((entry(name),),), [event("1", **{name: (value,)})], [indicator("i", **{name: (listed,)})]))
        is matches
    )


def test_entries_of_a_group_hold_for_one_indicator_groups_for_any() -> None:
    events = [
        event("same", a=("1",), b=("1",)),
        event("crossed", a=("1",), b=("2",)),
        event("other", c=("3",)),
        event("none", a=("9",)),
    ]
    indicators = [indicator("i", a=("1",), b=("1",), c=("3",)), indicator("j", a=("2",), b=("2",))]
    assert found(((entry("a"), entry("b")),), events, indicators) == ["same"]
    assert found(((entry("a"), entry("b")), (entry("c"),)), events, indicators) == ["same", "other"]
    assert found(((entry("a"),), (entry("b"),)), events, indicators) == ["same", "crossed"]


def test_a_negated_entry_shares_no_value_with_the_same_indicator() -> None:
    mapping = ((entry("a"), entry("b", negate=True)),)
    events = [event("both", a=("1",), b=("1",)), event("one", a=("1",), b=("2", "3")), event("bare", a=("1",))]
    assert found(mapping, events, [indicator("i", a=("1",), b=("1",))]) == ["one", "bare"]
    assert found(mapping, events, [indicator("i", a=("1",))]) == ["both", "one", "bare"]


def test_lists_of_events_count_value_by_value_those_of_indicators_by_their_first_or_not() -> None:
    many = [event("1", a=("x", "y"), b=("z",))]
    assert found(((entry("a"),),), many, [indicator("i", a=("y",))]) == ["1"]
    assert found(((entry("a"),),), many, [indicator("i", a=("y", "q"))]) == ["1"]
    assert found(((entry("a"),),), many, [indicator("i", a=("q", "y"))]) == []
    assert found(((entry("a"), entry("b")),), many, [indicator("i", a=("y", "q"), b=("z",))]) == []
    assert found(((entry("n"),),), [event("1", n=(1,))], [indicator("i", n=(1, 2))]) == []


def test_only_indicators_of_the_index_and_the_query_count() -> None:
    events = [event("1", a=("x",))]
    listed = replace(indicator("i", a=("x",), kind=("k",)), index="threats-1")
    mapping = ((entry("a"),),)
    assert found(mapping, events, [listed], index=("threats-*",), wanted=kind("k")) == ["1"]
    assert found(mapping, events, [listed], index=("other-*",)) == []
    assert found(mapping, events, [listed], wanted=kind("other")) == []


def test_an_empty_list_selects_nothing_but_no_list_is_an_error() -> None:
    detection = IndicatorMatch(Always(), (), Always(), ((entry("a"),),))
    assert evaluate(detection, [event("1", a=("x",))], CATALOGUE, indicators=[]) == []
    with pytest.raises(EvaluationError) as caught:
        evaluate(detection, [], CATALOGUE)
    assert caught.value.code == "indicators-missing"


def test_events_agree_with_all_pairs() -> None:
    """Two positive entries and a negated one, values of the indicators single: the definition, pair by pair."""
    mapping = ((entry("a"), entry("b")), (entry("c"), entry("a", negate=True)))
    for seed in range(300):
        random = Random(seed)
        events = [
            event(str(number), **{name: tuple(random.sample("xyz", random.randint(0, 2))) for name in "abc"})
            for number in range(6)
        ]
        indicators = [
            indicator(str(number), **{name: tuple(random.sample("xyz", random.randint(0, 1))) for name in "abc"})
            for number in range(3)
        ]

        def shared(item: Event, other: Event, name: str) -> bool:
            return bool(set(item.fields[name]) & set(other.fields[f"ioc.{name}"]))

        expected = {
            item.id
            for item, other in product(events, indicators)
            if (shared(item, other, "a") and shared(item, other, "b"))
            or (shared(item, other, "c") and not shared(item, other, "a"))
        }
        assert found(mapping, events, indicators) == sorted(expected), seed
