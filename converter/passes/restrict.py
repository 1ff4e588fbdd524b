"""Restricting a detection: conditions that every event must meet before the detection looks at it.

Kibana puts a rule's filters and exceptions into the filter of the request, so that the events they leave out are gone
before a sequence is looked for (spec elastic-rules 1.2, 1.4): every stage is restricted, the closing event and the
events that must be missing included. Indicators are no events of the rule.
"""

from dataclasses import replace

from converter.ir.detection import Detection, IndicatorMatch
from converter.ir.predicate import All, Predicate
from converter.passes.detection import map_predicates


def restrict(detection: Detection, conditions: tuple[Predicate, ...]) -> Detection:
    """The detection over the events that meet all conditions."""
    if not conditions:
        return detection
    if isinstance(detection, IndicatorMatch):
        return replace(detection, predicate=both(detection.predicate, conditions))
    return map_predicates(detection, lambda predicate: both(predicate, conditions))


def both(predicate: Predicate, conditions: tuple[Predicate, ...]) -> Predicate:
    """The predicate and all conditions."""
    return All((predicate, *conditions)) if conditions else predicate
