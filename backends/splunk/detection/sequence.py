"""Sequences: one pass of `streamstats` for every step from one event to the next (spec splunk 4.3 to 4.6).

The latest pending sequence in a state, before an event, is the one with the greatest row number, and since pending
sequences are consumed in order, their starts never decrease with it: plain maxima of row numbers and of start times
belong together. A pending sequence is gone if an event of the next stage came after it, whatever became of that.
"""

import math
from dataclasses import dataclass, field

from backends.splunk import where
from backends.splunk.command import (
    Aggregation,
    Command,
    Commands,
    Ends,
    Evaluate,
    Filter,
    RangeInfo,
    Running,
    Sort,
    Table,
)
from backends.splunk.detection.order import order_by
from backends.splunk.detection.plan import Plan, plan
from backends.splunk.detection.span import THOUSAND, after, beyond, constant, name, row_if, within
from backends.splunk.detection.stage import UNTIL, rows
from backends.splunk.findings import Finding
from backends.splunk.keys import Join, join_of
from backends.splunk.selection import Findings, Schema
from converter import ir
from converter.schema.port import Branches


def write(
    detection: ir.Sequence,
    stages: tuple[Branches, ...],
    schema: Schema,
    findings: Findings,
    every: int | None = None,
) -> Commands:
    """The events that complete a sequence. Raises RefusalError for what SPL cannot say.

    `every`: the search runs so often, in seconds, each time over more than its share; only what is settled in the
    newest part is a result (4.6).
    """
    planned = plan(detection, stages)
    join = join_of([part.keys for part in planned.parts])
    found, shown = rows(planned.parts, join, schema, findings)
    passes = _Passes(planned, join)
    findings.add(Finding("splunk-stream-window", None))
    commands = [*found, order_by(late=planned.late, stages=len(planned.parts) > 1), *passes.commands()]
    if every is not None:
        commands += [RangeInfo(), Filter(tuple(_settled(planned, passes.start, every)))]
    if detection.take:
        if planned.trailing:
            commands.append(order_by())
        commands += [Ends(take.end, take.count) for take in detection.take]
    start = Evaluate((("sequence_start", name(passes.start)), ("sequence_end", name("_time"))))
    table = Table(tuple(dict.fromkeys(["_time", "sequence_start", "sequence_end", "host", *shown])))
    return (*commands, start, table)


def _settled(planned: Plan, start: str, every: int) -> list[where.Where]:
    """Results that are settled in the newest part of the time range: when the last event came, or when none of the
    events that must be missing can come any more."""
    newest = where.Binary("-", name("info_max_time"), where.Number(every))
    if not planned.trailing:
        return [where.Binary(">=", name("_time"), newest)]
    due = where.Binary("+", name(start), constant(planned.maxspan) or where.Number(0))
    return [where.Binary(">=", due, newest), where.Binary("<", due, name("info_max_time"))]


