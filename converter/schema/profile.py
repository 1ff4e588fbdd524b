"""Schema profiles: what a target's events are, once and as data (docs/architecture.md, "Schema profiles")."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from converter.events.event import Scalar
from converter.schema.catalogue import FieldInfo
from converter.schema.derivation.interface import Derivation


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of target events of one kind: a Sigma log source, a Splunk source type, an osquery table.

    `facts`: for each ECS field the exact value set that EVERY event of the source has. `select`: target fields with
    the values that make an event one of this source; all must hold. `fields`: ECS name (or a prefix ending in `.*`) to
    its derivation; None states that the source has no such value. `neighbours`: selections close by that are NOT this
    source, for verification. `settings` is what only the target's writer understands (an SQL FROM clause, a macro).
    """

    name: str
    platform: str | None
    kind: str
    facts: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    select: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    fields: Mapping[str, Derivation | None] = field(default_factory=dict)
    neighbours: tuple[Mapping[str, tuple[Scalar, ...]], ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)

    def derivation(self, name: str) -> Derivation | None:
        """The derivation of an ECS field: by exact name, else by the longest prefix rule; None if there is none."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Profile:
    """All sources of one target under one vocabulary. `identity`: the target's events are ECS events.

    `columns` describes the target's own fields (types, arrays), for writers and for the evaluation of effective rules.
    """

    name: str
    target: str
    title: str
    identity: bool = False
    sources: tuple[Source, ...] = ()
    columns: tuple[FieldInfo, ...] = ()
