"""Detections: what a rule looks for over one or several events."""

from dataclasses import dataclass
from typing import Literal as Choice

from converter.ir.predicate import Field, Predicate


@dataclass(frozen=True, slots=True)
class Take:
    """EQL's `head` or `tail` pipe: the first or last `count` results in result order (spec eql 10.5)."""

    end: Choice["head", "tail"]
    count: int


@dataclass(frozen=True, slots=True)
class Events:
    """Every event that satisfies the predicate."""

    predicate: Predicate
    take: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One element of a sequence or sample; its keys come after the query-level ones, which are folded in already."""

    predicate: Predicate
    keys: tuple[Field, ...] = ()
    runs: int = 1
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Stages in order of time (spec eql 10). `maxspan` in milliseconds, None for no limit."""

    stages: tuple[Stage, ...]
    maxspan: int | None = None
    until: Stage | None = None
    take: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Stages in any order, one event each, all different (spec eql 11). `within` in milliseconds, None for no limit."""

    stages: tuple[Stage, ...]
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """Groups of matching events by key with at least so many events and distinct values (spec elastic-rules 2.4).

    Only events since `start`, date math relative to the run's `now`, are counted; None for all.
    """

    predicate: Predicate
    keys: tuple[Field, ...]
    at_least: int
    distinct: tuple[Field, int] | None = None
    within: int | None = None
    start: str | None = None


@dataclass(frozen=True, slots=True)
class NewTerms:
    """Combinations of values first seen after the run's start (spec elastic-rules 2.5).

    `history` and `start` are date math relative to the run's `now`: history begins at `history`, a term is new if it
    is first seen strictly after `start`.
    """

    predicate: Predicate
    fields: tuple[Field, ...]
    history: str
    start: str


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """One comparison of an event field with an indicator field."""

    field: Field
    indicator: Field
    negate: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorMatch:
    """Events that share values with one indicator (spec elastic-rules 2.6); the mapping is an OR of AND-groups."""

    predicate: Predicate
    indicator_index: tuple[str, ...]
    indicators: Predicate
    mapping: tuple[tuple[IndicatorEntry, ...], ...]


Detection = Events | Sequence | Sample | Threshold | NewTerms | IndicatorMatch