@dataclass(slots=True)
class _Passes:
    """The commands after the sort, in the order in which they are written."""

    plan: Plan
    join: Join
    written: list[Command] = field(default_factory=list)
    start: str = "eql_from0"

    @property
    def by(self) -> tuple[str, ...]:
        return self.join.names

    def commands(self) -> list[Command]:
        if self.plan.states > 1:
            self.written.append(Running((Aggregation("count", None, "eql_row"),)))
        self._looks_back()
        self._run()
        first = self._first()
        if self.plan.states == 1:
            self._complete(first)
        else:
            self._open(first)
            for state in range(1, self.plan.states):
                self._step(state)
        if self.plan.trailing:
            self._look_ahead()
        return self.written

    def _looks_back(self) -> None:
        """The last event that must be missing, before each row; such rows come after all others of their time."""
        gaps = self.plan.looked_back_for
        marks = [(f"eql_gap{state}", row_if(self._is(part), "_time")) for state, part in gaps.items()]
        if self.plan.until and self.plan.states > 1:
            marks.append(("eql_stop", row_if(self._is(UNTIL), "eql_row")))
        if marks:
            self.written.append(Evaluate(tuple(marks)))
        seen = [Aggregation("max", f"eql_gap{state}", f"eql_seen{state}") for state in gaps]
        if seen:
            self.written.append(Running(tuple(seen), self.by))

    def _run(self) -> None:
        """The window of a run: the event and those of its stage before it, up to the last `until` (4.4)."""
        if self.plan.window == 1:
            return
        groups = [*self.by, *(["eql_stage"] if len(self.plan.parts) > 1 else [])]
        if self.plan.until:
            ended = Aggregation("count", self._is(UNTIL), "eql_segment")
            self.written.append(Running((ended,), self.by))
            groups.append("eql_segment")
        counted = (Aggregation("count", None, "eql_run"), Aggregation("min", "_time", "eql_begin"))
        self.written.append(Running(counted, tuple(groups), window=self.plan.window))

    def _first(self) -> list[where.Where]:
        """Rows that open a sequence, or are a whole run."""
        conditions = [self._is(self.plan.part_of[0])] if len(self.plan.parts) > 1 else []
        if self.plan.window > 1:
            conditions.append(where.Binary("==", name("eql_run"), where.Number(self.plan.window)))
            conditions += within(self.plan.maxspan, "_time", "eql_begin")
        return conditions

    @property
    def _opened(self) -> str:
        return "eql_begin" if self.plan.window > 1 else "_time"

    def _open(self, conditions: list[where.Where]) -> None:
        """The columns that the first step looks back at, and when events of each later stage came."""
        opened = where.both(conditions)
        marks = [("eql_done0", row_if(opened, "eql_row")), ("eql_from0", row_if(opened, self._opened))]
        if self.plan.between:
            marks += [("eql_good0", row_if(opened, "eql_row")), ("eql_last0", row_if(opened, "_time"))]
        if self.plan.leading:
            marks.append(("eql_lead0", row_if(opened, "eql_seen0")))
        marks += [(f"eql_item{part}", row_if(self._is(part), "eql_row")) for part in self.plan.later_parts]
        self.written.append(Evaluate(tuple(marks)))

    def _step(self, state: int) -> None:
        """From one state to the next: what is pending before each row, and which rows move it on."""
        before, part = state - 1, self.plan.part_of[state]
        looked = [
            Aggregation("max", f"eql_done{before}", f"eql_prev{state}"),
            Aggregation("max", f"eql_from{before}", f"eql_start{state}"),
        ]
        if self.plan.is_first_state(state):
            looked.append(Aggregation("max", f"eql_item{part}", f"eql_used{part}"))
        if self.plan.until and state == 1:
            looked.append(Aggregation("max", "eql_stop", "eql_stopped"))
        if self.plan.between:
            looked.append(Aggregation("max", f"eql_good{before}", f"eql_sound{state}"))
            looked.append(Aggregation("max", f"eql_last{before}", f"eql_since{state}"))
        if self.plan.leading:
            looked.append(Aggregation("max", f"eql_lead{before}", f"eql_ahead{state}"))
        self.written.append(Running(tuple(looked), self.by, current=False))
        conditions = self._moves_on(state, part)
        if state + 1 < self.plan.states:
            self._carry(state, conditions)
        else:
            self.start = f"eql_start{state}"
            self._complete([*conditions, *self._sound(state)])

    def _moves_on(self, state: int, part: int) -> list[where.Where]:
        previous = name(f"eql_prev{state}")
        conditions = [self._is(part), where.Call("isnotnull", (previous,))]
        # In a run the row that made what is pending is of the same stage, and has not consumed it.
        conditions.append(after(previous, f"eql_used{part}", same=self.plan.repeats(state)))
        if self.plan.until:
            conditions.append(after(previous, "eql_stopped"))
        return [*conditions, *within(self.plan.maxspan, "_time", f"eql_start{state}")]

    def _sound(self, state: int) -> list[where.Where]:
        """What has been rejected keeps its place, since the choice of events is blind to those that must be missing."""
        if not self.plan.between:
            return []
        conditions: list[where.Where] = [where.Binary("==", name(f"eql_sound{state}"), name(f"eql_prev{state}"))]
        if state in self.plan.gaps:
            seen, since = name(f"eql_seen{state}"), name(f"eql_since{state}")
            conditions.append(where.either([where.Call("isnull", (seen,)), where.Binary("<=", seen, since)]))
        return conditions

    def _carry(self, state: int, conditions: list[where.Where]) -> None:
        moved = where.Call("isnotnull", (name(f"eql_done{state}"),))
        marks = [
            (f"eql_done{state}", row_if(where.both(conditions), "eql_row")),
            (f"eql_from{state}", row_if(moved, f"eql_start{state}")),
        ]
        if self.plan.between:
            marks.append((f"eql_good{state}", row_if(where.both([moved, *self._sound(state)]), "eql_row")))
            marks.append((f"eql_last{state}", row_if(moved, "_time")))
        if self.plan.leading:
            marks.append((f"eql_lead{state}", row_if(moved, f"eql_ahead{state}")))
        self.written.append(Evaluate(tuple(marks)))

    def _complete(self, conditions: list[where.Where]) -> None:
        """Only rows that complete a sequence go on, with those that must be missing after it."""
        if self.plan.states == 1:
            self.start = self._opened
        lead = self._lead()
        if self.plan.leading and not self.plan.trailing:
            far = beyond(self.plan.maxspan, "_time", lead)
            conditions.append(where.either([where.Call("isnull", (name(lead),)), *far]))
        if self.plan.trailing:
            missing = self._is(self.plan.gaps[self.plan.states])
            if len(conditions) > 1 or len(self.plan.parts) > 2:
                self.written.append(Filter((where.either([missing, where.both(conditions)]),)))
        elif conditions:
            self.written.append(Filter(tuple(conditions)))

    def _lead(self) -> str:
        return "eql_seen0" if self.plan.states == 1 else f"eql_ahead{self.plan.states - 1}"

    def _look_ahead(self) -> None:
        """The next event that must be missing, after each result: rows turned round, those events last (4.5)."""
        number = self.plan.gaps[self.plan.states]
        self.written.append(Evaluate((("eql_after", row_if(self._is(number), "_time")),)))
        self.written.append(Sort(("-_time", "eql_late")))
        self.written.append(Running((Aggregation("min", "eql_after", "eql_next"),), self.by, current=False))
        since = self._lead() if self.plan.leading else self.start
        stands: list[where.Where] = [where.Call("isnull", (name("eql_next"),))]
        if self.plan.leading:
            stands.append(where.Call("isnull", (name(since),)))
        stands += beyond(self.plan.maxspan, "eql_next", since)
        other = where.Binary("!=", name("eql_stage"), where.Number(number))
        self.written.append(Filter((other, where.either(stands))))

    def _is(self, part: int) -> where.Where:
        return where.Binary("==", name("eql_stage"), where.Number(part))


def look_back_seconds(detection: ir.Sequence) -> int:
    """How far before its last event, in whole seconds, the oldest event lies that decides about a sequence."""
    if detection.maxspan is None:
        return 0
    ends = detection.stages[0].missing and detection.stages[-1].missing
    return math.ceil(detection.maxspan / THOUSAND) * (2 if ends else 1)
