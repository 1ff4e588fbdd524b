"""Scenarios of thresholds: groups at, below and above what is asked for, and groups with a broken event (spec
elastic-rules 2.4)."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, count, islice

from converter.evaluate.keys import Keys
from converter.events.document import event_of
from converter.events.event import Scalar
from converter.events.generate.batch import around_leaf
from converter.events.generate.broken_key import CHANGES, CHANGES_OF_ALL
from converter.events.generate.cast import Cast, Key, Role
from converter.events.generate.claim import Document
from converter.events.generate.own_value import own_values
from converter.events.generate.scenario import Draft, Planned, in_line, mutation
from converter.events.generate.value import NOW, moment
from converter.events.generate.variation import with_value, without
from converter.events.generate.varied import Variations, varied
from converter.ir.detection import Threshold
from converter.ir.predicate import Field
from converter.schema.catalogue import Catalogue

_STEP = 10.0
_ATTEMPTS = 4
"""Values that are tried for every distinct value that is needed."""


def threshold_drafts(detection: Threshold, cast: Cast, groups: "Groups") -> Iterator[Draft]:
    """A group that just reaches the threshold, then every mutation of it; the cast has one role."""
    yield groups.draft("exactly at the threshold", groups.whole(), is_run=True)
    yield from _sizes(groups)
    yield from _distinct_values(groups)
    yield from _broken_keys(groups, cast)
    yield from _around_the_start(groups, detection)


def threshold_variations(cast: Cast, catalogue: Catalogue, groups: "Groups", variations: Variations) -> Iterator[Draft]:
    """Groups at the threshold in which one event is another document of the predicate."""
    for made in variations.chosen(cast.roles[0].made, groups.size):
        kept = around_leaf(made.leaf, catalogue)
        (fields,) = cast.played(0, made.fields, kept)
        group = groups.around(fields, kept, made.holds)
        yield varied("one event", made, groups.timed(group), anchored=True)


class Groups:
    """Makes groups of events with keys of their own. `size` is the number of events of the smallest group that reaches
    the threshold; `reason` says why there is none, None if there is."""

    def __init__(self, detection: Threshold, cast: Cast, catalogue: Catalogue) -> None:
        self._cast = cast
        self._role = cast.roles[0]
        counted, self.least = detection.distinct or (None, 0)
        self.counted = None if counted is None else _key(counted, catalogue)
        self._values = Keys(() if counted is None else (Field(counted.name),), catalogue)
        self._proven: list[Scalar] = []
        self._start = None if detection.start is None else moment(detection.start)
        spread = self.spread(cast.fresh()[0], self.least)
        self.size = max(detection.at_least, len(spread))
        enough = self.distinct(spread) >= self.least
        self.reason = None if enough else "fewer distinct values satisfy the predicate than the threshold asks for"

    def whole(self) -> list[Document]:
        """A group that just reaches the threshold."""
        return self.group(self.size, self.least)

    def group(self, size: int, distinct: int) -> list[Document]:
        """So many events under one key, with so many distinct values of the counted field if they are that many."""
        spread = self.spread(self._cast.fresh()[0], distinct)
        return [*spread, *[spread[-1]] * size][: max(size, len(spread))]

    def around(self, fields: Document, kept: Collection[str], holds: bool) -> list[Document]:
        """A group that just reaches the threshold, or would, with this document in place of one of its events."""
        base = fields if holds else self._beside(fields)
        group = self.spread(base, self.least)
        group = [*group, *[group[-1]] * self.size][: self.size]
        counted = self.counted
        if counted is not None and counted.name not in kept and counted.name in group[-1]:
            changed = with_value(fields, counted.name, group[-1][counted.name])
            fields = changed if self._alike(fields, changed) else fields
        place = self._replaceable(group, fields)
        return [*group[:place], fields, *group[place + 1 :]]

    def _replaceable(self, group: Sequence[Document], fields: Document) -> int:
        """The event in whose place the document costs the group no distinct value, if there is one; else the last."""
        own = set(self._values.of(event_of(fields, 0)))
        covered = (at for at, other in enumerate(group) if own.issuperset(self._values.of(event_of(other, 0))))
        return next(covered, len(group) - 1)

    def _beside(self, fields: Document) -> Document:
        """A document that satisfies the predicate, with the keys of this one."""
        (base,) = self._cast.fresh()
        for key in self._role.keys:
            value = fields.get(key.name)
            if value is not None and not isinstance(value, list):
                base = with_value(base, key.name, value)
        return base

    def spread(self, base: Document, distinct: int) -> list[Document]:
        """The fewest documents like this one with so many distinct values of the counted field; at least one."""
        found = [base]
        if self.counted is None or self.distinct(found) >= distinct:
            return found
        seen = set(self._values.of(event_of(base, 0)))
        for value in islice(self._candidates(base, distinct), _ATTEMPTS * distinct + len(self._role.playing)):
            changed = with_value(base, self.counted.name, value)
            new = set(self._values.of(event_of(changed, 0))) - seen
            if new and len(seen) + len(new) <= distinct and self._alike(base, changed):
                found = [*found, changed] if seen else [changed]
                seen |= new
                if value not in self._proven:
                    self._proven.append(value)
                if len(seen) == distinct:
                    break
        return found

    def distinct(self, group: Sequence[Document]) -> int:
        """How many distinct values of the counted field the group has."""
        if self.counted is None:
            return 0
        return len({value for fields in group for value in self._values.of(event_of(fields, 0))})

    def draft(self, purpose: str, group: Sequence[Document], is_run: bool = False) -> Draft:
        return Draft(purpose, self.timed(group), mutation=not is_run, anchored=True)

    def changed(self, purpose: str, base: Sequence[Document], group: Sequence[Document]) -> Iterator[Draft]:
        """The group as a mutation of another one, if it differs."""
        return mutation(purpose, self.timed(base), self.timed(group), anchored=True)

    def timed(self, group: Sequence[Document]) -> tuple[Planned, ...]:
        """The events of the group, one after the other up to just before the present, all inside the window."""
        room = float("inf") if self._start is None else max(NOW - self._start, 0.0)
        step = min(_STEP, room // (len(group) + 2))
        return in_line(group, [NOW - step * (len(group) - at) for at in range(len(group))])

    def _candidates(self, base: Document, distinct: int) -> Iterator[Scalar]:
        """Values of the counted field: those that did before, own ones, then those that the predicate's documents
        have."""
        if self.counted is None:
            return
        present = base.get(self.counted.name)
        own = (
            value
            for number in islice(count(), distinct + 1)
            for value in own_values(self.counted.info.type, present, number)[:_ATTEMPTS]
        )
        stated = (fields.get(self.counted.name) for fields in self._role.playing)
        yield from chain(tuple(self._proven), own, (value for value in stated if isinstance(value, str | int | float)))

    def _alike(self, base: Document, changed: Document) -> bool:
        """The predicate holds for both or for neither, and they are in one group."""
        if not self._same_keys(base, changed):
            return False
        indifferent = self.counted is not None and self._role.indifferent(self.counted.name)
        return indifferent or self._role.answer(changed) is self._role.answer(base)

    def _same_keys(self, one: Document, other: Document) -> bool:
        return all(one.get(key.name) == other.get(key.name) for key in self._role.keys)


def _key(field: Field, catalogue: Catalogue) -> Key:
    info = catalogue[field.name]
    return Key(info.parent or info.name, info)


def _sizes(groups: Groups) -> Iterator[Draft]:
    whole = groups.whole()
    if len(whole) > 1:
        yield groups.draft("one event below the threshold", whole[:-1])
    whole = groups.whole()
    yield groups.draft("one event above the threshold", [*whole, whole[-1]])


def _distinct_values(groups: Groups) -> Iterator[Draft]:
    """Groups with too few distinct values, and what counts as one."""
    if groups.counted is None:
        return
    name = groups.counted.name
    if groups.least > 1:
        yield groups.draft("one distinct value below the threshold", groups.group(groups.size, groups.least - 1))
        yield groups.draft("the same value in all events", groups.group(groups.size, 1))
    whole = groups.whole()
    yield from groups.changed(f"{name} missing in one event", whole, [without(whole[0], name), *whole[1:]])
    whole = groups.whole()
    nothing = [without(fields, name) for fields in whole]
    yield from groups.changed(f"{name} missing in all events", whole, nothing)
    if len(whole) > 1:
        whole = groups.whole()
        values = [whole[at].get(name) for at in (0, 1)]
        flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
        both = {**whole[0], name: flat}
        yield from groups.changed(f"two values of {name} in one event", whole, [both, both, *whole[2:]])


def _broken_keys(groups: Groups, cast: Cast) -> Iterator[Draft]:
    """The key of one event changed, or that of all events; a value that stands twice in a list counts once."""
    role: Role = cast.roles[0]
    for position, key in enumerate(role.keys):
        for purpose, change in CHANGES:
            whole, (other,) = groups.whole(), cast.fresh()
            changed = change(whole[-1], other, key.name)
            if changed is not None:
                yield from groups.changed(f"key {position + 1} of one event {purpose}", whole, [*whole[:-1], changed])
        for purpose, change in CHANGES_OF_ALL:
            whole, (other,) = groups.whole(), cast.fresh()
            all_changed = [change(fields, other, key.name) for fields in whole]
            group = [fields for fields in all_changed if fields is not None]
            yield from groups.changed(f"key {position + 1} of all events {purpose}", whole, group)
        whole = groups.whole()[:-1]
        if whole and key.name in whole[-1]:
            twice = {**whole[-1], key.name: [whole[-1][key.name]] * 2}
            name = f"one event below the threshold, one with key {position + 1} twice"
            yield from groups.changed(name, whole, [*whole[:-1], twice])


def _around_the_start(groups: Groups, detection: Threshold) -> Iterator[Draft]:
    """Events at the edge of the window and outside."""
    if detection.start is None:
        return
    start = moment(detection.start)
    for purpose, time in (
        ("exactly at the start of the window", start),
        ("a millisecond before the window", start - 1),
        ("a millisecond after the start of the window", start + 1),
    ):
        first, *rest = groups.timed(groups.whole())
        moved = Planned(first.fields, time, first.order)
        yield from mutation(f"one event {purpose}", (first, *rest), (moved, *rest), anchored=True)
    group = groups.whole()
    early = in_line(group, [start - len(group) + at for at in range(len(group))])
    yield Draft("all events before the window", early, anchored=True)
