"""Sequences the obvious way, word by word from spec eql 10.1 to 10.4: the streaming evaluator must agree.

Everything is kept, every key is tried on its own over all events, and every question is answered by looking through
all of them again. Stages test one value of the field `kind`, keys are keyword fields.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from converter.evaluate.match import KeyValue
from converter.events.event import Event
from converter.ir import Equal, Field, Predicate, Stage, Test, TextLiteral
from converter.ir import Sequence as Detection

Key = tuple[str | None, ...]
Found = tuple[tuple[str | None, ...], tuple[KeyValue, ...] | None]


def kind(letter: str) -> Predicate:
    """The condition of a stage."""
    return Test(Field("kind"), (Equal(TextLiteral(letter)),))


def sequences(detection: Detection, events: Sequence[Event]) -> list[Found]:
    """Ids and keys of the results, in order."""
    ordered = [Placed(place, event) for place, event in enumerate(sorted(events, key=order))]
    fields = len(detection.stages[0].keys)
    values = sorted({str(value) for event in events for name in event.fields for value in event.fields[name]})
    results: list[tuple[int, Key, Found]] = [
        (chosen[-1].place, key, (laid_out(detection, chosen), key if fields else None))
        for key in product((None, *values), repeat=fields)
        for chosen in runs_of_positive_stages(detection, ordered, key)
        if not rejected(detection, ordered, key, chosen)
    ]
    results.sort(key=lambda item: (item[0], [value or "" for value in item[1]]))
    return [found for _, _, found in results]


def order(event: Event) -> tuple[float, bool, float]:
    assert event.time is not None
    return (event.time, event.tiebreak is None, event.tiebreak or 0)


@dataclass(frozen=True)
class Placed:
    place: int
    event: Event

    @property
    def time(self) -> float:
        assert self.event.time is not None
        return self.event.time

    @property
    def moment(self) -> int:
        return math.floor(self.time)


def takes_part(stage: Stage, key: Key, placed: Placed) -> bool:
    assert isinstance(stage.predicate, Test)
    (matcher,) = stage.predicate.matchers
    assert isinstance(matcher, Equal)
    assert isinstance(matcher.value, TextLiteral)
    if matcher.value.value not in placed.event.fields.get("kind", ()):
        return False
    for field, value in zip(stage.keys, key, strict=True):
        values = placed.event.fields.get(field.name, ())
        if not (value in values or (value is None and not values and field.optional)):
            return False
    return True


def written_out(stages: Sequence[Stage]) -> list[Stage]:
    return [stage for stage in stages for _ in range(stage.runs)]


def runs_of_positive_stages(detection: Detection, events: Sequence[Placed], key: Key) -> Iterator[list[Placed]]:
    """10.3, for one key."""
    stages = [stage for stage in written_out(detection.stages) if not stage.missing]
    states: list[list[Placed] | None] = [None] * len(stages)
    for event in events:
        for k in reversed(range(len(stages))):
            if not takes_part(stages[k], key, event):
                continue
            if k == 0:
                states[0] = [event]
            else:
                pending, states[k - 1] = states[k - 1], None
                if pending is None:
                    continue
                if detection.maxspan is not None and event.time - pending[0].time > detection.maxspan:
                    continue
                if until_stops(detection, events, key, pending[-1], event):
                    continue
                states[k] = [*pending, event]
            if k == len(stages) - 1:
                complete, states[k] = states[k], None
                assert complete is not None
                yield complete


def until_stops(detection: Detection, events: Sequence[Placed], key: Key, last: Placed, event: Placed) -> bool:
    until = detection.until
    if until is None:
        return False
    before = [other.place for other in events if other.place < event.place and takes_part(until, key, other)]
    return bool(before) and max(before) >= last.place


def rejected(detection: Detection, events: Sequence[Placed], key: Key, chosen: Sequence[Placed]) -> bool:
    """10.4: the missing stages, given the events of the positive ones."""
    stages = written_out(detection.stages)
    first, last = chosen[0].moment, chosen[-1].moment
    befores, afters = [], []
    for position, stage in enumerate(stages):
        if not stage.missing:
            continue
        moments = [event.moment for event in events if takes_part(stage, key, event)]
        passed = sum(not other.missing for other in stages[:position])
        if passed == 0:
            befores += [moment for moment in moments if moment < first]
        elif passed == len(chosen):
            afters += [moment for moment in moments if moment > last]
        elif any(chosen[passed - 1].moment < moment < chosen[passed].moment for moment in moments):
            return True
    span = detection.maxspan
    if span is None or not (stages[0].missing or stages[-1].missing):
        return False
    if stages[0].missing and stages[-1].missing:
        return bool(befores) and bool(afters) and min(afters) - max(befores) <= span
    if stages[0].missing:
        return bool(befores) and last - max(befores) <= span
    return bool(afters) and min(afters) - first <= span


def laid_out(detection: Detection, chosen: Sequence[Placed]) -> tuple[str | None, ...]:
    ids = iter([placed.event.id for placed in chosen])
    return tuple(None if stage.missing else next(ids) for stage in written_out(detection.stages))
