"""Sequences and samples in words (spec eql 10, 11)."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from converter.describe.condition import introduced
from converter.describe.expression import field_words
from converter.describe.moment import duration
from converter.describe.outline import Item
from converter.describe.quoting import counted, in_words, many
from converter.ir import detection
from converter.ir.detection import Take
from converter.ir.predicate import Field


def sequence(item: detection.Sequence) -> Iterator[Item]:
    """What the events of a sequence are, in their order, and what ties them together."""
    events = sum(stage.runs for stage in item.stages if not stage.missing)
    span = "however far apart" if item.maxspan is None else f"the last at most {duration(item.maxspan)} after the first"
    yield Item(f"Finds sequences of {counted(events, 'event')} in this order of time, {span}:", tuple(_steps(item)))
    yield from _ties(_titled(item))
    if item.until is not None:
        same = f" with the same {_tuple(item.until.keys)}" if item.until.keys else ""
        ends = f"A sequence that has begun is given up if, before its last event, there is one{same}"
        yield introduced(ends, item.until.predicate)
        yield Item("An event that completes the sequence does so even if it is such an event itself.")
    yield Item(
        "Of several events that could take a step, the last one before the event of the next step is taken; not every "
        "combination is found."
    )
    yield from taken(item.take)


def sample(item: detection.Sample) -> Iterator[Item]:
    """What the events of a sample are; their order does not matter."""
    within = "" if item.within is None else f", at most {duration(item.within)} apart"
    steps = tuple(
        introduced("an event", stage.predicate, f"{number}.") for number, stage in enumerate(item.stages, start=1)
    )
    head = f"Finds sets of {counted(len(item.stages), 'different event')} in any order{within}, one for each of these:"
    yield Item(head, steps)
    yield from _ties([(f"event {number}", stage.keys) for number, stage in enumerate(item.stages, start=1)])


def taken(take: tuple[Take, ...]) -> Iterator[Item]:
    """The pipes, from left to right."""
    for position, pipe in enumerate(take):
        which = "first" if pipe.end == "head" else "last"
        whose = "Of all that is found" if position == 0 else "Of these"
        kept = f"{which} one is" if pipe.count == 1 else f"{which} {many(pipe.count)} are"
        yield Item(f"{whose}, in order of time, only the {kept} kept.")


# --- steps ---------------------------------------------------------------------------------------------------------


def _steps(item: detection.Sequence) -> Iterator[Item]:
    steps = _numbers(item)[-1]
    both_ends = item.stages[0].missing and item.stages[-1].missing
    for stage, number in zip(item.stages, _numbers(item), strict=True):
        if stage.missing:
            window = "" if both_ends else _window(number, steps, item.maxspan)
            yield introduced(f"{_gap(number, steps)}{window}: no event", stage.predicate, "!")
        elif stage.runs == 1:
            yield introduced("an event", stage.predicate, f"{number}.")
        else:
            events = f"{many(stage.runs)} events, one after another,"
            yield introduced(events, stage.predicate, f"{number}.", "for each of which")
    if both_ends and item.maxspan is not None:
        yield Item(
            "Absence before and after is judged together: a sequence is dropped only if there are such events on both "
            f"sides, the nearest before and the nearest after at most {duration(item.maxspan)} apart.",
            mark="!",
        )


def _numbers(item: detection.Sequence) -> list[int]:
    """The number of every step; for an absence that of the step before it, 0 if there is none."""
    return list(accumulate(int(not stage.missing) for stage in item.stages))


def _gap(number: int, steps: int) -> str:
    """Where an absence after step `number` lies."""
    if number == 0:
        return "before step 1"
    return f"after step {number}" if number == steps else f"between step {number} and step {number + 1}"


def _window(number: int, steps: int, maxspan: int | None) -> str:
    """How far an absence before the first step or after the last one reaches (spec eql 10.4)."""
    if maxspan is None or 0 < number < steps:
        return ""
    return f", in the {duration(maxspan)} {'up to the last step' if number == 0 else 'from step 1 on'}"


# --- keys ----------------------------------------------------------------------------------------------------------


_Titled = tuple[str, tuple[Field, ...]]


def _titled(item: detection.Sequence) -> list[_Titled]:
    """What every part of a sequence is called, and its keys."""
    numbers = _numbers(item)
    titled = [
        (f"the absent event {_gap(number, numbers[-1])}" if stage.missing else f"step {number}", stage.keys)
        for stage, number in zip(item.stages, numbers, strict=True)
    ]
    return titled if item.until is None else [*titled, ("the event that ends it", item.until.keys)]


def _ties(parts: Sequence[_Titled]) -> Iterator[Item]:
    """By which fields the events belong together."""
    keys = [own for _, own in parts]
    if not any(keys):
        yield Item("No field ties these events together.")
    elif all(own == keys[0] for own in keys):
        yield Item(f"All of them have the same {_tuple(keys[0])}.", tuple(_odd_keys(keys)))
    else:
        each = (Item(f"{title}: {_tuple(own)}") for title, own in parts)
        yield Item("They belong together by equal values of, in this order:", (*each, *_odd_keys(keys)))


def _tuple(keys: tuple[Field, ...]) -> str:
    return in_words([field_words(key.name, key.optional) for key in keys]) or "no field"


def _odd_keys(keys: Sequence[tuple[Field, ...]]) -> Iterator[Item]:
    """What becomes of events without a key field, and of those with several values in it."""
    fields = list(dict.fromkeys(key for own in keys for key in own))
    if any(not key.optional for key in fields):
        what = "one of these fields" if len(fields) > 1 else "this field"
        unless = ", unless it is optional," if any(key.optional for key in fields) else ""
        yield Item(f"An event without {what}{unless} takes no part; one with several values takes part with each.")
    if any(key.optional for key in fields):
        yield Item("Where an optional field is missing, the event belongs with others that lack it.")
