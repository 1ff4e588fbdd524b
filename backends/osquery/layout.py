"""Where a source's columns are: in the event table, in a snapshot table joined to it, or in its JSON payload.

A target field of the osquery profile is named by one rule, for writer and engine alike: `path` is a column of the event
table, `parent.path` a column of the join `parent`, and any other name a value inside the table's JSON text (Windows
events; spec osquery 2.1). `table` in a source's selection names the event table and is no column.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backends.osquery.schema import tables
from converter.errors import ConfigurationError
from converter.schema.profile import Source

TABLE = "table"
PAYLOAD_COLUMN = "data"


@dataclass(frozen=True, slots=True)
class Join:
    """A snapshot table that is looked up at query time; `on` maps its columns to columns of the event table."""

    table: str
    on: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """`payload` is the key of the JSON object that holds the event's values; `order` sorts rows; `shown` are the ECS
    fields an alert needs to see; `channel` is the Windows event channel that has to be listened to."""

    table: str
    platform: str
    joins: Mapping[str, Join] = field(default_factory=dict)
    payload: str | None = None
    order: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    channel: str | None = None

    def place(self, name: str) -> "Place":
        """Where the target field is. Raises ConfigurationError for a name that is nowhere."""
        join, dot, column = name.partition(".")
        if dot and join in self.joins:
            self._check(self.joins[join].table, column, name)
            return Place(column, join=join)
        if self.has_column(name):
            return Place(name)
        if self.payload is not None:
            return Place(name, payload=self.payload)
        raise ConfigurationError("osquery-column", f"`{name}` is no column of `{self.table}` on {self.platform}")

    def has_column(self, name: str) -> bool:
        """Whether the event table itself has the column here."""
        return tables()[self.table].column(name, self.platform) is not None

    def _check(self, table: str, column: str, name: str) -> None:
        if not tables()[table].column(column, self.platform):
            raise ConfigurationError("osquery-column", f"`{name}`: `{table}` has no `{column}` on {self.platform}")


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the event table, or of a join, or a key inside the payload."""

    column: str
    join: str | None = None
    payload: str | None = None


def layout_of(source: Source) -> Layout:
    """The layout a source's settings state. Raises ConfigurationError where they do not fit the tables."""
    table = str(source.select[TABLE][0])
    if table not in tables() or source.platform is None:
        raise ConfigurationError("osquery-column", f"source `{source.name}`: no platform, or no table `{table}`")
    settings: Mapping[str, Any] = source.settings
    joins = {name: Join(stated["table"], dict(stated["by"])) for name, stated in settings.get("joins", {}).items()}
    return Layout(
        table,
        PLATFORM_NAMES.get(source.platform, source.platform),
        joins,
        settings.get("payload"),
        tuple(settings.get("order", ("time",))),
        tuple(settings.get("shown", ())),
        settings.get("channel"),
    )


PLATFORM_NAMES = {"macos": "darwin"}
"""Platforms that osquery calls otherwise than ECS does."""
