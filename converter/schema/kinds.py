"""Kinds of event: what was recorded, however a sensor spells it (data and its origin: kinds.toml)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from converter.ir.predicate import Never, Predicate
from converter.ir.walk import field_names
from converter.rule import Scope
from converter.schema.facts import Facts, excluded
from converter.schema.scope import (
    ANY_PROVIDER,
    DATASET_FIELDS,
    MODULE_FIELD,
    DataSet,
    datasets_in,
    names_datasets,
    speaks_of,
    within,
)
from converter.schema.tables import coded

PLATFORMS = ("linux", "macos", "windows")
PLATFORM_FIELD = "host.os.type"
ANYWHERE = Scope()

_FIELDS = {
    "category": "event.category",
    "type": "event.type",
    "action": "event.action",
    "code": "event.code",
    "provider": "event.provider",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one sensor states a kind: the exact values of the fields that tell kinds apart, none if such events do not
    have the field; and other fields that events of the kind never have.

    A kind that `datasets` tell is stated by nothing else. Logs of services belong to no operating system: their
    platform is None. `needs` is the prefix of a field that a rule has to demand for events of the kind to be meant;
    its events are `without` any field whose name begins so.
    """

    kind: str
    platforms: tuple[str | None, ...]
    values: Facts
    datasets: frozenset[str] = frozenset()
    needs: str | None = None
    without: tuple[str, ...] = ()

    def among(self, datasets: Iterable[DataSet]) -> tuple[DataSet, ...]:
        """Those of the data sets that hold events of this spelling."""
        if self.datasets:
            return tuple(dataset for dataset in datasets if dataset.name in self.datasets)
        categories, providers = self.values["event.category"], self.values["event.provider"]
        return tuple(dataset for dataset in datasets if dataset.holds(categories, providers))


@cache
def spellings() -> tuple[Spelling, ...]:
    """All spellings, in the order of their file."""
    table = tomllib.loads(files("converter.schema").joinpath("kinds.toml").read_text(encoding="utf-8"))
    return tuple(item for kind, entries in table.items() for entry in entries for item in _spellings(kind, entry))


def _spellings(kind: str, entry: Mapping[str, Any]) -> Iterable[Spelling]:
    platforms = tuple(entry.get("platforms", (None,)))
    if "datasets" in entry:
        yield Spelling(kind, platforms, {}, frozenset(entry["datasets"]), entry.get("needs"))
    elif "table" in entry:
        for event in coded(entry["table"]):
            stated = (event.category, event.type, event.action, (event.code,), (event.provider,))
            yield Spelling(kind, platforms, dict(zip(_FIELDS.values(), stated, strict=True)), without=event.without)
    else:
        values = {field: tuple(entry.get(key, ())) for key, field in _FIELDS.items()}
        yield Spelling(kind, platforms, values | dict.fromkeys(entry.get("absent", ()), ()))


@cache
def _owned() -> Mapping[str, frozenset[str]]:
    """Prefixes of fields that only some kinds have, with the providers of those."""
    table = tomllib.loads(files("converter.schema").joinpath("owned.toml").read_text(encoding="utf-8"))
    return {prefix: frozenset(entry["providers"]) for prefix, entry in table.items()}


def _missing(names: Iterable[str], spelling: Spelling) -> Facts:
    """Those of the fields that no event of the spelling has: what belongs to other kinds, and what it is without."""
    named = frozenset(map(str, spelling.values.get("event.provider", ())))
    foreign = (
        prefix
        for prefix, providers in _owned().items()
        if named.isdisjoint(providers) and not (named and ANY_PROVIDER in providers)
    )
    prefixes = (*foreign, *spelling.without)
    return {name: () for name in names if name.startswith(prefixes)}


def platforms_of(predicate: Predicate, tagged: Iterable[str]) -> tuple[str, ...]:
    """The operating systems whose events the predicate can hold; those of the rule's tags if it does not say; all if
    neither does."""
    possible = tuple(name for name in PLATFORMS if not excluded(predicate, {PLATFORM_FIELD: (name,)}))
    if possible != PLATFORMS or PLATFORM_FIELD in field_names(predicate):
        return possible
    named = tuple(name for name in PLATFORMS if name in set(tagged))
    return named or possible


