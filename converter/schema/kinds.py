"""Kinds of event: what was recorded, however a sensor spells it (data and its origin: kinds.toml)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from converter.ir.predicate import Predicate
from converter.ir.walk import field_names
from converter.schema.facts import Facts, excluded

PLATFORMS = ("linux", "macos", "windows")
PLATFORM_FIELD = "host.os.type"

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
    have the field."""

    kind: str
    platforms: tuple[str, ...]
    values: Facts


@cache
def spellings() -> tuple[Spelling, ...]:
    """All spellings, in the order of their file."""
    table = tomllib.loads(files("converter.schema").joinpath("kinds.toml").read_text(encoding="utf-8"))
    return tuple(_spelling(kind, entry) for kind, entries in table.items() for entry in entries)


def _spelling(kind: str, entry: dict[str, list[str]]) -> Spelling:
    values = {field: tuple(entry.get(key, ())) for key, field in _FIELDS.items()}
    return Spelling(kind, tuple(entry["platforms"]), values)


def platforms_of(predicate: Predicate, tagged: Iterable[str]) -> tuple[str, ...]:
    """The operating systems whose events the predicate can hold; those of the rule's tags if it does not say; all if
    neither does."""
    possible = tuple(name for name in PLATFORMS if not excluded(predicate, {PLATFORM_FIELD: (name,)}))
    if possible != PLATFORMS or PLATFORM_FIELD in field_names(predicate):
        return possible
    named = tuple(name for name in PLATFORMS if name in set(tagged))
    return named or possible


def kinds_of(predicate: Predicate, platforms: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The (platform, kind) pairs of events the predicate can hold, judged by the spellings of the kinds."""
    wanted = tuple(platforms)
    found: dict[tuple[str, str], None] = {}
    for spelling in spellings():
        for platform in wanted:
            pair = (platform, spelling.kind)
            if platform not in spelling.platforms or pair in found:
                continue
            if not excluded(predicate, {**spelling.values, PLATFORM_FIELD: (platform,)}):
                found[pair] = None
    return tuple(found)
