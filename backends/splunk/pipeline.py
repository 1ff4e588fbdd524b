"""The text of a whole search: a command a line, long ones broken and indented (spec splunk 2.4)."""

from collections.abc import Sequence
from typing import assert_never

from backends.splunk import escape, search, where
from backends.splunk.command import (
    Aggregation,
    Append,
    Base,
    Command,
    Commands,
    Ends,
    Evaluate,
    Expand,
    Filter,
    Keep,
    Lookup,
    ModelRows,
    Multisearch,
    RangeInfo,
    Remember,
    Rename,
    Running,
    Sort,
    Statistics,
    Table,
)
from backends.splunk.datamodel import UNKNOWN

_WIDTH = 100
_INDENT = "    "


def write(commands: Commands) -> str:
    """The search as text, without a line break at the end."""
    first, *rest = commands
    opening = _base(first) if isinstance(first, Base) else _text(first)
    return "\n".join([opening, *map(_text, rest)])


def _text(command: Command) -> str:
    match command:
        case Base():
            return f"| search {_base(command)}"
        case ModelRows():
            return _model_rows(command)
        case Append(commands):
            return f"| append\n{_branch(commands)}"
        case Rename(old, new):
            return f"| rename {old} AS {new}"
        case Multisearch(branches):
            return "\n".join(["| multisearch", *map(_branch, branches)])
        case Filter(conditions):
            level = where.LOOSEST_CONJUNCT if len(conditions) > 1 else 0
            written = [where.write(item, level, indent=1) for item in conditions]
            return "| where " + f"\n{_INDENT}AND ".join(written)
        case Evaluate(assignments):
            written = [f"{name}={where.write(value, indent=3)}" for name, value in assignments]
            return "| eval " + _listed(written, 7)
        case Expand(field):
            return f"| mvexpand {escape.command_field(field)}"
        case Keep(fields):
            return "| fields " + _listed([name if "*" in name else escape.command_field(name) for name in fields], 9)
        case Sort(keys):
            return "| sort 0 " + ", ".join(keys)
        case Statistics(results, by):
            return f"| stats {_results(results, 8)}{_by(by)}"
        case Running(results, by):
            options = _running_options(command)
            return f"| streamstats {options}{_results(results, 14)}{_by(by)}"
        case RangeInfo():
            return "| addinfo"
        case Lookup():
            return _lookup(command)
        case Remember(table, key):
            return f"| outputlookup append=true key_field={key} {table}"
        case Ends(end, count):
            # `tail` turns the rows round ("tail", Search Reference), so that they are turned back.
            return f"| head {count}" if end == "head" else f"| tail {count}\n| reverse"
        case Table(fields):
            return "| table " + ", ".join(map(escape.command_field, fields))
        case _:
            assert_never(command)


def _base(base: Base) -> str:
    lines = [_range(base.earliest, base.latest), *(search.write(item) for item in base.conditions)]
    return "\n  ".join([line for line in lines if line] or ["*"])


def _range(earliest: str | None, latest: str | None) -> str:
    return " ".join(f"{name}={bound}" for name, bound in (("earliest", earliest), ("latest", latest)) if bound)


def _model_rows(command: ModelRows) -> str:
    """Missing values of the fields in BY are filled as the model fills others, else their rows would be left out."""
    summaries = "true" if command.summaries_only else "false"
    fill = escape.string(UNKNOWN)
    prefix = command.dataset.rpartition(".")[2]
    conditions = [
        _range(*(command.range or (None, None))),
        *(search.write(item, indent=2) for item in command.conditions),
    ]
    stated = f"\n{_INDENT}  ".join(line for line in conditions if line)
    return f"\n{_INDENT}".join(
        [
            f"| tstats summariesonly={summaries} allow_old_summaries=true fillnull_value={fill}",
            "count min(_time) AS firstTime max(_time) AS lastTime",
            f"from datamodel={command.dataset}",
            *([f"where {stated}"] if stated else []),
            *([f"by {_listed([f'{prefix}.{name}' for name in command.by], 7)}"] if command.by else []),
        ]
    )


def _branch(commands: Commands) -> str:
    """A subsearch in brackets, its lines indented below the opening one."""
    first, *rest = commands
    opening = f"search {_base(first)}" if isinstance(first, Base) else _text(first)
    lines = "\n".join([opening, *map(_text, rest)]).split("\n")
    return f"{_INDENT}[ " + f"\n{_INDENT}  ".join(lines) + " ]"


def _running_options(command: Running) -> str:
    if command.window is not None:
        # Without `global=f` all groups share one window ("streamstats", Search Reference).
        return f"window={command.window} global=f "
    return "" if command.current else "current=f "


def _results(results: Sequence[Aggregation], indent: int) -> str:
    return _listed([_result(result) for result in results], indent)


def _result(result: Aggregation) -> str:
    match result.argument:
        case None:
            return result.function if result.name == result.function else f"{result.function} AS {result.name}"
        case str(field):
            return f"{result.function}({escape.command_field(field)}) AS {result.name}"
        case expression:
            return f"{result.function}(eval({where.write(expression)})) AS {result.name}"


def _by(fields: Sequence[str]) -> str:
    return " BY " + ", ".join(map(escape.command_field, fields)) if fields else ""


def _lookup(command: Lookup) -> str:
    inputs = ", ".join(f"{column} AS {escape.command_field(field)}" for column, field in command.inputs)
    outputs = ", ".join(f"{column} AS {name}" for column, name in command.outputs)
    return f"| lookup {command.table} {inputs} OUTPUT {outputs}"


def _listed(items: Sequence[str], indent: int) -> str:
    """Items on one line where they fit, else a line each below the first."""
    line = ", ".join(items)
    return line if len(line) <= _WIDTH and "\n" not in line else (",\n" + " " * indent).join(items)
