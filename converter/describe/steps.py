"""Sequences and samples in words (spec eql 10, 11)."""

from collections.abc import Iterator, Sequence

from converter.describe.condition import introduced
from converter.describe.expression import field_words
from converter.describe.moment import duration
from converter.describe.outline import Item
from converter.describe.quoting import counted, in_words, many
from converter.ir import detection
from converter.ir.detection import Stage, Take
from converter.ir.predicate import Field


def sequence(item: detection.Sequence) -> Iterator[Item]:
    """What the events of a sequence are, in their order, and what ties them together."""
    present = [stage for stage in item.stages if not stage.missing]
    events = sum(stage.runs for stage in present)
    span = "however far apart" if item.maxspan is None else f"the last at most {duration(item.maxspan)} after the first"
    yield Item(f"Finds sequences of {counted(events, 'event')} in this order of time, {span}:", tuple(_steps(item)))
    yield from _ties([*item.stages, *([item.until] if item.until else [])], _titles(item))
    if item.until is not None:
        ends = f"A sequence that has begun is given up if, before its last event, there is one{_same(item.until.keys)}"
        yield introduced(ends, item.until.predicate)
        yield Item("An event that completes the sequence does so even if it is such an event itself.")
    if events > 1:
        yield Item(
            "Of several events that could take a step, the last one before the event of the next step is taken; not "
            "every combination is found."
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
    yield from _ties(item.stages, [f"event {number}" for number in range(1, len(item.stages) + 1)])


def taken(take: tuple[Take, ...]) -> Iterator[Item]:
    """The pipes, from left to right."""
    for position, pipe in enumerate(take):
        which = "first" if pipe.end == "head" else "last"
        whose = "Of all that is found" if position == 0 else "Of these"
        kept = f"{which} one is" if pipe.count == 1 else f"{which} {many(pipe.count)} are"
        yield Item(f"{whose}, in order of time, only the {kept} kept.")


# --- steps ---------------------------------------------------------------------------------------------------------


def _steps(item: detection.Sequence) -> Iterator[Item]:
    for stage, title in zip(item.stages, _titles(item), strict=True):
        if stage.missing:
            yield introduced(f"{_where_absent(item, title)}: no event", stage.predicate, "!")
        elif stage.runs == 1:
            yield introduced("an event", stage.predicate, f"{title.removeprefix('step ')}.")
        else:
            events = f"{many(stage.runs)} events, one after another,"
            yield introduced(events, stage.predicate, f"{title.removeprefix('step ')}.", "for each of which")
    if sum(stage.missing for stage in (item.stages[0], item.stages[-1])) == 2 and item.maxspan is not None:
        yield Item(
            "Absence before and after is judged together: a sequence is dropped only if there are such events on both "
            f"sides, the nearest before and the nearest after at most {duration(item.maxspan)} apart.",
            mark="!",
        )


def _titles(item: detection.Sequence) -> list[str]:
    """`step 1`, `step 2`, …; an absence is named by the steps that it lies between."""
    titles, number = [], 0
    last = sum(not stage.missing for stage in item.stages)
    for stage in item.stages:
        if not stage.missing:
            number += 1
            titles.append(f"step {number}")
        elif 0 < number < last:
            titles.append(f"between step {number} and step {number + 1}")
        else:
            titles.append("before step 1" if number == 0 else f"after step {last}")
    return titles


def _where_absent(item: detection.Sequence, title: str) -> str:
    """Where no such event may be: between two steps, or on one side as far as `maxspan` reaches (spec eql 10.4)."""
    both = item.stages[0].missing and item.stages[-1].missing
    if title.startswith("between") or both or item.maxspan is None:
        return title
    if title.startswith("before"):
        return f"{title}, in the {duration(item.maxspan)} up to the last step"
    return f"{title}, in the {duration(item.maxspan)} from step 1 on"


# --- keys ----------------------------------------------------------------------------------------------------------


def _ties(stages: Sequence[Stage], titles: list[str]) -> Iterator[Item]:
    """By which fields the events belong together."""
    keys = [stage.keys for stage in stages]
    titles = [*titles, *["the event that ends it"] * (len(stages) - len(titles))]
    if not any(keys):
        yield Item("No field ties these events together.")
        return
    if all(own == keys[0] for own in keys):
        yield Item(f"All of them have the same {_tuple(keys[0])}.", tuple(_odd_keys(keys)))
    else:
        parts = (Item(f"{_the(title)}: {_tuple(own)}") for title, own in zip(titles, keys, strict=True))
        yield Item("They belong together by equal values of, in this order:", (*parts, *_odd_keys(keys)))


def _the(title: str) -> str:
    return f"the absent event {title}" if title.startswith(("before", "after", "between")) else title


def _same(keys: tuple[Field, ...]) -> str:
    return f" with the same {_tuple(keys)}" if keys else ""


def _tuple(keys: tuple[Field, ...]) -> str:
    return in_words([_key(key) for key in keys]) or "no field"


def _key(key: Field) -> str:
    return field_words(key.name, key.optional)


def _odd_keys(keys: Sequence[tuple[Field, ...]]) -> Iterator[Item]:
    """What becomes of events without a key field, and of those with several values in it."""
    fields = list(dict.fromkeys(key for own in keys for key in own))
    if any(not key.optional for key in fields):
        what = "one of these fields" if len(fields) > 1 else "this field"
        unless = ", unless it is optional," if any(key.optional for key in fields) else ""
        yield Item(f"An event without {what}{unless} takes no part; one with several values takes part with each.")
    if any(key.optional for key in fields):
        yield Item("Where an optional field is missing, the event belongs with others that lack it.")
