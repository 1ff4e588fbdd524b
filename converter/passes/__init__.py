"""Passes: IR to IR, one idea per file, applied in a visible list. Each keeps the meaning exactly.

normalise(predicate)    what every rule goes through before a target sees it
canonical(predicate)    a form for comparing meanings, insensitive to order
"""

from converter.ir.detection import Detection
from converter.ir.predicate import Predicate
from converter.passes.canonical import canonical_form
from converter.passes.constant import fold_constants
from converter.passes.detection import Pass, map_predicates
from converter.passes.disguise import reveal_patterns
from converter.passes.flat import flatten
from converter.passes.merge import merge_tests

__all__ = ["Pass", "canonical", "canonical_detection", "map_predicates", "normalise", "normalise_detection"]

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
