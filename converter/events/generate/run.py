"""Runs of a sequence: its stages in order, and what a run looks like that differs in one point (spec eql 10)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from converter.events.generate.cast import Documents
from converter.events.generate.claim import Document
from converter.events.generate.scenario import Planned, in_line
from converter.ir.detection import Sequence as Detection

_SECOND = 1000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The positive events of a run, by the number of their stage, each stage as often as it `runs`; `step` is the time
    between them, so that they fit in the span (milliseconds)."""

    roles: tuple[int, ...]
    step: float
    span: float | None

    def events(self, documents: Documents) -> tuple[Planned, ...]:
        """The run with these documents of all roles."""
        return in_line([documents[role] for role in self.roles], self.times)

    @property
    def times(self) -> list[float]:
        return [at * self.step for at in range(len(self.roles))]

    @property
    def end(self) -> float:
        return self.times[-1]

    def gaps(self) -> Iterator[tuple[int, float, float]]:
        """For every two events in a row the number of the first and both times."""
        times = self.times
        yield from ((at, times[at], times[at + 1]) for at in range(len(times) - 1))


def plan_of(detection: Detection) -> Plan:
    """The plan of a sequence's satisfying run."""
    roles = [at for at, stage in enumerate(detection.stages) if not stage.missing for _ in range(stage.runs)]
    span = None if detection.maxspan is None else float(detection.maxspan)
    step = _SECOND if span is None else float(min(_SECOND, span // (len(roles) + 1)))
    return Plan(tuple(roles), step, span)


Change = Callable[[Sequence[Planned]], tuple[Planned, ...]]
"""A run made of another one."""


def changes(plan: Plan) -> Iterator[tuple[str, Change]]:
    """All ways in which a run may differ in order, number and time, with what they are."""
    yield from _orders(plan)
    yield from _numbers(plan)
    yield from _ties(plan)
    yield from _spans(plan)


def _orders(plan: Plan) -> Iterator[tuple[str, Change]]:
    for at in _boundaries(plan):
        yield f"order of events {at + 1} and {at + 2} swapped", partial(_swapped, at=at)
    if len(plan.roles) > 2:
        yield "order reversed", _reversed


def _numbers(plan: Plan) -> Iterator[tuple[str, Change]]:
    last = {role: at for at, role in enumerate(plan.roles)}
    for at in last.values():
        several = plan.roles.count(plan.roles[at]) > 1
        yield f"event {at + 1} left out{' (runs one short)' if several else ''}", partial(_without, at=at)
        yield f"event {at + 1} twice{' (runs one too many)' if several else ''}", partial(_doubled, at=at)
    for at in [at for at in _boundaries(plan) if at > 0]:
        yield f"first stage again after event {at + 1}", partial(_again, at=at, step=plan.step)
    yield "whole run twice", partial(_repeated, after=plan.end + plan.step)
    yield "every event twice", _twinned


def _ties(plan: Plan) -> Iterator[tuple[str, Change]]:
    for name, order in (
        ("in order by tiebreaker", _orders_of),
        ("in reverse by tiebreaker", _reverse_orders_of),
        ("first without tiebreaker", lambda run: [None, *_orders_of(run)[1:]]),
        ("last without tiebreaker", lambda run: [*_orders_of(run)[:-1], None]),
    ):
        yield f"all at one time, {name}", partial(_at_once, order=order)
    for at in _boundaries(plan):
        name = f"events {at + 1} and {at + 2} at one time"
        yield f"{name}, in order by tiebreaker", partial(_tied, at=at, reverse=False)
        yield f"{name}, in reverse by tiebreaker", partial(_tied, at=at, reverse=True)


def _spans(plan: Plan) -> Iterator[tuple[str, Change]]:
    if plan.span is None or len(plan.roles) < 2:
        return
    for name, more in (("met exactly", 0.0), ("exceeded by one millisecond", 1.0), ("one millisecond short", -1.0)):
        yield f"span {name}", partial(_ending, end=plan.span + more)
    yield "span exceeded twice over", partial(_ending, end=2 * plan.span + 2)


def _boundaries(plan: Plan) -> list[int]:
    """The numbers of events that are followed by one of another stage."""
    return [at for at in range(len(plan.roles) - 1) if plan.roles[at] != plan.roles[at + 1]]


def _timed(run: Sequence[Planned], documents: Sequence[Document]) -> tuple[Planned, ...]:
    return tuple(replace(item, fields=fields) for item, fields in zip(run, documents, strict=True))


def _swapped(run: Sequence[Planned], at: int) -> tuple[Planned, ...]:
    documents = [item.fields for item in run]
    documents[at], documents[at + 1] = documents[at + 1], documents[at]
    return _timed(run, documents)


def _reversed(run: Sequence[Planned]) -> tuple[Planned, ...]:
    return _timed(run, [item.fields for item in reversed(run)])


def _without(run: Sequence[Planned], at: int) -> tuple[Planned, ...]:
    return (*run[:at], *run[at + 1 :])


def _twins(item: Planned) -> tuple[Planned, Planned]:
    return item, replace(item, at=item.at + 1, order=(item.order or 0) + 0.5)


def _doubled(run: Sequence[Planned], at: int) -> tuple[Planned, ...]:
    return (*run[:at], *_twins(run[at]), *run[at + 1 :])


def _again(run: Sequence[Planned], at: int, step: float) -> tuple[Planned, ...]:
    again = replace(run[0], at=run[at].at + step // 2, order=(run[at].order or 0) + 0.5)
    return (*run[: at + 1], again, *run[at + 1 :])


def _repeated(run: Sequence[Planned], after: float) -> tuple[Planned, ...]:
    later = [replace(item, at=item.at + after, order=(item.order or 0) + len(run)) for item in run]
    return (*run, *later)


def _twinned(run: Sequence[Planned]) -> tuple[Planned, ...]:
    return tuple(twin for item in run for twin in _twins(item))


def _orders_of(run: Sequence[Planned]) -> list[float | None]:
    return [item.order for item in run]


def _reverse_orders_of(run: Sequence[Planned]) -> list[float | None]:
    return _orders_of(run)[::-1]


def _at_once(run: Sequence[Planned], order: Callable[[Sequence[Planned]], list[float | None]]) -> tuple[Planned, ...]:
    return tuple(replace(item, at=run[0].at, order=place) for item, place in zip(run, order(run), strict=True))


def _tied(run: Sequence[Planned], at: int, reverse: bool) -> tuple[Planned, ...]:
    first, second = run[at], replace(run[at + 1], at=run[at].at)
    if reverse:
        first, second = replace(first, order=second.order), replace(second, order=first.order)
    return (*run[:at], first, second, *run[at + 2 :])


def _ending(run: Sequence[Planned], end: float) -> tuple[Planned, ...]:
    return (*run[:-1], replace(run[-1], at=run[0].at + end))
