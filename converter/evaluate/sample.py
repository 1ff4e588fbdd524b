"""Samples: for a key that events of every filter share, one event per filter, all different (spec eql 11).

Which events Elasticsearch picks is left open; here it is the first ones in event order, filter by filter.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from converter.evaluate.keys import Key
from converter.evaluate.match import Match
from converter.evaluate.refusal import check_no_window
from converter.evaluate.search import Search
from converter.events.event import Event
from converter.ir.detection import Sample

Item = tuple[int, str]
"""An event: its place, which tells it from all others, and its id."""

Choices = Sequence[Sequence[Item]]
"""For every filter the events that it selects, in order."""


def find_samples(
    detection: Sample, events: Iterable[Event], search: Search, max_samples_per_key: int
) -> Iterator[Match]:
    """Up to so many samples per key, in ascending order of the keys, null first.

    Raises EvaluationError for a detection with a window of its own.
    """
    check_no_window("sample", detection.within)
    stages = [(search.holds(stage.predicate), search.keys(stage.keys)) for stage in detection.stages]
    # So many events per filter and key give as many samples as all would: with one filter's events cut off here, any
    # choice for the others leaves it enough events of its own.
    enough = len(stages) - 1 + max_samples_per_key
    found: dict[Key, list[list[Item]]] = {}
    for place, event in enumerate(events):
        for number, (holds, keys) in enumerate(stages):
            if holds(event):
                for key in keys.of(event):
                    chosen = found.setdefault(key, [[] for _ in stages])[number]
                    if len(chosen) < enough:
                        chosen.append((place, event.id))
    first = stages[0][1]
    for key in sorted(found, key=first.rank):
        for sample in islice(distinct_choices(found[key]), max_samples_per_key):
            yield Match(tuple(id_ for _, id_ in sample), first.shown(key))


def distinct_choices(choices: Choices) -> Iterator[tuple[Item, ...]]:
    """Every way to take one item of each, no item twice, in the order of the items.

    What cannot be completed is not entered, so the time between two results is polynomial.
    """
    taken: list[Item] = []
    rests = [iter(choices[0])] if _can_complete(choices, ()) else []
    while rests:
        item = next(rests[-1], None)
        if item is None:
            rests.pop()
            del taken[-1:]
        elif item not in taken and _can_complete(choices[len(taken) + 1 :], (*taken, item)):
            taken.append(item)
            if len(taken) < len(choices):
                rests.append(iter(choices[len(taken)]))
            else:
                yield tuple(taken)
                taken.pop()


def _can_complete(choices: Choices, taken: Iterable[Item]) -> bool:
    """Whether one item of each can still be had, none twice and none of those taken."""
    matching = _Matching(choices, frozenset(taken))
    return all(matching.add(number) for number in range(len(choices)))


class _Matching:
    """A matching of filters and items, grown by augmenting paths."""

    def __init__(self, choices: Choices, excluded: frozenset[Item]) -> None:
        self._choices = choices
        self._excluded = excluded
        self._owner: dict[Item, int] = {}
        self._held: dict[int, Item] = {}

    def add(self, number: int) -> bool:
        """Gives the filter an item, if need be by giving others another one; False if there is none."""
        reached: dict[Item, int] = {}
        queue = deque([number])
        while queue:
            asking = queue.popleft()
            for item in self._choices[asking]:
                if item in self._excluded or item in reached:
                    continue
                reached[item] = asking
                if item not in self._owner:
                    self._pass_on(item, reached)
                    return True
                queue.append(self._owner[item])
        return False

    def _pass_on(self, free: Item, reached: dict[Item, int]) -> None:
        item: Item | None = free
        while item is not None:
            number = reached[item]
            released = self._held.get(number)
            self._held[number], self._owner[item] = item, number
            item = released
