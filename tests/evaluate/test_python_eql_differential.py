"""The evaluator against python-eql, on random rules and events about which both have to agree.

RULEPORT_PYTHON_EQL_CASES sets the number of rules of each kind, RULEPORT_PYTHON_EQL_SEED where they begin. What is left
out, and why, is in tests/engines/python_eql/difference.py.
"""

import os
from collections.abc import Callable, Iterator
from random import Random

import pytest

from converter.evaluate import evaluate
from converter.events.event import Event
from converter.ir import Detection
from converter.languages import eql
from tests.engines.python_eql.client import Ids, PythonEql
from tests.engines.python_eql.difference import Difference
from tests.engines.python_eql.fair_event import event_differences, needs
from tests.engines.python_eql.fair_query import query_differences
from tests.engines.python_eql.random_rules import CATALOGUE, Letters, RandomRule, random_events

pytestmark = pytest.mark.engine

CASES = int(os.environ.get("RULEPORT_PYTHON_EQL_CASES", "600"))
SEED = int(os.environ.get("RULEPORT_PYTHON_EQL_SEED", "0"))
EVENTS = 30


@pytest.mark.parametrize(("write", "least"), [(RandomRule.event_query, 3), (RandomRule.sequence, 6)])
def test_random_rules(python_eql: PythonEql, write: Callable[[RandomRule], str], least: int) -> None:
    """One rule in `least` selects something, else the comparison is of nothing with nothing."""
    selecting = 0
    for letters, query, events in cases(write):
        detection = eql.lower(eql.parse(query), CATALOGUE).detection
        found = ours(detection, events)
        selecting += bool(found)
        if found != python_eql.evaluate(query, events, fold=letters.fold):
            few = minimal(python_eql, letters, query, events)
            pytest.fail(
                f"{query}\n\n"
                + "\n".join(f"{event.id} {event.time} {event.fields}" for event in few)
                + f"\nours {ours(detection, few)}\npython-eql {python_eql.evaluate(query, few, fold=letters.fold)}"
            )
    assert selecting > CASES / least


def cases(write: Callable[[RandomRule], str]) -> Iterator[tuple[Letters, str, list[Event]]]:
    """Rules with their events; what happens to be no fair question is left out, the next takes its place."""
    random = Random(f"{write.__name__} {SEED}")
    asked = 0
    while asked < CASES:
        letters = random.choice(list(Letters))
        query = write(RandomRule(random, letters))
        statement = eql.parse(query)
        if any(query_differences(statement, CATALOGUE)):
            continue
        asked += 1
        yield letters, query, random_events(random, letters, needs(statement, CATALOGUE), EVENTS)


def ours(detection: Detection, events: list[Event]) -> list[Ids]:
    return [tuple(str(name) for name in match.ids) for match in evaluate(detection, events, CATALOGUE)]


def minimal(python_eql: PythonEql, letters: Letters, query: str, events: list[Event]) -> list[Event]:
    """Fewer events on which both still disagree."""
    detection = eql.lower(eql.parse(query), CATALOGUE).detection
    for event in list(events):
        fewer = [other for other in events if other is not event]
        if ours(detection, fewer) != python_eql.evaluate(query, fewer, fold=letters.fold):
            events = fewer
    return events


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('process where a == "x" and not n in (1, 2)', set()),
        ('any where a : "x*" or length(a) / 2 == 1', set()),
        ("sequence by x with maxspan=2s [process where true] with runs=2 until [session where true]", set()),
        ("sample by x [process where true] [file where true]", {Difference.SAMPLE}),
        ("sequence with maxspan=1s [process where true] ![file where true]", {Difference.MISSING_STAGE}),
        ("sequence with maxspan=1500ms [process where true] [file where true]", {Difference.SHORT_SPAN}),
        ("sequence [any where true] with runs=2 until [file where true]", {Difference.UNTIL_IN_A_STAGE}),
        ('any where a : "x?"', {Difference.QUESTION_MARK}),
        ('any where a regex "x"', {Difference.OPEN_EXPRESSION}),
        ('any where a regex "~x.*"', {Difference.DIALECT}),
        ('any where n == "5"', {Difference.LITERAL_TYPE}),
        ('any where ip == "10.0.0.0/8"', {Difference.FIELD_TYPE}),
        ("any where n / 2 == 1", {Difference.DIVISION}),
        ("any where length(a) / 0 == 1", {Difference.DIVISION}),
        ('any where endsWith(a, "*.exe")', {Difference.LEAK}),
        ('any where startsWith(a, "")', {Difference.EMPTY_TEXT}),
        ('any where not indexOf(a, "x") == 1', {Difference.NEGATED_ABSENCE}),
        ('any where indexOf(a, "x", -1) == 1', {Difference.NEGATIVE_START}),
        ('any where not between(a, "x", "y") == "z"', {Difference.NOTHING_BETWEEN}),
        ('any where between(a, "x", "y") == ""', {Difference.NOTHING_BETWEEN}),
        ("any where number(a) == 1", {Difference.NO_NUMBER}),
        ('any where string(a == "x") == "true"', {Difference.CONDITION_AS_VALUE}),
        ('any where a in ("x", null)', {Difference.NULL_VALUE, Difference.LITERAL_TYPE}),
    ],
)
def test_what_is_no_fair_question(query: str, expected: set[Difference]) -> None:
    assert set(query_differences(eql.parse(query), CATALOGUE)) == expected


@pytest.mark.parametrize(
    ("query", "event", "expected"),
    [
        ('any where a == "x"', {}, set()),
        ('any where a != "x"', {}, {Difference.NEGATED_MISSING}),
        ('any where not (n == 1 or not a == "x")', {"n": (1,)}, set()),
        ("any where not a == null", {}, set()),
        ('any where startsWith(a, "x") == false', {}, {Difference.NEGATED_MISSING}),
        ("any where flag == false", {}, set()),
        ("sequence by x [any where true] [any where true]", {}, {Difference.MISSING_KEY}),
        ("sequence by ?x [any where true] [any where true]", {}, set()),
        ('any where a == "x"', {"a": ("x", "y")}, {Difference.LIST}),
        ('any where a == "1"', {"a": (1,)}, {Difference.VALUE_TYPE}),
        ("any where n == 1", {"n": ("1",)}, {Difference.VALUE_TYPE}),
        ('any where a : "x"', {"a": ("é",)}, {Difference.LETTERS}),
        ('any where a : "x"', {"a": ("x\n",)}, {Difference.LINE_BREAK}),
        ('any where cidrMatch(ip, "10.0.0.0/8")', {"ip": ("::1",)}, {Difference.FIELD_TYPE}),
    ],
)
def test_which_events_are_no_fair_question(
    query: str, event: dict[str, tuple[str | int, ...]], expected: set[Difference]
) -> None:
    given = Event("1", {"event.category": ("process",), **event}, time=0.0)
    assert set(event_differences(given, needs(eql.parse(query), CATALOGUE))) == expected
