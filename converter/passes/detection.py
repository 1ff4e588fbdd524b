"""Changing every predicate of a detection."""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Stage, Threshold
from converter.ir.predicate import Predicate

Pass = Callable[[Predicate], Predicate]


def map_predicates(detection: Detection, change: Pass) -> Detection:
    """The detection with `change` applied to every predicate: of all stages, `until` and indicators included."""

    def staged(stage: Stage) -> Stage:
        return replace(stage, predicate=change(stage.predicate))

    match detection:
        case Sequence(stages, _, until):
            closing = None if until is None else staged(until)
            return replace(detection, stages=tuple(map(staged, stages)), until=closing)
        case Sample(stages):
            return replace(detection, stages=tuple(map(staged, stages)))
        case IndicatorMatch(predicate, _, indicators):
            return replace(detection, predicate=change(predicate), indicators=change(indicators))
        case Events(predicate) | Threshold(predicate) | NewTerms(predicate):
            return replace(detection, predicate=change(predicate))
        case _:
            assert_never(detection)


def event_predicates(detection: Detection) -> tuple[Predicate, ...]:
    """The predicates over the rule's own events: of every stage in order, the one that ends a sequence last."""
    match detection:
        case Sequence(stages, _, until):
            closing = () if until is None else (until.predicate,)
            return (*(stage.predicate for stage in stages), *closing)
        case Sample(stages):
            return tuple(stage.predicate for stage in stages)
        case _:
            return (detection.predicate,)
