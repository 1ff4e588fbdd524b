"""A rule as the converter knows it: what it detects, and everything that travels with it unchanged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from converter.errors import Place, RuleError
from converter.events.event import Event
from converter.ir.detection import Detection
from converter.ir.predicate import Predicate
from converter.ir.span import Span
from converter.losses import Assumption, Loss, Note


@dataclass(frozen=True, slots=True)
class Technique:
    """An ATT&CK technique or sub-technique (`T1505.003`)."""

    id: str
    name: str
    reference: str | None = None
    subtechniques: tuple["Technique", ...] = ()


@dataclass(frozen=True, slots=True)
class Threat:
    """One tactic with the techniques the rule claims under it (spec elastic-rules 3)."""

    framework: str
    tactic_id: str
    tactic: str
    reference: str | None = None
    techniques: tuple[Technique, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the rule looks: index patterns, as written (`-pattern` excludes), or a data view."""

    indices: tuple[str, ...] = ()
    data_view: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the rule runs and how far it looks back, in Elastic's date math (spec elastic-rules 1.1)."""

    interval: str = "5m"
    start: str = "now-6m"
    end: str = "now"
    max_signals: int = 100
    timestamp_override: str | None = None
    override_falls_back: bool = True


@dataclass(frozen=True, slots=True)
class Suppression:
    """How many alerts events of one group make (spec elastic-rules 1.5); it never decides which events are found.

    `duration` as Elastic writes it (`5m`), None for one run; with `missing` unset events without a group field alert
    one by one.
    """

    group_by: tuple[str, ...] = ()
    duration: str | None = None
    missing: bool = True


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """One item of an exception list: the events it leaves out, until it expires (ISO 8601) if it does."""

    name: str
    list_id: str
    predicate: Predicate
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Which fields decide the order of events, and the field that EQL's event category stands in (2.3)."""

    timestamp: str = "@timestamp"
    tiebreaker: str | None = None
    category: str = "event.category"


_JSON_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
"""One character as a JSON string writes it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rule was read: path as the user named it, position among the file's rules, container format, and the
    place in the file where the query text begins (queries of a format without positions: the file).

    `line` is where the rule itself begins. `archive` is the path of the archive that the file is a member of; `path` is
    then `archive!member`. `encoded` is the query as a JSON file writes it, escapes and all, between the quotes.
    """

    path: str
    index: int = 0
    format: str = "text"
    query: Place = field(default_factory=lambda: Place(None))
    line: int = 1
    archive: str | None = None
    encoded: str | None = None

    @property
    def begin(self) -> Place:
        """Where the rule begins."""
        return Place(self.path, self.line)

    def place(self, span: Span | None) -> Place:
        """The place in the file of a span of the query."""
        if span is None:
            return self.query
        if self.encoded is not None:
            return Place(self.path, self.query.line, self.query.column + _encoded_length(self.encoded, span))
        if span.line == 1:
            return Place(self.path, self.query.line, self.query.column + span.column - 1)
        return Place(self.path, self.query.line + span.line - 1, span.column)


def _encoded_length(encoded: str, span: Span) -> int:
    """Characters of a JSON string before the one that a span of its text begins with."""
    line = column = 1
    for found in _JSON_CHARACTER.finditer(encoded):
        if (line, column) >= (span.line, span.column):
            return found.start()
        if found[0].lower() in ("\\n", "\\u000a"):
            line, column = line + 1, 1
        else:
            column += 1
    return len(encoded)


@dataclass(frozen=True, slots=True)
class RawRule:
    """What a reader hands on: the rule's keys in Elastic's API layout (spec elastic-rules 3, 5.1), nothing interpreted.

    `metadata` is what the container says about the rule besides (the `[metadata]` table of a TOML file), `places` where
    the keys' values stand in the file. `exceptions` are the items, in API layout, of those lists the rule refers to
    that came with it, `exception_lists` those lists themselves; `known_lists` are the ids of the lists that are here
    as a whole. `notes` say what the container did not state;
    `error` is set if the container could not be read, `data` is then whatever identifies it.
    """

    origin: Origin
    data: Mapping[str, object]
    metadata: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    exceptions: tuple[Mapping[str, object], ...] = ()
    exception_lists: tuple[Mapping[str, object], ...] = ()
    known_lists: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()
    error: RuleError | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """An interpreted rule. Either `detection` or `error` is set.

    `stated` is what the query and the rule's type say alone, `detection` the same restricted by `filters` (each the
    condition it asks) and `exceptions`: what the rule finds. `losses` are those the reading itself made (a page that
    states no history); every translation carries them on. `exception_objects` are the exception lists and items that
    came with the rule, in API layout, the lists first. `indicators` are the documents an indicator match compares
    with, None if they are not at hand. `data` is the API layout as it was read: what a target that keeps Elastic's keys
    writes back.
    """

    origin: Origin
    name: str
    type: str
    language: str
    query: str
    detection: Detection | None = None
    stated: Detection | None = None
    filters: tuple[Predicate, ...] = ()
    exceptions: tuple[ExceptionItem, ...] = ()
    rule_id: str | None = None
    description: str = ""
    severity: str | None = None
    risk_score: int | None = None
    version: int | None = None
    author: tuple[str, ...] = ()
    license: str | None = None
    tags: tuple[str, ...] = ()
    threat: tuple[Threat, ...] = ()
    references: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    guide: str | None = None
    setup: str | None = None
    created: str | None = None
    updated: str | None = None
    maturity: str | None = None
    scope: Scope = Scope()
    schedule: Schedule = Schedule()
    order: Order = Order()
    suppression: Suppression | None = None
    building_block: bool = False
    indicators: tuple[Event, ...] | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    exception_objects: tuple[Mapping[str, object], ...] = ()
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    error: RuleError | None = None

    def platforms(self) -> tuple[str, ...]:
        """Operating systems named by the tags (`OS: Linux`), lower-case, in tag order; never from a folder or name."""
        found = (tag.partition(":")[2].strip().lower() for tag in self.tags if tag.lower().startswith("os:"))
        return tuple(name for name in found if name in {"linux", "windows", "macos"})
