"""What has to be switched on for a query to see events, in three forms: words, flags, discovery queries (spec 8.3)."""

from backends.osquery.sql import Binary, Column, Like, Number, Output, Select, Sql, Text, all_of
from backends.osquery.statement import Query

CHANNELS = "windows_event_channels"


def flags(query: Query) -> tuple[str, ...]:
    """Command line flags, `--name=value`."""
    return tuple(f"--{name}={value}" for name, value in _settings(query))


def needs(query: Query) -> tuple[str, ...]:
    """What no flag of osquery does, in words."""
    table = query.table
    sections = tuple(f"`{section}` in the configuration" for section in table.config.get(query.platform, ()))
    sysmon = ("Sysmon on the host",) if query.channel and "Sysmon" in query.channel else ()
    return (*table.needs.get(query.platform, ()), *sections, *sysmon)


def discovery(query: Query) -> tuple[Select, ...]:
    """Queries over osquery's own flags that return a row where the flag is set: they keep a pack off elsewhere."""
    return tuple(_discovery(name, value) for name, value in _settings(query))


def _settings(query: Query) -> list[tuple[str, str]]:
    stated = (flag.partition("=") for flag in query.table.flags.get(query.platform, ()))
    return [(name, query.channel if name == CHANNELS and query.channel else value) for name, _, value in stated]


def _discovery(name: str, value: str) -> Select:
    flag = "f"
    held: Sql = Column(flag, "value")
    right = Like(held, f"%{value}%", False) if name == CHANNELS else Binary("=", held, Text(value))
    where = all_of((Binary("=", Column(flag, "name"), Text(name)), right))
    return Select((Output(Number(1), "enabled"),), "osquery_flags", flag, (), where, ())
