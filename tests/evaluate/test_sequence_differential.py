"""The streaming evaluator of sequences against the naive one, on random sequences and small lists of events.

RULEPORT_SEQUENCE_CASES sets the number of cases, RULEPORT_SEQUENCE_SEED where they begin. CI runs 100,000, which take
a minute; elsewhere a few are enough to notice a mistake.
"""

import os
from random import Random

import pytest

from converter.evaluate import evaluate, stream
from converter.evaluate.match import in_order
from converter.evaluate.sequence import machine
from converter.events.event import Event, Values
from converter.ir import Field, Sequence, Stage
from converter.schema.catalogue import Catalogue
from tests.evaluate import naive_sequence
from tests.evaluate.naive_sequence import Found, kind
from tests.ir.show import show

CASES = int(os.environ.get("RULEPORT_SEQUENCE_CASES", "100000" if os.environ.get("CI") else "2000"))
SEED = int(os.environ.get("RULEPORT_SEQUENCE_SEED", "0"))
CATALOGUE = Catalogue({})


def test_streaming_agrees_with_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    # Looking for what has expired after every event must not matter.
    monkeypatch.setattr(machine, "_SMALLEST_SWEEP", 0)
    monkeypatch.setattr(machine, "_GROWTH", 0)
    found = 0
    for seed in range(SEED, SEED + CASES):
        random = Random(seed)
        detection, events = a_sequence(random), some_events(random)
        expected = naive_sequence.sequences(detection, events)
        found += bool(expected)
        if streamed(detection, events) != expected:
            few = minimal(detection, events)
            pytest.fail(
                f"seed {seed}\n{show(detection)}\n"
                + "\n".join(f"{event.id} {event.time} {event.tiebreak} {event.fields}" for event in few)
                + f"\nexpected {naive_sequence.sequences(detection, few)}\nfound {streamed(detection, few)}"
            )
    assert found > CASES / 10


def test_in_order_and_at_once_are_the_same() -> None:
    for seed in range(200):
        random = Random(seed)
        detection, events = a_sequence(random), some_events(random)
        assert list(stream(detection, in_order(events, None), CATALOGUE)) == evaluate(detection, events, CATALOGUE)


def streamed(detection: Sequence, events: list[Event]) -> list[Found]:
    return [(match.ids, match.keys) for match in evaluate(detection, events, CATALOGUE)]


def minimal(detection: Sequence, events: list[Event]) -> list[Event]:
    """Fewer events on which both still disagree."""
    for event in list(events):
        fewer = [other for other in events if other is not event]
        if streamed(detection, fewer) != naive_sequence.sequences(detection, fewer):
            events = fewer
    return events


def a_sequence(random: Random) -> Sequence:
    """Up to five stages over a few kinds of events, so that stages repeat, overlap and take part in `until`."""
    width = random.choice((0, 0, 1, 1, 2))
    optional = [random.random() < 0.3 for _ in range(width)]
    shared = random.random() < 0.7
    limited = random.random() < 0.8
    letters = "abc"[: random.randint(1, 3)]

    def stage(missing: bool) -> Stage:
        names = "xy" if shared else random.choice(("xy", "yx", "xx"))
        keys = tuple(Field(name, option) for name, option in zip(names, optional, strict=False))
        return Stage(kind(random.choice(letters)), keys, random.choice((1, 1, 1, 1, 2, 3)), missing)

    stages = [stage(False)]
    for _ in range(random.choice((0, 1, 1, 2, 2, 3))):
        stages.insert(random.randint(0, len(stages)), stage(limited and random.random() < 0.4))
    if sum(item.runs for item in stages) < 2:
        stages.append(stage(False))
    if limited and random.random() < 0.3:
        stages.insert(len(stages) // 2, stage(True))
    until = stage(False) if random.random() < 0.3 else None
    return Sequence(tuple(stages), random.randint(1, 12) if limited else None, until)


def some_events(random: Random) -> list[Event]:
    """Close in time, with ties, with and without tiebreakers, with lists of values and without values."""
    tick = random.choice((0.25, 1, 1, 2))

    def fields() -> dict[str, Values]:
        chosen: dict[str, Values] = {"kind": tuple(random.sample("abc", random.choice((1, 1, 1, 2))))}
        for name in "xy":
            values = tuple(random.choices("pppqr", k=random.choice((0, 1, 1, 1, 1, 2, 3))))
            if values:
                chosen[name] = values
        return chosen

    tied = random.random() < 0.5
    return [
        Event(
            str(number),
            fields(),
            time=tick * random.randint(0, 12),
            tiebreak=random.randint(0, 3) if tied and random.random() < 0.8 else None,
        )
        for number in range(random.randint(2, 18))
    ]
