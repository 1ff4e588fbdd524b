"""osquery's virtual tables as facts: names, platforms, columns, versions, prerequisites (`osquery.json`, ours).

Derived from the project's table specifications (Apache-2.0 OR GPL-2.0-only; commit and method under `meta` in the
file). Neither writer nor engine knows anything about a table that is not stated there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

PLATFORMS = ("linux", "darwin", "windows")
OLDEST = (4, 0, 0)
UNRELEASED = (99,)
Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`type` as declared to SQLite; `collate` is `NOCASE` or a version collation; `platforms` where it holds data."""

    name: str
    type: str
    platforms: tuple[str, ...]
    since: Version
    collate: str | None = None

    @property
    def is_text(self) -> bool:
        return self.type == "TEXT"


@dataclass(frozen=True, slots=True)
class Table:
    """`required`: one of these columns must be constrained. `flags`: per platform, what must be switched on, as
    `name=value`; `needs` what else, in words; `config` which sections of the configuration."""

    name: str
    platforms: tuple[str, ...]
    evented: bool
    since: Version
    columns: Mapping[str, Column]
    required: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    config: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last_release: str | None = None

    def column(self, name: str, platform: str) -> Column | None:
        """The column if it holds data on the platform."""
        found = self.columns.get(name)
        return found if found is not None and platform in found.platforms else None


@cache
def tables() -> Mapping[str, Table]:
    """Every table of the described version by name."""
    return {entry["name"]: _table(entry) for entry in _data()["tables"]}


@cache
def removed_tables() -> Mapping[str, Table]:
    """Tables of older releases that the described version no longer has."""
    return {entry["name"]: _table(entry) for entry in _data()["removed_tables"]}


def tables_on(platform: str) -> dict[str, Table]:
    return {name: table for name, table in tables().items() if platform in table.platforms}


def version(text: str) -> Version:
    """`5.8.0` as numbers. What the oldest release scanned had counts as that release's; what no release has yet, as
    later than all of them."""
    if text == "unreleased":
        return UNRELEASED
    return OLDEST if text.startswith("<=") else tuple(int(part) for part in text.split("."))


def _table(entry: dict[str, Any]) -> Table:
    platforms = tuple(entry["platforms"])
    prerequisites: dict[str, dict[str, list[str]]] = entry.get("prerequisites", {})
    columns = (_column(item, platforms, entry["since"]) for item in entry["columns"])
    return Table(
        entry["name"],
        platforms,
        entry["evented"],
        version(entry["since"]),
        {column.name: column for column in columns},
        tuple(entry.get("required_any_of", ())),
        {platform: tuple(stated.get("flags", ())) for platform, stated in prerequisites.items()},
        {platform: tuple(stated.get("needs", ())) for platform, stated in prerequisites.items()},
        {platform: tuple(stated.get("config", ())) for platform, stated in prerequisites.items()},
        entry.get("last_release"),
    )


def _column(entry: dict[str, Any], platforms: tuple[str, ...], since: str) -> Column:
    return Column(
        entry["name"],
        entry["type"],
        tuple(entry.get("platforms", platforms)),
        version(entry.get("since", since)),
        entry.get("collate"),
    )


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files(__package__).joinpath("osquery.json").read_text("utf-8"))
    return loaded
