"""Scenarios of sequences: where the construction leaves no doubt, the evaluator says what the specification says."""

import pytest

from converter.events.generate import Generated
from tests.events.scenarios import made, of, times, values, verdicts

PLAIN = 'sequence by host.id, user.name with maxspan=10s {stages} until [any where event.action == "stop"]'.format(
    stages='[process where process.name == "a"] [file where file.name == "b"] [network where destination.port == 443]'
)


@pytest.fixture(scope="module")
def plain() -> Generated:
    return made(PLAIN)


MATCHING = [
    "stages in order",
    "two runs under two keys, interleaved",
    "event 2 twice",
    "first stage again after event 2",
    "whole run twice",
    "every event twice",
    "all at one time, in order by tiebreaker",
    "all at one time, last without tiebreaker",
    "events 1 and 2 at one time, in order by tiebreaker",
    "span met exactly",
    "span one millisecond short",
    "until between events 1 and 2, under another key",
    "until before the first event",
    "until after the last event",
    "until at the time of the first event, before it",
    "until at the time of the last event, after it",
    "key 1 of stage 1 a list with one shared element",
    "key 2 of stage 3 a list with the value and null",
    "key 1 of all stages a list with the same elements",
    "stage 2: branch 1",
    "until: the leaf alone turned round",
]
OTHERS = [
    "every other event under another key",
    "order of events 1 and 2 swapped",
    "order of events 2 and 3 swapped",
    "order reversed",
    "event 1 left out",
    "event 3 left out",
    "all at one time, in reverse by tiebreaker",
    "all at one time, first without tiebreaker",
    "events 2 and 3 at one time, in reverse by tiebreaker",
    "span exceeded by one millisecond",
    "until between events 1 and 2",
    "until between events 2 and 3",
    "until at the time of the first event, after it",
    "until at the time of the last event, before it",
    "key 1 of stage 1 another value",
    "key 2 of stage 2 in other case",
    "key 1 of stage 3 missing",
    "key 1 of stage 3 null",
    "key 2 of stage 1 a list without a shared element",
    "key 1 of all stages missing",
    "keys in the other order",
    "keys divided elsewhere",
    "stage 1: the leaf alone turned round",
    "until: branch 1",
]


@pytest.mark.parametrize(("purpose", "matches"), [(p, True) for p in MATCHING] + [(p, False) for p in OTHERS])
def test_a_scenario_matches_as_the_specification_says(plain: Generated, purpose: str, matches: bool) -> None:
    assert verdicts(plain)[purpose] is matches


def test_everything_is_in_one_stream(plain: Generated) -> None:
    assert len(plain.streams) == 1
    assert plain.uncovered == ()


def test_every_scenario_has_keys_of_its_own(plain: Generated) -> None:
    owner: dict[object, str] = {}
    for scenario in plain.scenarios:
        for key in values_of(plain, scenario.ids, "host.id"):
            assert owner.setdefault(key, scenario.ids[0]) == scenario.ids[0], scenario.purpose


def values_of(generated: Generated, ids: tuple[str, ...], field: str) -> set[object]:
    return {value for item in generated.events if item.event.id in ids for value in item.event.fields.get(field, ())}


@pytest.mark.parametrize(
    ("purpose", "last"),
    [("span met exactly", 10_000), ("span exceeded by one millisecond", 10_001), ("stages in order", 2000)],
)
def test_the_span_is_met_to_the_millisecond(plain: Generated, purpose: str, last: float) -> None:
    assert times(plain, purpose)[-1] == last


def test_interleaved_runs_take_turns(plain: Generated) -> None:
    keys = values(plain, "two runs under two keys, interleaved", "host.id")
    assert keys[0::2] == [keys[0]] * 3
    assert keys[1::2] == [keys[1]] * 3
    assert keys[0] != keys[1]


def test_a_list_shares_one_element_with_the_other_stages(plain: Generated) -> None:
    first, *others = values(plain, "key 1 of stage 1 a list with one shared element", "host.id")
    assert len(first) == 2
    assert all(set(other) < set(first) for other in others)


def test_ties_are_broken_by_the_tiebreaker_alone(plain: Generated) -> None:
    for purpose in ("all at one time, in order by tiebreaker", "all at one time, in reverse by tiebreaker"):
        assert set(times(plain, purpose)) == {0.0}
    assert values(plain, "all at one time, in reverse by tiebreaker", "destination.port")[0] == (443,)
    assert values(plain, "all at one time, last without tiebreaker", "event.sequence")[-1] == ()


def test_lists_in_fields_of_one_value_are_outside_the_assumptions(plain: Generated) -> None:
    ids = of(plain, "key 1 of stage 2 a list with one shared element").ids
    assert [item.coherent for item in plain.events if item.event.id in ids] == [True, False, True]


def test_runs_are_one_short_and_one_too_many() -> None:
    query = 'sequence by host.id [process where process.name == "a"] with runs=3 [file where file.name == "b"]'
    found = verdicts(made(query))
    assert found["event 3 left out (runs one short)"] is False
    assert found["event 3 twice (runs one too many)"] is True
    assert found["stages in order"] is True


def test_long_runs_leave_room_for_all_kinds_of_mutations() -> None:
    found = verdicts(made(f"sequence by host.id with maxspan=1h {FIRST} with runs=60"))
    assert {"span exceeded by one millisecond", "key 1 of stage 1 missing", "stage 1: branch 1"} <= set(found)


