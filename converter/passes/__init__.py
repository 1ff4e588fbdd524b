"""Passes: IR to IR, one idea per file, applied in a visible list. Each keeps the meaning exactly.

normalise(predicate)    what every rule goes through before a target sees it
canonical(predicate)    a form for comparing meanings, insensitive to order
"""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Stage, Threshold
from converter.ir.predicate import Predicate
from converter.passes.canonical import canonical_form
from converter.passes.constant import fold_constants
from converter.passes.disguise import reveal_patterns
from converter.passes.flat import flatten
from converter.passes.merge import merge_tests

__all__ = ["canonical", "canonical_detection", "map_predicates", "normalise", "normalise_detection"]

Pass = Callable[[Predicate], Predicate]

NORMALISATION: tuple[Pass, ...] = (
    reveal_patterns,  # scripts that are patterns in disguise
    fold_constants,  # what is always or never true
    flatten,  # so that tests on one field stand side by side
    merge_tests,  # one test per field below Any
    flatten,  # groups of which merging left one item
)


def normalise(predicate: Predicate) -> Predicate:
    """The predicate in the form that targets are given; applying it twice changes nothing more."""
    for change in NORMALISATION:
        predicate = change(predicate)
    return predicate


def canonical(predicate: Predicate) -> Predicate:
    """The normalised predicate in a form that does not depend on the order of items or on how negations stand."""
    return canonical_form(normalise(predicate))


def normalise_detection(detection: Detection) -> Detection:
    """The detection with every predicate in it normalised."""
    return map_predicates(detection, normalise)


def canonical_detection(detection: Detection) -> Detection:
    """The detection with every predicate in it in canonical form."""
    return map_predicates(detection, canonical)


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
