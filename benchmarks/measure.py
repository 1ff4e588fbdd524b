"""Timing in a way that survives a noisy machine: alternating runs, medians, ratios pair by pair."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds of a subject and its peer, run in turn; `ratio` is the median of the pairwise ratios."""

    subject: tuple[float, ...]
    peer: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return statistics.median(a / b for a, b in zip(self.subject, self.peer, strict=True))


def seconds(work: Callable[[], object]) -> float:
    """One run's wall-clock time."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(subject: Callable[[], object], peer: Callable[[], object], runs: int = 5) -> Comparison:
    """Runs both in turn, after one warm-up of each."""
    subject()
    peer()
    pairs = [(seconds(subject), seconds(peer)) for _ in range(runs)]
    return Comparison(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def median(work: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of a piece of work without a peer, after a warm-up."""
    work()
    return statistics.median(seconds(work) for _ in range(runs))
