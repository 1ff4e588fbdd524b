"""Scenarios of sequences: runs that satisfy them, and runs that differ in one point (spec eql 10)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from converter.events.generate.broken_key import broken_keys
from converter.events.generate.cast import Cast, Documents
from converter.events.generate.interlude import Guest, interludes
from converter.events.generate.run import Plan, changes, plan_of
from converter.events.generate.scenario import Draft, Planned, mutation
from converter.ir.detection import Sequence as Detection


def sequence_drafts(detection: Detection, cast: Cast) -> Iterator[Draft]:
    """A satisfying run, then every mutation of it; roles of the cast are the stages, and last the `until`."""
    plan = plan_of(detection)
    yield Draft("stages in order", plan.events(cast.fresh()), mutation=False)
    if cast.width:
        yield from _under_two_keys(plan, cast)
    for purpose, change in changes(plan):
        run = plan.events(cast.fresh())
        yield from mutation(purpose, run, change(run))
    for interlude in interludes(detection, plan):
        if interlude.foreign and not cast.width:
            continue
        documents = cast.fresh()
        guests = guests_of(interlude.guests, cast.fresh() if interlude.foreign else documents)
        yield Draft(interlude.purpose, (*plan.events(documents), *guests))
    for purpose, base, changed in broken_keys(cast, tuple(dict.fromkeys(plan.roles))):
        yield from mutation(purpose, plan.events(base), plan.events(changed))


def _under_two_keys(plan: Plan, cast: Cast) -> Iterator[Draft]:
    one, other = plan.events(cast.fresh()), plan.events(cast.fresh())
    between = [replace(item, at=item.at + plan.step // 2, order=(item.order or 0) + 0.5) for item in other]
    yield Draft("two runs under two keys, interleaved", (*one, *between), mutation=False)
    one, other = plan.events(cast.fresh()), plan.events(cast.fresh())
    alternating = [(one, other)[at % 2][at] for at in range(len(one))]
    yield from mutation("every other event under another key", one, alternating)


def usual_places(detection: Detection, plan: Plan) -> dict[int, tuple[Guest, ...]]:
    """Where an `until` or a missing stage is tried, by the number of its role."""
    return {item.guests[0].role: item.guests for item in interludes(detection, plan) if item.usual}


def guests_of(guests: Iterable[Guest], documents: Documents) -> list[Planned]:
    """The events of guests, each with the document of its role."""
    return [Planned(documents[guest.role], guest.at, guest.order) for guest in guests]
