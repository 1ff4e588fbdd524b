"""Rules over groups of events: thresholds and new terms (spec splunk 5.1, 5.2)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from backends.splunk import tstats, where
from backends.splunk.command import (
    Aggregation,
    Commands,
    Evaluate,
    Filter,
    Lookup,
    Multisearch,
    Remember,
    Statistics,
)
from backends.splunk.findings import Finding, refusal
from backends.splunk.keys import Column, column, group_columns
from backends.splunk.selection import Findings, Schema, TimeRange, select
from backends.splunk.tables import Collection
from converter import ir
from converter.schedule import LookBack, look_back
from converter.schema.port import Branch

UNGROUPED_CEILING = 10_000
"""Without group fields Elasticsearch stops counting here (spec elastic-rules 2.4)."""


def threshold(
    detection: ir.Threshold, branches: Sequence[Branch], schema: Schema, findings: Findings
) -> tuple[Commands, str | None, tuple[str, ...]]:
    """The groups with enough events, the start of the time range and the group columns. Raises RefusalError."""
    if detection.within is not None:
        raise refusal("splunk-detection", "a threshold within a window that moves is not written")
    earliest = None if detection.start is None else span(detection.start, findings)
    names = [field.name for field in (*detection.keys, *([detection.distinct[0]] if detection.distinct else []))]
    distinct = len(names) - len(detection.keys)
    range_ = None if earliest is None else (earliest, "now")
    rows = grouping(branches, names, schema, findings, range_, counted=distinct)
    by = rows.columns[: len(detection.keys)]
    results = [rows.count("event_count")]
    enough: list[where.Where] = [where.Binary(">=", where.FieldName("event_count"), where.Number(detection.at_least))]
    if detection.distinct is not None:
        results.append(Aggregation("dc", rows.columns[-1], "distinct_count"))
        enough.append(where.Binary(">=", where.FieldName("distinct_count"), where.Number(detection.distinct[1])))
    if not detection.keys and detection.at_least > UNGROUPED_CEILING:
        enough = [where.FALSE]
    return (*rows.commands, Statistics((*results, *rows.times), by), Filter(tuple(enough))), earliest, by


def new_terms(
    detection: ir.NewTerms, branches: Sequence[Branch], schema: Schema, findings: Findings
) -> tuple[Commands, str]:
    """Combinations first seen after the run's start, over the whole history (form a), and where that begins.

    They are counted from `now()` and not from `addinfo`'s end of the time range, which is infinite where a search runs
    over all time; the base search ends at `now` as well.
    """
    start, history = span(detection.start, findings), span(detection.history, findings)
    rows = grouping(branches, [field.name for field in detection.fields], schema, findings, (history, "now"))
    rows.assume_times(findings)
    counted = Statistics((rows.count("count"), *rows.times), rows.columns)
    return (*rows.commands, counted, Filter((seen_since(start),))), history


def seen_since(start: str) -> where.Where:
    """Whether the first event of a group came after a relative time, strictly (spec elastic-rules 2.5)."""
    return where.Binary(">", where.FieldName("firstTime"), _moment(start))


def _moment(modifier: str) -> where.Where:
    return where.Call("relative_time", (where.Call("now", ()), where.String(modifier)))


def span(text: str, findings: Findings) -> str:
    """`now-30d/d` in Splunk's spelling, `-30d@d`. Raises RefusalError for what is no fixed span before now."""
    back = look_back(text)
    if back is None:
        raise refusal("splunk-history", f"`{text}` is not a span before now")
    if back.rounded == "d":
        findings.add(Finding("splunk-time-zone", "_time"))
    return relative(back)


