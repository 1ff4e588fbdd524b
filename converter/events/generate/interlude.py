"""Events between, before and after those of a run: `until`, and stages that must be missing (spec eql 10.3, 10.4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from converter.events.generate.run import Plan
from converter.ir.detection import Sequence


@dataclass(frozen=True, slots=True)
class Guest:
    """An event of a stage that is not one of the run's: when it comes, and its order among events of one time."""

    role: int
    at: float
    order: float


@dataclass(frozen=True, slots=True)
class Interlude:
    """Guests of a run; `foreign` ones come under another key. `usual`: where the guest's stage is at home, so that an
    event that almost belongs to it is tried there."""

    purpose: str
    guests: tuple[Guest, ...]
    foreign: bool = False
    usual: bool = False


def interludes(detection: Sequence, plan: Plan) -> Iterator[Interlude]:
    """Every place of an `until` or of a missing stage that makes a difference."""
    if detection.until is not None:
        yield from _of_until(len(detection.stages), plan)
    leading = [at for at, place in _missing(detection) if place == 0]
    trailing = [at for at, place in _missing(detection) if place == len(plan.roles)]
    for at, place in _missing(detection):
        yield from _of_missing(at, place, plan)
    for first in leading[:1]:
        for last in trailing[:1]:
            yield from _of_both_ends(first, last, plan)


def _of_until(role: int, plan: Plan) -> Iterator[Interlude]:
    for at, begins, ends in plan.gaps():
        name = f"until between events {at + 1} and {at + 2}"
        middle = Guest(role, begins + (ends - begins) // 2, at + 0.5)
        yield Interlude(name, (middle,), usual=at == 0)
        yield Interlude(f"{name}, under another key", (middle,), foreign=True)
    yield Interlude("until before the first event", (Guest(role, -1, -1),))
    yield Interlude("until after the last event", (Guest(role, plan.end + 1, len(plan.roles)),))
    last = len(plan.roles) - 1
    for name, at in (("first", 0), ("last", last)):
        yield Interlude(f"until at the time of the {name} event, before it", (Guest(role, plan.times[at], at - 0.5),))
        yield Interlude(f"until at the time of the {name} event, after it", (Guest(role, plan.times[at], at + 0.5),))


def _missing(detection: Sequence) -> Iterator[tuple[int, int]]:
    """The missing stages, each with the number of events that come before it."""
    before = 0
    for at, stage in enumerate(detection.stages):
        if stage.missing:
            yield at, before
        else:
            before += stage.runs


def _of_missing(role: int, place: int, plan: Plan) -> Iterator[Interlude]:
    """The forbidden event at every moment that matters, from inside outwards, and once under another key."""
    name = f"missing stage {role + 1} is there,"
    moments: dict[float, str] = {}
    for purpose, at in _moments(place, plan):
        moments.setdefault(at, purpose)
    usual = True
    for at, purpose in moments.items():
        guest = Guest(role, at, place - 0.5)
        yield Interlude(f"{name} {purpose}", (guest,), usual=usual)
        if usual:
            yield Interlude(f"{name} {purpose}, under another key", (guest,), foreign=True)
        usual = False


def _moments(place: int, plan: Plan) -> Iterator[tuple[str, float]]:
    times, end, span = plan.times, plan.end, plan.span
    if 0 < place < len(times):
        before, after = times[place - 1], times[place]
        yield "in the middle", before + (after - before) // 2
        yield "one millisecond after the event before", before + 1
        yield "one millisecond before the event after", after - 1
        yield "at the time of the event before", before
        yield "at the time of the event after", after
        yield "before the event before", before - 1
        yield "after the event after", after + 1
    elif place == 0:
        yield "one millisecond before the first event", -1
        yield "at the time of the first event", 0
        yield "after the first event", 1
        if span is not None:
            yield "a span before the last event", end - span
            yield "one millisecond more than a span before the last event", end - span - 1
    else:
        yield "one millisecond after the last event", end + 1
        yield "at the time of the last event", end
        yield "before the last event", end - 1
        if span is not None:
            yield "a span after the first event", span
            yield "one millisecond more than a span after the first event", span + 1


def _of_both_ends(leading: int, trailing: int, plan: Plan) -> Iterator[Interlude]:
    """Both forbidden events: it is their distance that decides."""
    first, order = Guest(leading, -1, -1), float(len(plan.roles))
    yield Interlude("missing stages at both ends are there", (first, Guest(trailing, plan.end + 1, order)))
    if plan.span is not None:
        for name, more in (("a span apart", 0), ("a span and a millisecond apart", 1)):
            late = Guest(trailing, plan.span - 1 + more, order)
            yield Interlude(f"missing stages at both ends are there, {name}", (first, late))
