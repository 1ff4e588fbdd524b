"""Moments that a detection states relative to the run: where its history begins, where its window does."""

from converter.evaluate import dates
from converter.evaluate.failure import EvaluationError


def instant(text: str, now: float | None) -> float:
    """The moment of a date or date math text in milliseconds since 1970. EvaluationError if it is neither."""
    found = dates.read(text, now=now)
    if found is None:
        raise EvaluationError(
            "date-unreadable", f"`{text:.40}` is no date and no date math", expected="such as `now-7d`"
        )
    return found / dates.MILLISECOND
