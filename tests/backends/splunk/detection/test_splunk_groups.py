"""Samples, thresholds and new terms as SPL against the reference evaluator, on random detections and events.

RULEPORT_SPL_GROUP_CASES sets the number of cases, RULEPORT_SPL_GROUP_SEED where they begin.
"""

import os
from collections.abc import Callable
from random import Random

import pytest

from backends.splunk import pipeline
from backends.splunk.command import Commands
from backends.splunk.detection import grouped, sample
from backends.splunk.engine import SplunkEngine
from backends.splunk.selection import Findings, Schema
from converter.backend import Artifact, TargetEvent
from converter.evaluate import evaluate
from converter.events.event import Event
from converter.ir import Any, Detection, Field, FieldValue, NewTerms, Sample, Stage, Threshold
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.keying import key_fields
from converter.schema.ported import IDENTITY_SOURCE, Branch
from tests.evaluate.naive_sequence import kind
from tests.evaluate.test_sequence_differential import some_events

CASES = int(os.environ.get("RULEPORT_SPL_GROUP_CASES", "300"))
SEED = int(os.environ.get("RULEPORT_SPL_GROUP_SEED", "0"))
CATALOGUE = Catalogue({name: FieldInfo(name, array=True) for name in ("kind", "x", "y")})
SCHEMA = Schema(CATALOGUE, ecs=True)
NOW = 60_000.0


def a_sample(random: Random) -> Sample:
    """Filters that overlap, so that one event may satisfy several; keys of their own, some of them optional."""
    width = random.choice((1, 1, 2))

    def stage() -> Stage:
        names = random.choice(("xy", "xy", "yx", "xx"))
        keys = tuple(Field(name, random.random() < 0.2) for name in names[:width])
        return Stage(Any(tuple(kind(letter) for letter in random.sample("abc", random.choice((1, 1, 2))))), keys)

    return Sample(tuple(stage() for _ in range(random.choice((2, 2, 3, 4)))))


def a_threshold(random: Random) -> Threshold:
    keys = tuple(Field(name) for name in random.choice(("", "x", "x", "xy", "y")))
    distinct = (Field(random.choice("xy")), random.randint(1, 3)) if random.random() < 0.5 else None
    start = random.choice((None, "now-1m", "now-59s", "now-58s"))
    return Threshold(kind(random.choice("ab")), keys, random.randint(1, 4), distinct, None, start)


def new_terms(random: Random) -> NewTerms:
    fields = tuple(Field(name) for name in random.choice(("x", "xy", "y")))
    history, start = random.choice((("now-1m", "now-59s"), ("now-1m", "now-50s"), ("now-59s", "now-58s")))
    return NewTerms(kind(random.choice("ab")), fields, history, start)


def write_sample(detection: Sample) -> list[Commands]:
    stages = tuple((_branch(stage.predicate, stage.keys),) for stage in detection.stages)
    return [sample.write(detection, stages, SCHEMA, Findings())]


def write_threshold(detection: Threshold) -> list[Commands]:
    return [grouped.threshold(detection, [_branch(detection.predicate, key_fields(detection))], SCHEMA, Findings())[0]]


def write_new_terms(detection: NewTerms) -> list[Commands]:
    return [grouped.new_terms(detection, [_branch(detection.predicate, detection.fields)], SCHEMA, Findings())[0]]


def _branch(predicate: object, keys: tuple[Field, ...]) -> Branch:
    values = tuple(FieldValue(key.name, key.optional) for key in keys)
    return Branch(IDENTITY_SOURCE, predicate, predicate, values)  # type: ignore[arg-type]


Make = Callable[[Random], Detection]
Write = Callable[[Detection], list[Commands]]


@pytest.mark.parametrize(
    ("make", "write"),
    [(a_sample, write_sample), (a_threshold, write_threshold), (new_terms, write_new_terms)],
    ids=["sample", "threshold", "new terms"],
)
def test_the_search_finds_the_groups(make: Make, write: Write) -> None:
    found = 0
    for seed in range(SEED, SEED + CASES):
        random = Random(seed)
        detection, events = make(random), in_seconds(some_events(random))
        expected = frozenset(
            tuple("(none)" if value is None else str(value) for value in match.keys or ())
            for match in evaluate(detection, events, CATALOGUE, now=NOW)
        )
        found += bool(expected)
        searches = [pipeline.write(commands) for commands in write(detection)]
        assert observed(detection, searches, events) == expected, f"seed {seed}\n{detection}\n{searches}"
    assert found > CASES / 10


def in_seconds(events: list[Event]) -> list[Event]:
    """A second for every tick, so that bounds of time ranges lie between and on events."""
    return [Event(event.id, event.fields, time=(event.time or 0) * 250, tiebreak=event.tiebreak) for event in events]


def observed(detection: Detection, searches: list[str], events: list[Event]) -> frozenset[tuple[str, ...]]:
    targets = [TargetEvent(event.id, event.fields, None, event.time or 0, tiebreak=event.tiebreak) for event in events]
    artifacts = [Artifact("a", ".spl", text) for text in searches]
    found = SplunkEngine().run(artifacts, targets, now=NOW)
    assert found.kind == "groups"
    if not isinstance(detection, Sample):
        return found.items
    # The columns that say whether a key is missing come last.
    return frozenset(item[: len(detection.stages[0].keys)] for item in found.items)
