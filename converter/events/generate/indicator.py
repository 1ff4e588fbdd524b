"""Scenarios of indicator matches: an event with an indicator that it shares values with, and what almost does (spec
elastic-rules 2.6)."""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converter.events.generate.batch import Batch, around_leaf
from converter.events.generate.broken_key import broken_keys
from converter.events.generate.cast import Cast, Documents, Role
from converter.events.generate.scenario import Draft, Planned
from converter.events.generate.variation import with_value, without
from converter.events.generate.varied import Variations, varied
from converter.ir.detection import IndicatorEntry, IndicatorMatch
from converter.schema.catalogue import Catalogue, FieldType

EVENT, INDICATOR = 0, 1
"""The roles of a group's cast."""

_BLOCKS = "203.0.113.0/24"
_BLOCK = 30
"""Every other block of this prefix is used, out of a network that no other scenario has addresses of."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of entries with its cast: the event and the indicator, joined by the entries that are not negated."""

    number: int
    entries: tuple[IndicatorEntry, ...]
    cast: Cast
    catalogue: Catalogue

    @property
    def negated(self) -> list[IndicatorEntry]:
        return [entry for entry in self.entries if entry.negate]

    def fresh(self) -> Documents:
        """An event and an indicator that share the values they should share, and no others."""
        return self.differing(self.cast.fresh(), self.cast.fresh())

    def differing(self, documents: Documents, other: Documents) -> Documents:
        """The documents with values of their own in the negated entries."""
        event, indicator = documents
        for entry in self.negated:
            name, theirs = self.event_field(entry), entry.indicator.name
            value = indicator.get(theirs, f"indicator-{other[EVENT].get(name, 'value')}")
            indicator = {**indicator, theirs: value}
            if event.get(name) == value:
                event = with_value(event, name, f"not-{value}")
        return event, indicator

    def event_field(self, entry: IndicatorEntry) -> str:
        """The field that an event states for the entry."""
        return self.catalogue[entry.field.name].parent or entry.field.name


def groups_of(detection: IndicatorMatch, event: Batch, indicator: Batch, catalogue: Catalogue) -> list[Group]:
    """The groups of the mapping, each with its own cast; their values are apart."""
    numbers = iter(range(1_000_000))
    found = []
    for number, entries in enumerate(detection.mapping):
        joining = [entry for entry in entries if not entry.negate]
        roles = [
            Role("event", detection.predicate, [entry.field for entry in joining], event, catalogue),
            Role("indicator", detection.indicators, [entry.indicator for entry in joining], indicator, catalogue),
        ]
        found.append(Group(number, entries, Cast(roles, (EVENT, INDICATOR), numbers), catalogue))
    return found


def indicator_drafts(groups: Sequence[Group]) -> Iterator[Draft]:
    """For every group of entries an event that meets it, then every mutation."""
    for group in groups:
        yield _draft(group, "meets an indicator", group.fresh(), mutation=False)
    for group in groups:
        event, indicator = group.fresh()
        yield Draft(f"{_name(group)} has no indicator", (Planned(event, 0.0),))
        event, indicator = group.fresh()
        twice = Draft(
            f"{_name(group)} meets two indicators", (Planned(event, 0.0),), False, (indicator, dict(indicator))
        )
        yield twice
        yield from _broken(group)
        yield from _halves(group)
        yield from _negated(group)
        yield from _blocks(group)


def indicator_variations(groups: Sequence[Group], variations: Variations) -> Iterator[Draft]:
    """Events and indicators that are other documents of their queries, joined by the first group's values."""
    for group in groups[:1]:
        for at, role in enumerate(group.cast.roles):
            for made in variations.chosen(role.made, 2):
                kept = around_leaf(made.leaf, group.catalogue)
                documents = group.differing(group.cast.played(at, made.fields, kept), group.cast.fresh())
                event, indicator = documents
                yield varied(role.name, made, (Planned(event, 0.0),), indicators=(indicator,))


def _name(group: Group) -> str:
    return f"event of mapping {group.number + 1}"


def _draft(group: Group, purpose: str, documents: Documents, mutation: bool = True) -> Draft:
    event, indicator = documents
    return Draft(f"{_name(group)} {purpose}", (Planned(event, 0.0),), mutation, (indicator,))


def _broken(group: Group) -> Iterator[Draft]:
    """Values changed on either side; of a list of an indicator the first value may be all that counts."""
    for purpose, base, changed in broken_keys(group.cast, (EVENT, INDICATOR)):
        side = purpose.replace("stage 1", "the event").replace("stage 2", "the indicator").replace("stages", "sides")
        draft = _draft(group, f"with {side}", group.differing(changed, group.cast.fresh()))
        if not draft.same_as(_draft(group, "", group.differing(base, group.cast.fresh()))):
            yield draft
    for entry in group.entries:
        (event, indicator), (_, other) = group.fresh(), group.fresh()
        name = entry.indicator.name
        if not entry.negate and name in indicator and name in other:
            listed = {**indicator, name: [indicator[name], other[name]]}
            yield _draft(group, f"with {name} of the indicator a list that begins with the value", (event, listed))


def _halves(group: Group) -> Iterator[Draft]:
    """Two indicators, each of which satisfies some of the entries but not all."""
    joining = [entry for entry in group.entries if not entry.negate]
    for entry in joining[:-1]:
        (event, indicator), (_, other) = group.fresh(), group.fresh()
        name = entry.indicator.name
        if name in indicator and name in other:
            first, second = {**indicator, name: other[name]}, {**other, name: indicator[name]}
            events = (Planned(event, 0.0),)
            yield Draft(f"{_name(group)} meets two indicators by halves", events, True, (first, second))


def _negated(group: Group) -> Iterator[Draft]:
    for entry in group.negated:
        name, theirs = group.event_field(entry), entry.indicator.name
        event, indicator = group.fresh()
        shared = {**indicator, theirs: event.get(name, "shared")}
        yield _draft(group, f"shares the negated {name}", (with_value(event, name, shared[theirs]), shared))
        event, indicator = group.fresh()
        yield _draft(group, f"lacks the negated {name}", (without(event, name), indicator))
        event, indicator = group.fresh()
        yield _draft(group, f"meets an indicator without {theirs}", (event, without(indicator, theirs)))


def _blocks(group: Group) -> Iterator[Draft]:
    """Indicators that are blocks of addresses: the event is inside, at its edge, or just outside."""
    blocks = list(ipaddress.IPv4Network(_BLOCKS).subnets(new_prefix=_BLOCK))[::2]
    for entry in group.entries:
        if entry.negate or group.catalogue[entry.field.name].type is not FieldType.IP:
            continue
        for number, (purpose, place) in enumerate((("inside", 1), ("at the edge of", 3), ("just outside", 4))):
            block = blocks[(3 * group.number + number) % len(blocks)]
            event, indicator = group.fresh()
            event = with_value(event, group.event_field(entry), str(block[0] + place))
            indicator = with_value(indicator, entry.indicator.name, str(block))
            yield _draft(group, f"with {entry.field.name} {purpose} a block", (event, indicator))
