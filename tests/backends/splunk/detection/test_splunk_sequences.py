"""Sequences as SPL against the reference evaluator, on random sequences and small lists of events.

RULEPORT_SPL_SEQUENCE_CASES sets the number of cases, RULEPORT_SPL_SEQUENCE_SEED where they begin.
"""

import os
from dataclasses import replace
from random import Random

import pytest

from backends.splunk import pipeline
from backends.splunk.command import Commands
from backends.splunk.detection import sequence
from backends.splunk.engine import SplunkEngine
from backends.splunk.savedsearch import stanza
from backends.splunk.selection import Findings, Schema
from converter import parse
from converter.backend import Artifact, Observations, TargetEvent
from converter.evaluate import evaluate
from converter.events.event import Event
from converter.ir import FieldValue, Sequence
from converter.rule import Schedule
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.ported import IDENTITY_SOURCE, Branch
from tests.evaluate.test_sequence_differential import a_sequence, some_events
from tests.ir.show import show

CASES = int(os.environ.get("RULEPORT_SPL_SEQUENCE_CASES", "1500"))
SEED = int(os.environ.get("RULEPORT_SPL_SEQUENCE_SEED", "0"))
CATALOGUE = Catalogue({name: FieldInfo(name, array=True) for name in ("kind", "x", "y")})
MINUTE = 60_000
RULE = replace(parse('process where process.name : "a"', language="eql"), schedule=Schedule(interval="5m"))


def test_the_search_finds_the_last_event_of_each_sequence() -> None:
    found = 0
    for seed in range(SEED, SEED + CASES):
        random = Random(seed)
        detection, events = in_milliseconds(a_sequence(random), some_events(random))
        expected = ends(detection, events)
        found += bool(expected)
        text = pipeline.write(written(detection))
        if observed(Artifact("a", ".spl", text), events) != expected:
            fail(seed, detection, events, Artifact("a", ".spl", text))
    assert found > CASES / 10


def test_scheduled_runs_find_every_sequence_once_it_is_settled() -> None:
    """Spans of minutes, cut by the windows of a search that runs every five."""
    found = 0
    for seed in range(SEED, SEED + CASES // 10):
        random = Random(seed)
        detection, events = in_milliseconds(a_sequence(random), some_events(random))
        if detection.maxspan is None:
            continue
        detection = replace(detection, maxspan=detection.maxspan * MINUTE)
        events = [replace(event, time=(event.time or 0) * MINUTE) for event in events]
        expected = ends(detection, events)
        found += bool(expected)
        text = pipeline.write(written(detection, every=300))
        saved = Artifact("a", ".conf", stanza(RULE, text, reach=sequence.look_back_seconds(detection)))
        if observed(saved, events) != expected:
            fail(seed, detection, events, saved)
    assert found > CASES / 200


def in_milliseconds(detection: Sequence, events: list[Event]) -> tuple[Sequence, list[Event]]:
    """Whole milliseconds, which is what Splunk's `_time` is compared to (spec splunk 4.3)."""
    span = None if detection.maxspan is None else detection.maxspan * 4
    return replace(detection, maxspan=span), [replace(event, time=(event.time or 0) * 4) for event in events]


def written(detection: Sequence, every: int | None = None) -> Commands:
    stages = (*detection.stages, *([detection.until] if detection.until else []))
    branches = tuple(
        (
            Branch(
                IDENTITY_SOURCE,
                stage.predicate,
                stage.predicate,
                tuple(FieldValue(key.name, key.optional) for key in stage.keys),
            ),
        )
        for stage in stages
    )
    return sequence.write(detection, branches, Schema(CATALOGUE, ecs=True), Findings(), every)


def observed(artifact: Artifact, events: list[Event]) -> frozenset[tuple[str, ...]]:
    targets = [TargetEvent(event.id, event.fields, None, event.time or 0, tiebreak=event.tiebreak) for event in events]
    now = max(event.time for event in targets)
    found: Observations = SplunkEngine().run([artifact], targets, now=now)
    assert found.kind == "ends"
    return found.items


def ends(detection: Sequence, events: list[Event]) -> frozenset[tuple[str, ...]]:
    matches = evaluate(detection, events, CATALOGUE)
    return frozenset(([id_ for id_ in match.ids if id_ is not None][-1],) for match in matches)


def fail(seed: int, detection: Sequence, events: list[Event], artifact: Artifact) -> None:
    """Says which events are enough to show the difference."""
    for event in list(events):
        fewer = [other for other in events if other is not event]
        if fewer and observed(artifact, fewer) != ends(detection, fewer):
            events = fewer
    pytest.fail(
        f"seed {seed}\n{show(detection)}\n{artifact.text}\n"
        + "\n".join(f"{event.id} {event.time} {event.tiebreak} {event.fields}" for event in events)
        + f"\nexpected {ends(detection, events)}\nfound {observed(artifact, events)}"
    )
