"""What a rule's scope says about kinds of event: data sets in its index patterns and tests (data: datasets.toml)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from converter.events.event import Values
from converter.ir.predicate import Field, Predicate, Test
from converter.ir.walk import field_names, rewrite
from converter.rule import Scope
from converter.schema.accept import accepts
from converter.schema.simplify import always_if

DATASET_FIELDS = ("data_stream.dataset", "event.dataset")
MODULE_FIELD = "event.module"
ANY_PROVIDER = "*"
CLOSED_PREFIXES = ("logs-", "endgame-", "winlogbeat-", "filebeat-", "auditbeat-", "packetbeat-")
"""Index patterns that say which data sets they hold."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set: the categories and the providers its events state, none if they state none.

    A data set without `categories` tells its kind of event by its name alone, as do its `module` and its `own` fields,
    which no other data set has. `beats` write it into their own indices.
    """

    name: str
    categories: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    beats: tuple[str, ...] = ()
    module: str | None = None
    own: str | None = None

    def holds(self, categories: Values, providers: Values) -> bool:
        """Whether it has events of these categories that name these providers."""
        named = set(map(str, providers))
        known = ANY_PROVIDER in self.providers or (named <= self.providers if named else not self.providers)
        return known and (not categories or not self.categories.isdisjoint(map(str, categories)))

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of indices that its events are in, as patterns are compared with them."""
        stream = f"{self.name}-default" if self.name == "endgame" else f"logs-{self.name}-default"
        return (stream, *(f"{beat}-default" for beat in self.beats))


@cache
def datasets() -> tuple[DataSet, ...]:
    """All known data sets, in the order of their file."""
    text = files("converter.schema").joinpath("datasets.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(_dataset(name, entry) for name, entry in table.items())


def _dataset(name: str, entry: dict[str, Any]) -> DataSet:
    return DataSet(
        name,
        frozenset(entry.get("categories", ())),
        frozenset(_texts(entry.get("provider", ()))),
        tuple(entry.get("beats", ())),
        entry.get("module"),
        entry.get("own"),
    )


def _texts(written: str | list[str] | tuple[str, ...]) -> Iterable[str]:
    return (written,) if isinstance(written, str) else written


@lru_cache(maxsize=256)
def datasets_in(scope: Scope) -> tuple[DataSet, ...]:
    """The data sets that the rule's index patterns can hold; all of them if a pattern leaves it open."""
    wanted = [index for index in scope.indices if not index.startswith("-")]
    if not wanted or not all(index.startswith(CLOSED_PREFIXES) for index in wanted):
        return datasets()
    return tuple(dataset for dataset in datasets() if any(_covers(index, dataset) for index in wanted))


def speaks_of(scope: Scope, dataset: DataSet) -> bool:
    """Whether an index pattern names the data set or its like, and not events of hosts as well (as `logs-*` does)."""
    return any(
        _covers(index, dataset) and not any(_covers(index, other) for other in datasets() if other.categories)
        for index in scope.indices
    )


def _covers(index: str, dataset: DataSet) -> bool:
    """`logs-endpoint.events.*` covers the data stream `logs-endpoint.events.file-default`."""
    return any(fnmatchcase(stream, index) for stream in dataset.streams)


def names_datasets(predicate: Predicate) -> bool:
    """Whether the predicate tests the data set; if not, all data sets are one to it."""
    return any(name in DATASET_FIELDS for name in field_names(predicate))


def within(predicate: Predicate, inside: Iterable[DataSet]) -> Predicate:
    """The predicate on events of these data sets: tests of the data set replaced by whether one of them passes."""
    if not names_datasets(predicate):
        return predicate
    names = tuple(dataset.name for dataset in inside)

    def change(node: Predicate) -> Predicate:
        match node:
            case Test(Field(name), matchers, span) if name in DATASET_FIELDS:
                return always_if(any(accepts(matcher, one) for matcher in matchers for one in names), span)
            case _:
                return node

    return rewrite(predicate, change)
