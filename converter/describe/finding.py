"""Detections in words: what one or several events have to be for the rule to find something."""

from collections.abc import Iterator
from typing import assert_never

from converter.describe.condition import introduced
from converter.describe.expression import field_words
from converter.describe.moment import ago, duration
from converter.describe.outline import Item
from converter.describe.quoting import counted, in_words, listed, plain
from converter.describe.steps import sample, sequence, taken
from converter.ir.detection import (
    Detection,
    Events,
    IndicatorEntry,
    IndicatorMatch,
    NewTerms,
    Sample,
    Sequence,
    Threshold,
)
from converter.ir.predicate import Field


def finding(detection: Detection) -> Iterator[Item]:
    """What the detection finds; every sentence is one item."""
    match detection:
        case Events(predicate, take):
            yield introduced("Finds every event", predicate)
            yield from taken(take)
        case Sequence():
            yield from sequence(detection)
        case Sample():
            yield from sample(detection)
        case Threshold():
            yield from _threshold(detection)
        case NewTerms():
            yield from _new_terms(detection)
        case IndicatorMatch():
            yield from _indicator_match(detection)
        case _:
            assert_never(detection)


def _threshold(item: Threshold) -> Iterator[Item]:
    """Spec elastic-rules 2.4."""
    since = "" if item.start is None else f" since {ago(item.start)}"
    yield introduced(f"Counts every event{since}", item.predicate)
    within = "" if item.within is None else f" within {duration(item.within)}"
    keys = _names(item.keys)
    group = f" with the same {in_words(keys)}" if keys else " in all"
    distinct = ""
    if item.distinct is not None:
        field, least = item.distinct
        distinct = f" and these have at least {counted(least, 'different value')} of {_name(field)}"
    events = counted(item.at_least, "such event")
    yield Item(f"Finds a group if there {_are(item.at_least)} at least {events}{group}{within}{distinct}.")
    if keys:
        yield Item(
            f"An event without {in_words(keys, 'or')} is not counted; one with several values counts in every group "
            "that they make."
        )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _new_terms(item: NewTerms) -> Iterator[Item]:
    """Spec elastic-rules 2.5."""
    names = _names(item.fields)
    what = f"value of {names[0]}" if len(names) == 1 else f"combination of values of {in_words(names)}"
    yield introduced(f"Finds every new {what}, among all events", item.predicate)
    yield Item(
        f"It is new if the first such event with it, looking back to {ago(item.history)}, is later than "
        f"{ago(item.start)}."
    )
    yield Item(
        f"An event without {in_words(names, 'or')} is left out; one with several values counts with "
        f"{'every combination' if len(names) > 1 else 'each'} of them."
    )


def _indicator_match(item: IndicatorMatch) -> Iterator[Item]:
    """Spec elastic-rules 2.6."""
    yield introduced("Looks at every event", item.predicate)
    where = listed([plain(index) for index in item.indicator_index])
    alternatives = tuple(Item(_entries(group)) for group in item.mapping)
    choice = "for at least one of these" if len(alternatives) != 1 else "for which this holds"
    yield Item(f"Finds it if there is an indicator {choice}:", alternatives)
    yield introduced(f"Indicators are the documents of {where}", item.indicators)
    yield Item("A field that the event or the indicator lacks equals nothing.")


def _entries(group: tuple[IndicatorEntry, ...]) -> str:
    """The comparisons with one and the same indicator."""
    return " and ".join(
        f"the event's {_name(entry.field)} {'shares no value with' if entry.negate else 'equals'} the indicator's "
        f"{_name(entry.indicator)}"
        for entry in group
    )


def _names(fields: tuple[Field, ...]) -> list[str]:
    return [_name(field) for field in fields]


def _name(field: Field) -> str:
    return field_words(field.name, field.optional)
