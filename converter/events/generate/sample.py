"""Scenarios of samples: one event for every filter, in any order, all different (spec eql 11)."""

from collections.abc import Iterator
from itertools import combinations, islice

from converter.events.generate.broken_key import broken_keys
from converter.events.generate.cast import Cast, Documents
from converter.events.generate.claim import Document
from converter.events.generate.run import Plan
from converter.events.generate.scenario import Draft, in_line, mutation
from converter.events.generate.variation import with_value

_STEP = 1000.0
_FAR_APART = 23 * 3_600_000.0
_PAIRS = 6
"""So many pairs of filters are tried with one event that both select."""


def sample_plan(cast: Cast) -> Plan:
    """One event for every filter, in their order."""
    return Plan(tuple(range(len(cast.roles))), _STEP, None)


def sample_drafts(cast: Cast) -> Iterator[Draft]:
    """A satisfying sample, then every mutation of it; roles of the cast are the filters."""
    plan = sample_plan(cast)
    yield Draft("an event for every filter", plan.events(cast.fresh()), mutation=False)
    for at in plan.roles:
        run = plan.events(cast.fresh())
        yield from mutation(f"no event for filter {at + 1}", run, (*run[:at], *run[at + 1 :]))
        run = plan.events(cast.fresh())
        documents = [item.fields for item in run]
        twice = in_line([*documents, documents[at]], [*plan.times, plan.end + _STEP])
        yield from mutation(f"two events for filter {at + 1}", run, twice)
    yield from _in_other_ways(plan, cast)
    for purpose, base, changed in broken_keys(cast, plan.roles):
        yield from mutation(purpose, plan.events(base), plan.events(changed))
    yield from _for_two_filters(plan, cast)


def _in_other_ways(plan: Plan, cast: Cast) -> Iterator[Draft]:
    """Order and time, which make no difference to a sample."""
    documents = cast.fresh()
    yield from mutation("order reversed", plan.events(documents), plan.events(documents[::-1]))
    documents = cast.fresh()
    yield from mutation("all at one time", plan.events(documents), in_line(documents, [0.0] * len(documents)))
    documents = cast.fresh()
    apart = in_line(documents, [*plan.times[:-1], _FAR_APART])
    yield from mutation("nearly a day apart", plan.events(documents), apart)


def _for_two_filters(plan: Plan, cast: Cast) -> Iterator[Draft]:
    """An event that two filters select: alone it is one event too few, twice it is enough."""
    for pair in islice(combinations(plan.roles, 2), _PAIRS):
        one, other = (cast.roles[at] for at in pair)
        fields = one.batch.within(other.predicate).solution()
        for purpose, times in (("and no other", 1), ("twice", 2)):
            documents = cast.fresh()
            both = None if fields is None else _keyed(fields, cast, documents, pair)
            if both is not None:
                rest = [document for at, document in enumerate(documents) if at not in pair]
                listed = [*rest, *[both] * times]
                events = in_line(listed, [at * _STEP for at in range(len(listed))])
                yield Draft(f"one event for filters {pair[0] + 1} and {pair[1] + 1}, {purpose}", events, times == 1)


def _keyed(fields: Document, cast: Cast, documents: Documents, pair: tuple[int, int]) -> Document | None:
    """The event with the keys that the documents have; None if the filters do not select it then."""
    for at in pair:
        for key in cast.roles[at].keys:
            if key.name in documents[at]:
                fields = with_value(fields, key.name, documents[at][key.name])
    return fields if all(cast.roles[at].answer(fields) for at in pair) else None
