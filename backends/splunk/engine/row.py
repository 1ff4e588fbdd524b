"""Events in, rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplunkEvent:
    """One event after extraction: field values are texts. `time` is seconds since 1970; `_time` is made from it."""

    id: str
    time: float
    fields: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Row:
    """One result. A field that is present has at least one value.

    `event_id` is the event that the row is, None after an aggregation; `group` holds the values of its BY clause then.
    """

    fields: Mapping[str, Texts]
    event_id: str | None = None
    group: Texts | None = None

    def having(self, changes: Mapping[str, Texts | None]) -> "Row":
        """The row with some fields set, or removed where the change is None."""
        fields = {**self.fields, **changes}
        return replace(self, fields={name: values for name, values in fields.items() if values})


@dataclass(frozen=True, slots=True)
class Result:
    """What a search returned. `grouped` tells whether the rows are groups of a `stats`; `warnings` are sentences."""

    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    grouped: bool


@dataclass(slots=True)
class Run:
    """The state of one run: its time range (seconds; `latest` inclusive unless the text gave it) and its warnings."""

    events: Sequence[SplunkEvent]
    now: float
    earliest: float | None = None
    latest: float | None = None
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Says something once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
