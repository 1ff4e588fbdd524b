"""Runs a search over events (spec splunk 8)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backends.splunk.engine.commands.registry import REGISTRY
from backends.splunk.engine.commands.step import CommandType, Context, Step
from backends.splunk.engine.macros import expand
from backends.splunk.engine.pipeline import Command, commands
from backends.splunk.engine.row import Result, Row, Run, SplunkEvent
from backends.splunk.engine.source import Fragment, whole
from backends.splunk.engine.table import Table

EXTRACTED_BYTES = 5_000
EXTRACTED_FIELDS = 100


def run(
    spl: str,
    events: Sequence[SplunkEvent],
    *,
    now: float,
    earliest: float | None = None,
    latest: float | None = None,
    macros: Mapping[str, str] | None = None,
    tables: Mapping[str, Table] | None = None,
) -> Result:
    """The rows that a search returns over the events up to `now` (seconds, inclusive).

    `earliest` is the start of the time range, `latest` its end, which does not belong to it; the text's own win.
    `macros` maps a macro's name to its definition, `tables` are the lookups, which searches may change. Raises
    SplError for whatever is not understood, not known, or not defined by the reference.
    """
    state = Run(events, now, earliest, latest, tables or {})
    pipeline = _compiled(whole(expand(spl, macros or {})), Compilation(state))
    _warn_of_extraction_bounds(state)
    rows = tuple(pipeline.step((), state))
    return Result(rows, tuple(state.warnings), pipeline.grouped, pipeline.related, pipeline.stored, pipeline.ranged)


@dataclass(frozen=True, slots=True)
class Pipeline:
    step: Step
    grouped: bool
    related: bool
    stored: bool
    ranged: bool


@dataclass(frozen=True, slots=True)
class Compilation:
    """What all commands of a search are compiled with."""

    state: Run

    @property
    def context(self) -> Context:
        return Context(self.state.warn, self.branch, self.subsearch)

    def branch(self, search: Fragment) -> Step:
        """A subsearch of `multisearch`: named first command, streaming commands only."""
        for command in commands(search, implicit=False):
            if not _type(command).streaming:
                raise command.arguments.error("spl-syntax", f"`{command.name}` cannot stand in a multisearch branch")
        return self.subsearch(search)

    def subsearch(self, search: Fragment) -> Step:
        """A search in brackets, whose first command is named."""
        return _compiled(search, self, implicit=False).step


def _compiled(search: Fragment, compilation: Compilation, *, implicit: bool = True) -> Pipeline:
    first, *rest = commands(search, implicit=implicit)
    generate = _type(first).generate
    if generate is None:
        raise first.arguments.error("spl-syntax", f"a search cannot begin with `{first.name}`", expected="`search`")
    steps = [generate(first.arguments, compilation.context)]
    steps += [_step(command, compilation) for command in rest]

    def step(rows: Sequence[Row], state: Run) -> list[Row]:
        current = list(rows)
        for one in steps:
            current = one(current, state)
        return current

    types = [_type(command) for command in rest]
    grouped, related = any(one.groups for one in types), any(one.relates for one in types)
    return Pipeline(step, grouped, related, bool(types) and types[-1].stores, any(one.ranged for one in types))


def _step(command: Command, compilation: Compilation) -> Step:
    compile_ = _type(command).compile
    if compile_ is None:
        raise command.arguments.error("spl-syntax", f"`{command.name}` must be the first command")
    return compile_(command.arguments, compilation.context)


def _type(command: Command) -> CommandType:
    found = REGISTRY.get(command.name)
    if found is None:
        raise command.arguments.error("spl-unknown-command", f"there is no command `{command.name}`")
    return found


def _warn_of_extraction_bounds(state: Run) -> None:
    """Splunk reads no further than these bounds; a match beyond them would prove nothing (spec splunk 1.9)."""
    for event in state.events:
        size = _size(event)
        if size > EXTRACTED_BYTES:
            state.warn(f"event {event.id} has {size} bytes; only the first {EXTRACTED_BYTES} are extracted")
        if len(event.fields) > EXTRACTED_FIELDS:
            state.warn(f"event {event.id} has {len(event.fields)} fields; only {EXTRACTED_FIELDS} are extracted")


def _size(event: SplunkEvent) -> int:
    """Of the raw text, or of the fields as JSON where there is none."""
    raw = event.fields.get("_raw")
    return len((raw[0] if raw else json.dumps(event.fields, ensure_ascii=False)).encode("utf-8", "surrogatepass"))
