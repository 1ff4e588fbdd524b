"""The pipes `head` and `tail` over results in ascending order (spec eql 10.5)."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from converter.evaluate.match import Match
from converter.ir.detection import Take


def piped(matches: Iterable[Match], take: Iterable[Take]) -> Iterator[Match]:
    """The matches that the pipes leave, in the same order; pipes compose from left to right.

    `head` stops the search as soon as it has enough, `tail` keeps no more matches than it returns.
    """
    for pipe in take:
        matches = islice(matches, pipe.count) if pipe.end == "head" else deque(matches, maxlen=pipe.count)
    return iter(matches)
