"""Scenarios over Elastic's public rules: every rule over several events has runs that match and near misses that do
not, and nothing is left uncovered without a reason that is about the kind of rule."""

import os
from collections import Counter

import pytest

from converter.batch import read_rules
from converter.events.generate import Generated, generate
from converter.ir import Detection, Events, IndicatorMatch, NewTerms, Sequence, Threshold
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared

SHARE = {} if os.environ.get("CI") else {Sequence: 3, Threshold: 3, NewTerms: 5}
"""All of them take half a minute, in CI; elsewhere every so manieth rule of a type is enough to notice a step back."""

LEAST = {Sequence: 30, Threshold: 5, NewTerms: 20, IndicatorMatch: 4}
MOST_EVENTS = 4000
DAY = 86_400_000.0

Made = list[tuple[Detection, Generated]]


@pytest.fixture(scope="module")
def made() -> Made:
    rules = read_rules([str(shared("corpus/elastic-rules"))], None).found
    found = [item.rule.detection for item in rules if item.rule.detection is not None]
    several = [detection for detection in found if not isinstance(detection, Events)]
    turn: Counter[type] = Counter()
    chosen: Made = []
    for detection in several:
        if turn[type(detection)] % SHARE.get(type(detection), 1) == 0:
            chosen.append((detection, generate(detection, default_catalogue())))
        turn[type(detection)] += 1
    return chosen


def test_all_types_are_there(made: Made) -> None:
    counted = Counter(type(detection) for detection, _ in made)
    assert all(counted[kind] >= least for kind, least in LEAST.items())


def test_every_rule_has_a_run_that_satisfies_it(made: Made) -> None:
    assert all(generated.scenarios[0].matches for _, generated in made)
    assert [item.leaf for _, generated in made for item in generated.uncovered if item.span is None] == []


def test_every_rule_has_runs_that_differ_in_one_point_and_do_not_match(made: Made) -> None:
    assert all(sum(item.mutation and not item.matches for item in generated.scenarios) >= 10 for _, generated in made)


def test_nearly_all_branches_match_inside_a_run(made: Made) -> None:
    runs = [item for _, generated in made for item in generated.scenarios if not item.mutation]
    failing = [item.purpose for item in runs if not item.matches]
    assert len(runs) > 500
    assert len(failing) <= len(runs) // 100


def test_events_are_bounded_and_recent(made: Made) -> None:
    for detection, generated in made:
        assert len(generated.events) <= MOST_EVENTS
        if not isinstance(detection, NewTerms):
            first = min(item.event.time or 0.0 for item in generated.events)
            assert generated.now - first <= 2 * DAY


def test_most_rules_need_one_stream(made: Made) -> None:
    assert sum(len(generated.streams) == 1 for _, generated in made) > len(made) * 0.7
