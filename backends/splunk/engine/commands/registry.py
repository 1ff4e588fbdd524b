"""Every command that the interpreter knows."""

from backends.splunk.engine import tstats
from backends.splunk.engine.commands import (
    columns,
    evaluation,
    lookups,
    multivalue,
    ordering,
    patterns,
    searching,
    statistics,
    structured,
)
from backends.splunk.engine.commands.step import CommandType

REGISTRY: dict[str, CommandType] = {
    **searching.COMMANDS,
    **evaluation.COMMANDS,
    **columns.COMMANDS,
    **ordering.COMMANDS,
    **patterns.COMMANDS,
    **multivalue.COMMANDS,
    **statistics.COMMANDS,
    **lookups.COMMANDS,
    **structured.COMMANDS,
    **tstats.COMMANDS,
}
