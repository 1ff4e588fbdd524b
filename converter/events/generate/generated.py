"""What is generated: events, the scenarios they make up, and the streams in which they are delivered."""

from dataclasses import dataclass

from converter.events.event import Event
from converter.events.generate.value import NOW
from converter.ir.span import Span


@dataclass(frozen=True, slots=True)
class GeneratedEvent:
    """An event with what it is for. `span`: the leaf it is about; `satisfies`: the predicate of the detection, or of
    one of its stages, holds for it.

    Not `coherent`: related fields disagree, or a single-valued field holds a list, or an enumeration is not lower-case:
    for targets that hold ECS, outside the assumptions.
    """

    event: Event
    purpose: str
    satisfies: bool
    coherent: bool = True
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A branch for which no satisfying event was found, or a reason why no run of events satisfies the whole
    detection: evidence is missing there."""

    leaf: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Events of one stream that are about one thing: a run that satisfies the detection, or a `mutation` that differs
    from such a run in one point.

    `ids` are those of its events in order of time, `indicators` those of the documents it brings along. `matches`: some
    match of its stream has one of its events, by the reference evaluator, `head` and `tail` left aside.
    """

    purpose: str
    ids: tuple[str, ...]
    mutation: bool
    matches: bool
    stream: int
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """Events in order of time that one evaluation sees together, with the indicators they are compared with.

    Scenarios of one stream are apart by their keys or by their time; what cannot be kept apart is in another stream.
    """

    events: tuple[GeneratedEvent, ...]
    indicators: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Generated:
    """The streams, each to be evaluated by itself; the branches without an event that satisfies them; how many branches
    there are; and the fixed present (milliseconds) that all times are relative to.

    Detections over single events have one stream and no scenarios. Ids are unique over all streams.
    """

    streams: tuple[Stream, ...]
    uncovered: tuple[Uncovered, ...]
    branches: int
    scenarios: tuple[Scenario, ...] = ()
    now: float = NOW

    @property
    def events(self) -> tuple[GeneratedEvent, ...]:
        """The events of all streams."""
        return tuple(item for stream in self.streams for item in stream.events)

    @property
    def indicators(self) -> tuple[Event, ...]:
        """The indicators of all streams."""
        return tuple(item for stream in self.streams for item in stream.indicators)
