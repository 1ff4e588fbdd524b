"""The stages of a sequence, compiled once: which states a stage leads to, which missing events lie where."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from converter.evaluate.keys import Keys
from converter.evaluate.predicate import Holds
from converter.evaluate.search import Search
from converter.ir.detection import Sequence, Stage


@dataclass(frozen=True, slots=True)
class Part:
    """A stage, an `until` or a missing event as functions of an event.

    A pending sequence is in state k once it has k + 1 events. Repetitions (`runs`) are never written out: the events of
    this part lead to the states from `first` to `last`.
    """

    holds: Holds
    keys: Keys
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole sequence. `between` names the missing events right before a state; `layout` says of every item of a
    result, in order, whether it is an event."""

    positive: tuple[Part, ...]
    until: Part | None
    leading: tuple[Part, ...]
    between: dict[int, tuple[Part, ...]]
    trailing: tuple[Part, ...]
    layout: tuple[bool, ...]

    @property
    def final(self) -> int:
        """The state in which a sequence is complete."""
        return self.positive[-1].last


def plan(detection: Sequence, search: Search) -> Plan:
    """The detection's stages, ready to be asked about events."""
    positive: list[Part] = []
    gaps: dict[int, tuple[Part, ...]] = {}
    state = 0
    for missing, stages in groupby(detection.stages, key=lambda stage: stage.missing):
        if missing:
            gaps[state] = tuple(_part(stage, search) for stage in stages)
            continue
        for stage in stages:
            positive.append(_part(stage, search, state, state + stage.runs - 1))
            state += stage.runs
    return Plan(
        positive=tuple(positive),
        until=None if detection.until is None else _part(detection.until, search),
        leading=gaps.pop(0, ()),
        trailing=gaps.pop(state, ()),
        between=gaps,
        layout=tuple(_layout(detection.stages)),
    )


def _part(stage: Stage, search: Search, first: int = 0, last: int = 0) -> Part:
    return Part(search.holds(stage.predicate), search.keys(stage.keys), first, last)


def _layout(stages: Iterable[Stage]) -> Iterable[bool]:
    for stage in stages:
        yield from [not stage.missing] * stage.runs