def kinds_of(
    predicate: Predicate, platforms: Iterable[str], scope: Scope = ANYWHERE
) -> tuple[tuple[str | None, str], ...]:
    """The (platform, kind) pairs of events inside the scope that the predicate can hold, judged by the spellings of
    the kinds and the data sets that hold such events."""
    wanted = tuple(platforms)
    decided: dict[tuple[str, ...], Predicate] = {}
    found: dict[tuple[str | None, str], None] = {}
    read = tuple(dict.fromkeys(field_names(predicate)))
    owned = any(name.startswith(tuple(_owned())) for name in read)
    for spelling, holding in _spellings_in(scope):
        pairs = [(name, spelling.kind) for name in (*wanted, None) if name in spelling.platforms]
        if all(pair in found for pair in pairs):
            continue
        if spelling.datasets:
            found |= {
                pair: None
                for pair in pairs
                if any(_told(predicate, pair[0], spelling, dataset, scope) for dataset in holding)
            }
            continue
        names = tuple(dataset.name for dataset in holding)
        if names not in decided:
            decided[names] = within(predicate, holding)
        plain = decided[names]
        values = spelling.values
        if owned or spelling.without:
            values = {**values, **_missing(read, spelling)}
        for pair in pairs:
            if not excluded(plain, {**values, **_on(pair[0])}):
                found[pair] = None
    return tuple(found)


def _told(predicate: Predicate, platform: str | None, spelling: Spelling, dataset: DataSet, scope: Scope) -> bool:
    """Whether the predicate can hold events of a kind that only its data set tells, and speaks of them: by an index
    pattern, by demanding the data set or its module, or by a field that no other data set has."""
    plain = within(predicate, (dataset,))
    module = (dataset.module,) if dataset.module else ()
    if isinstance(plain, Never) or excluded(plain, {**spelling.values, MODULE_FIELD: module, **_on(platform)}):
        return False
    if spelling.needs is not None:
        return excluded(plain, {name: () for name in field_names(plain) if name.startswith(spelling.needs)})
    return speaks_of(scope, dataset) or _demands(predicate) or _reads_own(predicate, dataset)


def _on(platform: str | None) -> Facts:
    return {PLATFORM_FIELD: () if platform is None else (platform,)}


def _demands(predicate: Predicate) -> bool:
    """Whether an event without a data set and a module is none of the predicate's."""
    return excluded(predicate, dict.fromkeys((*DATASET_FIELDS, MODULE_FIELD), ()))


def _reads_own(predicate: Predicate, dataset: DataSet) -> bool:
    own = dataset.own
    return own is not None and any(name.startswith(f"{own}.") for name in field_names(predicate))


def in_scope(predicate: Predicate, kind: str, scope: Scope) -> Predicate:
    """The predicate on events of one kind inside the scope: its tests of data sets say no more than the kind and are
    decided by it."""
    return within(predicate, _holding(kind, scope))


def agreeing(predicate: Predicate, kind: str, scope: Scope) -> tuple[tuple[str, ...], ...]:
    """The data set fields' values under which the predicate says of an event of the kind what it says of the kind: one
    of its data sets, or none at all."""
    holding = _holding(kind, scope)
    alone: tuple[tuple[DataSet, ...], ...] = ((), *((dataset,) for dataset in holding))
    if names_datasets(predicate):
        decided = within(predicate, holding)
        alone = tuple(some for some in alone if within(predicate, some) == decided)
    return tuple(tuple(one.name for one in some) for some in alone)


@cache
def told_by(kind: str) -> frozenset[str]:
    """The data sets that alone tell the kind; none if its events tell it themselves."""
    return frozenset(name for spelling in spellings() if spelling.kind == kind for name in spelling.datasets)


def holders(kind: str) -> tuple[str, ...]:
    """The names of all data sets that hold events of the kind."""
    return tuple(dataset.name for dataset in _holding(kind, ANYWHERE))


def _holding(kind: str, scope: Scope) -> tuple[DataSet, ...]:
    return tuple(
        dict.fromkeys(found for item, holding in _spellings_in(scope) if item.kind == kind for found in holding)
    )


@lru_cache(maxsize=256)
def _spellings_in(scope: Scope) -> tuple[tuple[Spelling, tuple[DataSet, ...]], ...]:
    """The spellings that events inside the scope may have, each with the data sets that hold such events."""
    inside = datasets_in(scope)
    found = ((spelling, spelling.among(inside)) for spelling in spellings())
    return tuple((spelling, holding) for spelling, holding in found if holding)
