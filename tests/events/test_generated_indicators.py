"""Scenarios of indicator matches: where the construction leaves no doubt, the evaluator says what the specification
says."""

import pytest

from converter.events.generate import Generated, generate
from converter.ir import Events, Field, IndicatorEntry, IndicatorMatch, Predicate
from converter.languages import eql
from converter.schema.catalogue import default_catalogue
from tests.events.scenarios import of, verdicts


def where(condition: str) -> Predicate:
    found = eql.lower(eql.parse(f"any where {condition}"), default_catalogue()).detection
    assert isinstance(found, Events)
    return found.predicate


def entry(field: str, indicator: str, negate: bool = False) -> IndicatorEntry:
    return IndicatorEntry(Field(field), Field(indicator), negate)


ADDRESS = entry("source.ip", "threat.indicator.ip")
NAME = entry("user.name", "threat.indicator.name")
HASH = entry("file.hash.md5", "threat.indicator.file.hash.md5")
NOT_HOST = entry("host.name", "threat.indicator.provider", True)


def match(*groups: tuple[IndicatorEntry, ...], event: str = 'event.action == "x"') -> Generated:
    rule = IndicatorMatch(where(event), ("logs-ti_*",), where('event.module == "ti"'), groups)
    return generate(rule, default_catalogue())


@pytest.fixture(scope="module")
def plain() -> Generated:
    return match((ADDRESS, NAME), (HASH, NOT_HOST))


@pytest.mark.parametrize(
    ("purpose", "matches"),
    [
        ("mapping 1 meets an indicator", True),
        ("mapping 2 meets an indicator", True),
        ("mapping 1 has no indicator", False),
        ("mapping 1 meets two indicators", True),
        ("mapping 1 meets two indicators by halves", False),
        ("mapping 1 with key 1 of the event another value", False),
        ("mapping 1 with key 2 of the event in other case", False),
        ("mapping 1 with key 2 of the event missing", False),
        ("mapping 1 with key 2 of the event a list with one shared element", True),
        ("mapping 1 with key 2 of the event a list without a shared element", False),
        ("mapping 1 with key 1 of the indicator missing", False),
        ("mapping 1 with key 1 of the indicator null", False),
        ("mapping 1 with key 1 of the indicator a list with one shared element", False),
        ("mapping 1 with threat.indicator.ip of the indicator a list that begins with the value", False),
        ("mapping 1 with source.ip inside a block", True),
        ("mapping 1 with source.ip at the edge of a block", True),
        ("mapping 1 with source.ip just outside a block", False),
        ("mapping 2 shares the negated host.name", False),
        ("mapping 2 lacks the negated host.name", True),
        ("mapping 2 meets an indicator without threat.indicator.provider", True),
    ],
)
def test_an_event_matches_as_the_specification_says(plain: Generated, purpose: str, matches: bool) -> None:
    assert verdicts(plain)[f"event of {purpose}"] is matches


def test_indicators_that_the_query_does_not_select_count_for_nothing(plain: Generated) -> None:
    found = verdicts(plain)
    assert found["indicator: branch 1"] is True
    assert found["indicator: the leaf alone turned round"] is False
    near = [item for item in plain.scenarios if item.purpose.startswith("indicator: near miss")]
    assert {item.matches for item in near} == {True, False}


def test_of_a_single_entry_the_first_value_of_an_indicator_counts() -> None:
    found = verdicts(match((NAME,)))
    assert found["event of mapping 1 with threat.indicator.name of the indicator a list that begins with the value"]
    assert not found["event of mapping 1 with key 1 of the indicator a list with one shared element"]


def test_events_bring_their_indicators_along(plain: Generated) -> None:
    halves = of(plain, "event of mapping 1 meets two indicators by halves")
    known = {item.id for item in plain.streams[halves.stream].indicators}
    assert len(halves.indicators) == 2
    assert known.issuperset(halves.indicators)
    ids = [item.id for item in plain.indicators]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "generated",
    [
        match((entry("source.ip", "threat.indicator.ip"),), event='cidrmatch(source.ip, "10.0.0.0/30")'),
        match((NAME,), (entry("user.id", "threat.indicator.name"),), event='user.name == "root" or user.id == "0"'),
        match((entry("process.name", "threat.indicator.file.name"),), event='process.executable : "C:\\\\t\\\\*.exe"'),
        match((entry("message", "threat.indicator.description"),)),
    ],
    ids=["addresses", "fixed values", "part of a path", "analysed text"],
)
def test_an_event_that_meets_an_indicator_is_found(generated: Generated) -> None:
    assert generated.uncovered == ()
    assert verdicts(generated)["event of mapping 1 meets an indicator"]
    assert any(item.mutation and not item.matches for item in generated.scenarios)
