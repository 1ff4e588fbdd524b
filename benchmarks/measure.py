"""Timing in a way that survives a noisy machine: subject and peer in turn, medians of the ratios pair by pair."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds of a subject and its peer, run in turn."""

    subject: tuple[float, ...]
    peer: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """What the subject costs, in units of the peer."""
        return statistics.median(a / b for a, b in zip(self.subject, self.peer, strict=True))


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the output: what was measured, the figure, and what to compare it with."""

    name: str
    figure: str
    detail: str = ""


def seconds(work: Callable[[], object]) -> float:
    """One run's wall-clock time."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(subject: Callable[[], object], peer: Callable[[], object], runs: int = 5) -> Comparison:
    """Runs both in turn, after one warm-up of each."""
    subject()
    peer()
    return in_turn(lambda: seconds(subject), lambda: seconds(peer), runs)


def in_turn(subject: Callable[[], float], peer: Callable[[], float], runs: int) -> Comparison:
    """Two measurements in turn that give seconds themselves; a peer in another process has its own clock."""
    pairs = [(subject(), peer()) for _ in range(runs)]
    return Comparison(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def cost(name: str, comparison: Comparison) -> Finding:
    """How much the subject costs, in units of the peer: less is better."""
    return Finding(name, f"{comparison.ratio:.2f} times the cost", _spread(comparison))


def speed(name: str, comparison: Comparison, detail: str = "") -> Finding:
    """How many times as fast as the peer the subject is: more is better."""
    return Finding(name, f"{1 / comparison.ratio:.1f} times as fast", detail or _spread(comparison))


def _spread(comparison: Comparison) -> str:
    low, high = min(comparison.subject), max(comparison.subject)
    return f"{low * 1000:.0f} to {high * 1000:.0f} ms"
