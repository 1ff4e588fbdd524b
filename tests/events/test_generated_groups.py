"""Scenarios of thresholds and samples: where the construction leaves no doubt, the evaluator says what the
specification says."""

import pytest

from converter.events.generate import Generated, generate
from converter.ir import Events, Field, Predicate, Threshold
from converter.languages import eql
from converter.schema.catalogue import default_catalogue
from tests.events.scenarios import made, of, values, verdicts

KEYS = (Field("host.id"), Field("user.name"))
DISTINCT = (Field("process.name"), 2)


def where(condition: str) -> Predicate:
    found = eql.lower(eql.parse(f"any where {condition}"), default_catalogue()).detection
    assert isinstance(found, Events)
    return found.predicate


def group(
    keys: tuple[Field, ...] = KEYS,
    at_least: int = 3,
    distinct: tuple[Field, int] | None = DISTINCT,
    condition: str = 'event.action == "x"',
    start: str | None = "now-6m",
) -> Generated:
    rule = Threshold(where(condition), keys, at_least, distinct, start=start)
    return generate(rule, default_catalogue())


@pytest.fixture(scope="module")
def plain() -> Generated:
    return group()


@pytest.mark.parametrize(
    ("purpose", "matches"),
    [
        ("exactly at the threshold", True),
        ("one event below the threshold", False),
        ("one event above the threshold", True),
        ("one distinct value below the threshold", False),
        ("the same value in all events", False),
        ("process.name missing in one event", False),
        ("two values of process.name in one event", True),
        ("key 1 of one event another value", False),
        ("key 2 of one event in other case", False),
        ("key 1 of one event missing", False),
        ("key 2 of one event null", False),
        ("key 1 of one event a list with one shared element", True),
        ("key 1 of one event a list without a shared element", False),
        ("key 2 of all events a list with the same elements", True),
        ("key 1 of all events missing", False),
        ("one event below the threshold, one with key 1 twice", False),
        ("one event exactly at the start of the window", True),
        ("one event a millisecond before the window", False),
        ("one event a millisecond after the start of the window", True),
        ("all events before the window", False),
        ("one event: branch 1", True),
        ("one event: the leaf alone turned round", False),
    ],
)
def test_a_group_matches_as_the_specification_says(plain: Generated, purpose: str, matches: bool) -> None:
    assert verdicts(plain)[purpose] is matches


def test_groups_are_of_the_size_they_should_be(plain: Generated) -> None:
    sizes = {item.purpose: len(item.ids) for item in plain.scenarios}
    assert sizes["exactly at the threshold"] == 3
    assert sizes["one event below the threshold"] == 2
    assert sizes["one event above the threshold"] == 4
    assert len(plain.streams) == 1


def test_distinct_values_are_as_many_as_asked_for() -> None:
    generated = group(at_least=1, distinct=(Field("destination.ip"), 7))
    assert len(set(values(generated, "exactly at the threshold", "destination.ip"))) == 7
    below = "one distinct value below the threshold"
    assert len(set(values(generated, below, "destination.ip"))) == 6
    assert len(of(generated, below).ids) == 7, "it is the distinct values that are too few, not the events"


@pytest.mark.parametrize(
    "generated",
    [
        group(at_least=1, distinct=(Field("process.args"), 20)),
        group(at_least=1, distinct=(Field("event.action"), 3), condition='event.action in ("x", "y", "z", "v")'),
        group(keys=(), at_least=3, distinct=None),
        group(keys=(Field("user.name"),), condition='user.name in ("root", "admin")'),
        group(keys=(Field("process.executable"), Field("process.name")), distinct=None),
        group(keys=(Field("dll.code_signature.valid"),), distinct=None, at_least=1),
        group(at_least=200, distinct=None, start=None),
        group(start="now-1s", at_least=400),
        group(start="now-1s", at_least=1100),
    ],
    ids=["list", "fixed values", "one group", "fixed keys", "related keys", "few keys", "large", "short", "shorter"],
)
def test_a_group_at_the_threshold_is_found(generated: Generated) -> None:
    assert generated.uncovered == ()
    assert verdicts(generated)["exactly at the threshold"]
    assert any(item.mutation and not item.matches for item in generated.scenarios)


def test_too_few_distinct_values_are_reported() -> None:
    generated = group(distinct=(Field("dll.code_signature.valid"), 3))
    assert [item.leaf for item in generated.uncovered] == [
        "fewer distinct values satisfy the predicate than the threshold asks for"
    ]
    assert not any(item.matches for item in generated.scenarios)


@pytest.mark.parametrize(
    "generated",
    [group(at_least=10**9), group(distinct=(Field("process.name"), 10**9))],
    ids=["events", "distinct values"],
)
def test_a_threshold_beyond_all_bounds_is_reported(generated: Generated) -> None:
    assert [item.leaf for item in generated.uncovered] == [
        "the threshold is higher than the number of events that are made"
    ]
    assert 0 < len(generated.events) < 100


@pytest.fixture(scope="module")
def sample() -> Generated:
    return made('sample by host.id [process where process.name == "a"] [process where process.args == "b"]')


@pytest.mark.parametrize(
    ("purpose", "matches"),
    [
        ("an event for every filter", True),
        ("no event for filter 1", False),
        ("two events for filter 2", True),
        ("order reversed", True),
        ("all at one time", True),
        ("nearly a day apart", True),
        ("key 1 of stage 1 another value", False),
        ("key 1 of stage 2 missing", False),
        ("key 1 of stage 2 a list with one shared element", True),
        ("key 1 of stage 1 a list without a shared element", False),
        ("one event for filters 1 and 2, and no other", False),
        ("one event for filters 1 and 2, twice", True),
        ("filter 2: branch 1", True),
        ("filter 1: the leaf alone turned round", False),
    ],
)
def test_a_sample_matches_as_the_specification_says(sample: Generated, purpose: str, matches: bool) -> None:
    assert verdicts(sample)[purpose] is matches
    assert len(sample.streams) == 1


def test_optional_keys_of_a_sample_may_be_missing() -> None:
    found = verdicts(made("sample by ?user.id [process where true] [file where true]"))
    assert found["key 1 of all stages missing"] is True
    assert found["key 1 of stage 1 missing"] is False
