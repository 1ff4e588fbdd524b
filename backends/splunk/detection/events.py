"""Rules over single events: every event that is selected, or the first or last of them."""

from collections.abc import Sequence

from backends.splunk.command import Commands, Ends, Evaluate, Table
from backends.splunk.detection.order import order_by, ordering
from backends.splunk.selection import Findings, Schema, select
from converter import ir
from converter.schema.port import Branch


def write(
    detection: ir.Events, branches: Sequence[Branch], schema: Schema, findings: Findings, more: Sequence[str] = ()
) -> Commands:
    """The events, with the time, the host, every field that the rule asks about, and some more."""
    selected = select(branches, schema, findings)
    table = Table(tuple(dict.fromkeys(["_time", "host", *selected.fields, *more])))
    if not detection.take:
        return (*selected.commands, table)
    pipes = tuple(Ends(take.end, take.count) for take in detection.take)
    return (*selected.commands, Evaluate(tuple(ordering(schema))), order_by(), *pipes, table)
