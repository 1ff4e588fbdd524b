"""Events in, rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backends.splunk.engine.table import Table

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplunkEvent:
    """One event after extraction: field values are texts. `time` is seconds since 1970; `_time` is made from it.

    `summarised`: data models that are accelerated have it in their summaries.
    """

    id: str
    time: float
    fields: Mapping[str, Texts]
    summarised: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One result. A field that is present has at least one value.

    `event_id` is the event that the row is, None after an aggregation; `group` holds the values of its BY clause then.
    `members` are the events that a row of `tstats` stands for.
    """

    fields: Mapping[str, Texts]
    event_id: str | None = None
    group: Texts | None = None
    members: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[str, ...]:
        """The events that the row stands for."""
        return self.members if self.event_id is None else (self.event_id,)

    def having(self, changes: Mapping[str, Texts | None]) -> "Row":
        """The row with some fields set, or removed where the change is None."""
        fields = {**self.fields, **changes}
        return replace(self, fields={name: values for name, values in fields.items() if values})


@dataclass(frozen=True, slots=True)
class Result:
    """What a search returned; `warnings` are sentences.

    `grouped`: the rows are groups of a `stats`. `related`: which rows there are depends on how they follow each other.
    `stored`: the search ended by keeping its rows in a table. `ranged`: it looked at its own time range.
    """

    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    grouped: bool
    related: bool = False
    stored: bool = False
    ranged: bool = False


@dataclass(slots=True)
class Run:
    """The state of one run: its time range (seconds; up to `now` inclusive, before `latest` if there is one), the
    lookup tables, and its warnings."""

    events: Sequence[SplunkEvent]
    now: float
    earliest: float | None = None
    latest: float | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Says something once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
