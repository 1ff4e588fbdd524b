"""A rule as the converter knows it: what it detects, and everything that travels with it unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from converter.errors import Place, RuleError
from converter.ir.detection import Detection
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


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rule was read: path as the user named it, position among the file's rules, container format, and the
    place in the file where the query text begins (queries of a format without positions: the file)."""

    path: str
    index: int = 0
    format: str = "text"
    query: Place = field(default_factory=lambda: Place(None))

    def place(self, span: Span | None) -> Place:
        """The place in the file of a span of the query."""
        if span is None:
            return self.query
        if span.line == 1:
            return Place(self.path, self.query.line, self.query.column + span.column - 1)
        return Place(self.path, self.query.line + span.line - 1, span.column)


@dataclass(frozen=True, slots=True)
class RawRule:
    """What a reader hands on: the rule's keys in Elastic's API layout (spec elastic-rules 3, 5.1), nothing interpreted.

    `metadata` is what the container says about the rule besides (the `[metadata]` table of a TOML file), `places` where
    the keys' values stand in the file. `notes` say what the container did not state; `error` is set if the container
    could not be read, `data` is then whatever identifies it.
    """

    origin: Origin
    data: Mapping[str, object]
    metadata: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    error: RuleError | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """An interpreted rule. Either `detection` or `error` is set.

    `losses` are those the reading itself made (a page that states no history); every translation carries them on.
    `data` is the API layout as it was read: what a target that keeps Elastic's keys writes back.
    """

    origin: Origin
    name: str
    type: str
    language: str
    query: str
    detection: Detection | None = None
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
    data: Mapping[str, object] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    notes: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    error: RuleError | None = None

    def platforms(self) -> tuple[str, ...]:
        """Operating systems named by the tags (`OS: Linux`), lower-case, in tag order; never from a folder or name."""
        found = (tag.partition(":")[2].strip().lower() for tag in self.tags if tag.lower().startswith("os:"))
        return tuple(name for name in found if name in {"linux", "windows", "macos"})