LEADING = 'sequence by host.id with maxspan=10s ![any where event.action == "m"] {stages}'
TRAILING = 'sequence by host.id with maxspan=10s {stages} ![any where event.action == "m"]'
MIDDLE = 'sequence by host.id with maxspan=10s {first} ![any where event.action == "m"] {last}'
BOTH = 'sequence by host.id with maxspan=10s ![any where event.action == "m"] {stages} ![any where event.code == "n"]'
FIRST, LAST = '[process where process.name == "a"]', '[file where file.name == "b"]'
STAGES = f"{FIRST} {LAST}"
ONLY_TRUE = "[any where dll.code_signature.valid == true and dll.code_signature.valid != false]"
ONLY_FALSE = "[any where dll.code_signature.valid == false and dll.code_signature.valid != true]"


@pytest.mark.parametrize(
    ("query", "purpose", "matches"),
    [
        (LEADING, "stage 1 is there, one millisecond before the first event", False),
        (LEADING, "stage 1 is there, one millisecond before the first event, under another key", True),
        (LEADING, "stage 1 is there, at the time of the first event", True),
        (LEADING, "stage 1 is there, a span before the last event", False),
        (LEADING, "stage 1 is there, one millisecond more than a span before the last event", True),
        (TRAILING, "stage 3 is there, one millisecond after the last event", False),
        (TRAILING, "stage 3 is there, one millisecond after the last event, under another key", True),
        (TRAILING, "stage 3 is there, at the time of the last event", True),
        (TRAILING, "stage 3 is there, a span after the first event", False),
        (TRAILING, "stage 3 is there, one millisecond more than a span after the first event", True),
        (MIDDLE, "stage 2 is there, in the middle", False),
        (MIDDLE, "stage 2 is there, in the middle, under another key", True),
        (MIDDLE, "stage 2 is there, one millisecond after the event before", False),
        (MIDDLE, "stage 2 is there, at the time of the event before", True),
        (MIDDLE, "stage 2 is there, at the time of the event after", True),
        (MIDDLE, "stage 2 is there, after the event after", True),
        (BOTH, "stages at both ends are there", False),
        (BOTH, "stages at both ends are there, a span apart", False),
        (BOTH, "stages at both ends are there, a span and a millisecond apart", True),
        (BOTH, "stage 1 is there, one millisecond before the first event", True),
        (BOTH, "stage 4 is there, one millisecond after the last event", True),
    ],
)
def test_what_must_be_missing_rejects_a_run_only_inside(query: str, purpose: str, matches: bool) -> None:
    found = verdicts(made(query.format(stages=STAGES, first=FIRST, last=LAST)))
    assert found["stages in order"] is True
    assert found[f"missing {purpose}"] is matches


@pytest.mark.parametrize(
    "query",
    [
        f"sequence by host.id with maxspan=2ms {FIRST} {LAST} [network where destination.port == 1]",
        f"sequence by host.id with maxspan=1ms {FIRST} {LAST} [network where destination.port == 1]",
        f'sequence by user.id {FIRST} {LAST} [any where user.id in ("7", "8")]',
        f'sequence by user.id {FIRST} {LAST} [any where user.id : "S-1-*-5" and user.id != "S-1-x-5"]',
        "sequence [any where source.port == 1] by process.pid [any where source.port == 2] by process.parent.pid",
        'sequence [any where event.code == "1"] by process.args [any where event.code == "2"] by process.name',
        'sequence by ?user.id, host.id [any where ?user.id == null] [file where file.name == "b"]',
        'sequence by source.ip [any where cidrmatch(source.ip, "10.1.0.0/31")] [file where file.name == "b"]',
        f'sequence by host.id {FIRST} {LAST} until [any where file.name : "b*"]',
        f'sequence by host.id [any where process.name : "a*"] {LAST} until [any where process.name == "ax"]',
        f"sequence by host.id with maxspan=1h {FIRST} with runs=100 {LAST}",
        f"sequence by host.id {FIRST} {LAST} | head 1",
    ],
)
def test_a_satisfying_run_is_found(query: str) -> None:
    generated = made(query)
    assert generated.uncovered == ()
    assert generated.scenarios[0].matches
    assert any(item.mutation and not item.matches for item in generated.scenarios)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (f"sequence by host.id {FIRST} [any where false]", "no event satisfies some stage"),
        (
            f"sequence by dll.code_signature.valid {ONLY_TRUE} {ONLY_FALSE}",
            "no key values suit all stages",
        ),
        (
            f"sequence by host.id with maxspan=5s {FIRST} {LAST} until [any where true]",
            "no run of events that satisfies the whole detection was found",
        ),
    ],
)
def test_what_no_run_can_satisfy_is_reported(query: str, reason: str) -> None:
    generated = made(query)
    assert reason in [item.leaf for item in generated.uncovered]
    assert not any(item.matches for item in generated.scenarios)


@pytest.mark.parametrize("span", ["1m", "2h"])
def test_without_keys_time_keeps_scenarios_apart(span: str) -> None:
    generated = made(f"sequence with maxspan={span} {STAGES}")
    assert verdicts(generated)["stages in order"]
    assert not verdicts(generated)["event 1 left out"]
    assert not verdicts(generated)["order of events 1 and 2 swapped"]
    if span == "1m":
        assert len(generated.streams) == 1


def test_without_keys_and_span_every_scenario_has_its_stream() -> None:
    generated = made(f"sequence {STAGES}")
    touching = [item.stream for item in generated.scenarios]
    assert len(set(touching)) == len(generated.streams) == len(touching)


def test_a_stream_is_no_longer_than_a_day_if_the_span_allows() -> None:
    generated = made(f"sequence with maxspan=10m {STAGES}")
    first = min(item.event.time or 0.0 for item in generated.events)
    assert generated.now - first <= 86_400_000 + 600_000
    assert of(generated, "stages in order").stream == 0