def relative(back: LookBack) -> str:
    return f"-{back.count}{back.unit}" + (f"@{back.rounded}" if back.rounded else "")


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows to be grouped, and the columns to group them by. `counted`: each row stands for several events, and says how
    many and when they came; else it is one event."""

    commands: Commands
    columns: tuple[str, ...]
    counted: bool = False

    def count(self, name: str) -> Aggregation:
        return Aggregation("sum", "count", name) if self.counted else Aggregation("count", None, name)

    @property
    def times(self) -> tuple[Aggregation, ...]:
        first, last = ("firstTime", "lastTime") if self.counted else ("_time", "_time")
        return (Aggregation("min", first, "firstTime"), Aggregation("max", last, "lastTime"))

    def assume_times(self, findings: Findings) -> None:
        """For a comparison of the times with a moment."""
        if self.counted:
            findings.add(Finding("splunk-whole-seconds", "@timestamp"))


def grouping(
    branches: Sequence[Branch],
    fields: Sequence[str],
    schema: Schema,
    findings: Findings,
    range_: TimeRange | None,
    *,
    counted: int = 0,
) -> Grouping:
    """The events of all branches, and the columns that hold the fields; so many of the last of these may be missing.

    Where all sources have the fields in the same columns, one search reads them. Raises RefusalError.
    """
    if schema.models:
        return _modelled(branches, fields, schema, findings, range_, counted)
    by_keys: dict[tuple[ir.Expression, ...], list[Branch]] = defaultdict(list)
    for branch in branches:
        by_keys[branch.keys].append(branch)
    names = [_COMPUTED.sub("_", name) for name in fields]
    searches: list[Commands] = []
    for keys, some in by_keys.items():
        selected = select(some, schema, findings, range_=range_)
        columns = [column(key, schema, findings) for key in keys]
        if len(by_keys) == 1:
            computed, chosen = group_columns(names, columns)
            return Grouping((*selected.commands, *computed), chosen)
        searches.append((*selected.commands, Evaluate(tuple(_same_names(names, columns)))))
    return Grouping((Multisearch(tuple(searches)),), tuple(names))


def _modelled(
    branches: Sequence[Branch],
    fields: Sequence[str],
    schema: Schema,
    findings: Findings,
    range_: TimeRange | None,
    counted: int,
) -> Grouping:
    """The same over data models, whose rows are groups already."""
    names = [_COMPUTED.sub("_", name) for name in fields]
    searches: list[Commands] = []
    by_source = tstats.by_keys(branches)
    for some in by_source:
        columns = [column(key, schema, findings) for key in some[0].keys]
        keys = len(columns) - counted
        rows = tstats.select(
            some, schema, findings, present=_read(columns[:keys]), counted=_read(columns[keys:]), range_=range_
        )
        if len(by_source) == 1:
            computed, chosen = group_columns(names, columns)
            return Grouping((*rows, *computed), chosen, counted=True)
        searches.append((*rows, Evaluate(tuple(_same_names(names, columns)))))
    return Grouping(tstats.joined(searches, findings), tuple(names), counted=True)


def _read(columns: Sequence[Column]) -> list[str]:
    return [name for item in columns for name in where.fields(item.value)]


def _same_names(names: Sequence[str], columns: Sequence[Column]) -> list[tuple[str, where.Where]]:
    found = [where.Call("mvdedup", (item.value,)) if item.several else item.value for item in columns]
    return list(zip(names, found, strict=True))


_COMPUTED = re.compile(r"\W")
"""What the name of a computed column cannot hold: on the left of `eval` only plain names stand (spec splunk 1.3)."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The search that runs from `start` on, the one that fills the table once from `history` on, and the table."""

    run: Commands
    start: str
    warm_up: Commands
    history: str
    table: Collection


def baseline(
    detection: ir.NewTerms, branches: Sequence[Branch], schema: Schema, findings: Findings, table: str
) -> Baseline:
    """New terms by a table that remembers when each was last seen (form b). Raises RefusalError."""
    start, history = span(detection.start, findings), span(detection.history, findings)
    fields = [field.name for field in detection.fields]
    collection = Collection(table, "term", ("last_seen",))

    def counted(range_: TimeRange) -> Commands:
        rows = grouping(branches, fields, schema, findings, range_)
        rows.assume_times(findings)
        # Each value is hashed on its own: joined texts could be told apart by their separator only.
        hashed: where.Where = where.Call("sha256", (where.FieldName(rows.columns[0]),))
        for name in rows.columns[1:]:
            hashed = where.Binary(".", hashed, where.Call("sha256", (where.FieldName(name),)))
        group = Statistics((rows.count("count"), *rows.times), rows.columns)
        return (*rows.commands, group, Evaluate((("term", hashed),)))

    last_seen = Evaluate((("last_seen", where.FieldName("lastTime")),))
    remember = Remember(table, "term")
    known = Lookup(table, (("term", "term"),), (("last_seen", "previous"),))
    forgotten = where.Binary("<", where.FieldName("previous"), _moment(history))
    unknown = where.either([where.Call("isnull", (where.FieldName("previous"),)), forgotten])
    is_new = where.Call("if", (where.both([unknown, seen_since(start)]), where.Number(1), where.Number(0)))
    new = Filter((where.Binary("==", where.FieldName("is_new"), where.Number(1)),))
    marks = Evaluate((("last_seen", where.FieldName("lastTime")), ("is_new", is_new)))
    run = (*counted((start, "now")), known, marks, remember, new)
    return Baseline(run, start, (*counted((history, start)), last_seen, remember), history, collection)
