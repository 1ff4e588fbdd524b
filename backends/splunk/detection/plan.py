"""What a sequence asks for, as states and parts: the plan that its search is written from (spec eql 10.3, 10.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from backends.splunk.detection.stage import UNTIL, Part
from backends.splunk.findings import refusal
from converter import ir
from converter.schema.port import Branches

STATES_LIMIT = 100
WINDOW_LIMIT = 10_000
"""The longest window of `streamstats` (spec splunk 1.9)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A pending sequence is in state k once it has k + 1 events, a first run of `window` events counting as one.

    `part_of` names the part whose events lead to each state. `gaps` maps a state to the part of the events that must
    be missing right before it; 0 is before the first, `states` after the last.
    """

    detection: ir.Sequence
    parts: tuple[Part, ...]
    part_of: tuple[int, ...]
    gaps: Mapping[int, int]
    window: int

    @property
    def maxspan(self) -> int | None:
        return self.detection.maxspan

    @property
    def states(self) -> int:
        return len(self.part_of)

    @property
    def until(self) -> bool:
        return self.detection.until is not None

    @property
    def late(self) -> bool:
        """Whether some rows must come after all others of their time."""
        return bool(self.gaps)

    @property
    def leading(self) -> bool:
        return 0 in self.gaps

    @property
    def trailing(self) -> bool:
        return self.states in self.gaps

    @property
    def between(self) -> bool:
        """Whether a pending sequence can be rejected and still keep its place."""
        return any(0 < state < self.states for state in self.gaps)

    @property
    def looked_back_for(self) -> Mapping[int, int]:
        """The gaps that an event of the sequence closes."""
        return {state: part for state, part in self.gaps.items() if state < self.states}

    @property
    def later_parts(self) -> tuple[int, ...]:
        """The parts that move a sequence on, each once."""
        return tuple(dict.fromkeys(self.part_of[1:]))

    def is_first_state(self, state: int) -> bool:
        """Whether no earlier step looks at when events of the state's part came."""
        return self.part_of[state] not in self.part_of[1:state]

    def repeats(self, state: int) -> bool:
        """Whether the event before is one of the same part."""
        return self.part_of[state - 1] == self.part_of[state]


def plan(detection: ir.Sequence, stages: tuple[Branches, ...]) -> Plan:
    """The plan of a sequence over the branches of its stages, `until` last. Raises RefusalError if it is too long."""
    parts: list[Part] = []
    part_of: list[int] = []
    gaps: dict[int, int] = {}
    positive = [number for number, stage in enumerate(detection.stages) if not stage.missing]
    window = _window(detection)
    for number, stage in enumerate(detection.stages):
        if stage.missing:
            gaps.setdefault(len(part_of), number)
            parts.append(Part(gaps[len(part_of)], stages[number], stage.keys, late=True))
            continue
        parts.append(Part(number, stages[number], stage.keys, shown=number == positive[-1]))
        part_of += [number] * (1 if not part_of and window > 1 else stage.runs)
    if len(part_of) > STATES_LIMIT or window > WINDOW_LIMIT:
        raise refusal("splunk-sequence-length", f"a search follows {STATES_LIMIT} steps, and runs of {WINDOW_LIMIT}")
    if detection.until is not None:
        parts.append(Part(UNTIL, stages[-1], detection.until.keys))
    return Plan(detection, tuple(parts), tuple(part_of), gaps, window)


def _window(detection: ir.Sequence) -> int:
    """How many events the first step takes at once. What must be missing before a run is told by its first event, so
    that such a run is written out event by event."""
    first = detection.stages[0]
    return 1 if first.missing else first.runs
