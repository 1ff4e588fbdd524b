"""The target's syntax tree of a whole search: commands in order, and their text (spec splunk 2.4)."""

from dataclasses import dataclass
from typing import assert_never

from backends.splunk import escape, search, where


@dataclass(frozen=True, slots=True)
class Base:
    """The implicit first `search`, a condition a line; `earliest` is relative time (`-5d`) or None."""

    conditions: tuple[search.Search, ...]
    earliest: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """`where`: all conditions, a line each."""

    conditions: tuple[where.Where, ...]


@dataclass(frozen=True, slots=True)
class Evaluate:
    """`eval`: plain names and their expressions."""

    assignments: tuple[tuple[str, where.Where], ...]


@dataclass(frozen=True, slots=True)
class FirstAndLast:
    """`stats`: first and last time and the number of events of every combination of the keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenOnlySince:
    """Keeps combinations first seen after a relative time (`-9m`), strictly.

    Counted from `now()` and not from `addinfo`'s end of the time range, which is infinite where a search runs over all
    time; the base search ends at `now` as well.
    """

    start: str


@dataclass(frozen=True, slots=True)
class Table:
    fields: tuple[str, ...]


Command = Base | Filter | Evaluate | FirstAndLast | SeenOnlySince | Table


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Command, ...]


def write(pipeline: Pipeline) -> str:
    """The search as text, a command a line, without a line break at the end."""
    return "\n".join(line for command in pipeline.commands for line in _lines(command))


def _lines(command: Command) -> list[str]:
    match command:
        case Base(conditions, earliest):
            head = [f"earliest={earliest} latest=now"] if earliest else []
            lines = head + [search.write(item) for item in conditions]
            return ["\n  ".join(lines or ["*"])]
        case Filter(conditions):
            joined = [
                where.write(item, where.LOOSEST_CONJUNCT if len(conditions) > 1 else 0, indent=1) for item in conditions
            ]
            return ["| where " + "\n    AND ".join(joined)]
        case Evaluate(assignments):
            return ["| eval " + ",\n    ".join(f"{name}={where.write(value)}" for name, value in assignments)]
        case FirstAndLast(keys):
            by = ", ".join(escape.command_field(key) for key in keys)
            return [f"| stats count min(_time) AS firstTime max(_time) AS lastTime BY {by}"]
        case SeenOnlySince(start):
            return [f'| where firstTime>relative_time(now(), "{start}")']
        case Table(fields):
            return ["| table " + ", ".join(escape.command_field(field) for field in fields)]
        case _:
            assert_never(command)
