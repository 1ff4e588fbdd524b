"""The reference evaluator: what a detection selects, by the specification and nothing else.

evaluate(detection, events, catalogue)      the matches of a detection over events
compile_predicate(predicate, catalogue)     one predicate as a function of an event
"""

from collections.abc import Container, Iterable
from typing import assert_never

from converter.evaluate.failure import EvaluationError
from converter.evaluate.match import Match, in_order, newest
from converter.evaluate.newterms import first_seen
from converter.evaluate.predicate import compile_predicate
from converter.evaluate.single import select
from converter.events.event import Event
from converter.ir.detection import Detection, Events, IndicatorMatch, NewTerms, Sample, Sequence, Threshold
from converter.schema.catalogue import Catalogue

__all__ = ["EvaluationError", "Match", "compile_predicate", "evaluate"]


def evaluate(
    detection: Detection,
    events: Iterable[Event],
    catalogue: Catalogue,
    *,
    now: float | None = None,
    mapped: Container[str] | None = None,
) -> list[Match]:
    """What the detection finds among the events up to `now`, inclusive, in the order Elasticsearch returns it.

    `now` is in milliseconds, by default the time of the newest event. `mapped` is the strict mode for optional fields
    (`compile_predicate`). Raises EvaluationError for what fails a search in Elasticsearch, and with the code
    `detection-not-evaluated` for a kind of detection that is not evaluated yet.
    """
    known = list(events)
    moment = newest(known) if now is None else now
    ordered = in_order(known, moment)
    match detection:
        case Events(predicate, take):
            return select(compile_predicate(predicate, catalogue, now=moment, mapped=mapped), ordered, take)
        case NewTerms(predicate):
            if moment is None:
                return []
            holds = compile_predicate(predicate, catalogue, now=moment, mapped=mapped)
            return first_seen(detection, holds, ordered, catalogue, moment)
        case Sequence() | Sample() | Threshold() | IndicatorMatch():
            raise EvaluationError(
                "detection-not-evaluated",
                f"a detection of the kind {type(detection).__name__} is not evaluated",
                expected="an event or new-terms detection",
            )
        case _:
            assert_never(detection)
