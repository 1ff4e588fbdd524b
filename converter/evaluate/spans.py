"""Many closed spans of numbers as one test: long lists of blocks and days cost a value no more than a short one."""

from bisect import bisect_right
from collections.abc import Callable, Iterable

Span = tuple[float, float]
"""First and last number; infinities where a side is open. Instants and addresses are integers and stay such."""


def within(spans: Iterable[Span]) -> Callable[[float], bool]:
    """Whether a number lies in one of the spans, its ends included."""
    starts: list[float] = []
    ends: list[float] = []
    for low, high in sorted(spans):
        if high < low:
            continue
        if ends and low <= ends[-1]:
            ends[-1] = max(ends[-1], high)
        else:
            starts.append(low)
            ends.append(high)

    def test(value: float) -> bool:
        at = bisect_right(starts, value) - 1
        return at >= 0 and value <= ends[at]

    return test
