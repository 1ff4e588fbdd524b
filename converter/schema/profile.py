"""Schema profiles: what a target's events are, once and as data (docs/architecture.md, "Schema profiles")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from converter.events.event import Scalar
from converter.schema.catalogue import FieldInfo
from converter.schema.derivation.interface import Derivation
from converter.schema.derivation.prefix import PairsRule, PrefixRule


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of target events of one kind: a Sigma log source, a Splunk source type, an osquery table.

    `facts`: for each ECS field the exact value set that EVERY event of the source has. `select`: target fields with
    the values that make an event one of this source; all must hold. `fields`: ECS name to its derivation; None states
    that the source has no such value. `prefixes`: the same for all names below a prefix (`winlog.event_data.`).
    `neighbours`: selections close by that are NOT this source, for verification. `settings` is what only the target's
    writer understands (an SQL FROM clause, a macro).
    """

    name: str
    platform: str | None
    kind: str
    facts: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    select: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    fields: Mapping[str, Derivation | None] = field(default_factory=dict)
    prefixes: Mapping[str, PrefixRule | PairsRule | None] = field(default_factory=dict)
    neighbours: tuple[Mapping[str, tuple[Scalar, ...]], ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    blank: str | None = None

    def derivation(self, name: str) -> Derivation | None:
        """The derivation of an ECS field: by exact name, else by the longest prefix rule; None if there is none."""
        if name in self.fields:
            return self.fields[name]
        prefix = self._prefix(name)
        rule = None if prefix is None else self.prefixes[prefix]
        return None if prefix is None or rule is None else rule.bind(name.removeprefix(prefix))

    def guessed(self, name: str) -> bool:
        """Whether the field's column is known by a rule over the names of a document's objects alone."""
        prefix = None if name in self.fields else self._prefix(name)
        rule = None if prefix is None else self.prefixes[prefix]
        return rule is not None and rule.open

    def _prefix(self, name: str) -> str | None:
        return next((prefix for prefix in _prefixes(name) if prefix in self.prefixes), None)


@dataclass(frozen=True, slots=True)
class Profile:
    """All sources of one target under one vocabulary. `identity`: the target's events are ECS events. `indexed`: they
    are searched in the indices of Elasticsearch itself, where multi-fields and alerts exist.

    `columns` describes the target's own fields (types, arrays), for writers and for the evaluation of effective rules.
    """

    name: str
    target: str
    title: str
    identity: bool = False
    indexed: bool = False
    sources: tuple[Source, ...] = ()
    columns: tuple[FieldInfo, ...] = ()


def _prefixes(name: str) -> Iterator[str]:
    """`a.b.c` gives `a.b.`, `a.`: the prefixes of a dotted name, the longest first."""
    end = name.rfind(".")
    while end > 0:
        yield name[: end + 1]
        end = name.rfind(".", 0, end)
