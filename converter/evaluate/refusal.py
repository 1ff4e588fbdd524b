"""What the evaluator refuses rather than answers wrongly."""

from converter.evaluate.failure import EvaluationError


def check_no_window(kind: str, within: int | None) -> None:
    """Raises EvaluationError for a detection with a time window of its own: Elastic's samples and thresholds are over
    all events of a run (spec eql 11, elastic-rules 2.4)."""
    if within is not None:
        raise EvaluationError(
            "detection-not-evaluated",
            f"a {kind} with a time window of its own is not evaluated",
            expected=f"a {kind} over all events of a run",
        )
