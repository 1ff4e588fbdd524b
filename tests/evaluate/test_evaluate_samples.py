"""Samples against all combinations, and what bounds them."""

from itertools import product
from random import Random

import pytest

from converter.evaluate import Match, evaluate
from converter.evaluate.sample import Choices, distinct_choices
from converter.events.event import Event, Values
from converter.ir import Field, Sample, Stage
from converter.schema.catalogue import Catalogue, FieldType
from tests.evaluate.naive_sequence import kind

CATALOGUE = Catalogue({}).retyped({"n": FieldType.LONG})


def sample(*letters: str, key: str = "k", optional: bool = False) -> Sample:
    return Sample(tuple(Stage(kind(letter), (Field(key, optional),)) for letter in letters))


def event(id_: str, letters: str, **fields: Values) -> Event:
    return Event(id_, {"kind": tuple(letters), **fields})


def test_keys_come_in_ascending_order_null_first() -> None:
    events = [
        event(f"{letter} {number}", letter, **({} if number is None else {"n": (number,)}))
        for number in (10, 9, None)
        for letter in "ba"
    ]
    assert evaluate(sample("a", "b", key="n", optional=True), events, CATALOGUE) == [
        Match(("a None", "b None"), (None,)),
        Match(("a 9", "b 9"), (9,)),
        Match(("a 10", "b 10"), (10,)),
    ]
    assert len(evaluate(sample("a", "b", key="n"), events, CATALOGUE)) == 2


def test_no_event_stands_twice_in_a_sample() -> None:
    both = event("1", "ab", k=("x",))
    assert evaluate(sample("a", "b"), [both], CATALOGUE) == []
    assert evaluate(sample("a", "b"), [both, event("2", "a", k=("x",))], CATALOGUE) == [Match(("2", "1"), ("x",))]


def test_events_without_a_time_and_with_equal_ids_are_events() -> None:
    twice = [event("1", "a", k=("x",)), event("1", "a", k=("x",))]
    assert evaluate(sample("a", "a"), twice, CATALOGUE) == [Match(("1", "1"), ("x",))]


@pytest.mark.parametrize("most", [1, 2, 5])
def test_as_many_samples_as_all_combinations_give(most: int) -> None:
    for seed in range(300):
        random = Random(seed)
        letters = [random.choice("abc") for _ in range(random.randint(2, 4))]
        events = [
            event(str(number), "".join(random.sample("abc", random.randint(1, 3))), k=tuple(random.sample("xyz", 2)))
            for number in range(random.randint(1, 8))
        ]
        expected: list[tuple[str, int]] = []
        possible: dict[str, set[tuple[str, ...]]] = {}
        for key in "xyz":
            picks = [
                [item.id for item in events if letter in item.fields["kind"] and key in item.fields["k"]]
                for letter in letters
            ]
            possible[key] = {pick for pick in product(*picks) if len(set(pick)) == len(pick)}
            expected += [(key, count) for count in [min(most, len(possible[key]))] if count]
        found: dict[str, list[tuple[str | None, ...]]] = {}
        for match in evaluate(sample(*letters), events, CATALOGUE, max_samples_per_key=most):
            assert match.keys is not None
            found.setdefault(str(match.keys[0]), []).append(match.ids)
        assert [(key, len(picked)) for key, picked in found.items()] == expected, seed
        for key, picked in found.items():
            assert len(set(picked)) == len(picked)
            assert set(picked) <= possible[key], seed


def test_choices_come_in_order_and_are_all_there() -> None:
    for seed in range(300):
        random = Random(seed)
        choices: Choices = [
            sorted(random.sample([(place, "id") for place in range(4)], random.randint(1, 4)))
            for _ in range(random.randint(1, 4))
        ]
        expected = [pick for pick in product(*choices) if len(set(pick)) == len(pick)]
        assert list(distinct_choices(choices)) == expected


def test_many_filters_over_too_few_events_end_at_once() -> None:
    """39 events for 40 filters: no sample, and nothing that tries 39! ways to find one."""
    events = [event(str(number), "a", k=("x",)) for number in range(39)]
    assert evaluate(sample(*"a" * 40), events, CATALOGUE) == []
    enough = [*events, event("last", "a", k=("x",))]
    assert [len(match.ids) for match in evaluate(sample(*"a" * 40), enough, CATALOGUE)] == [40]
