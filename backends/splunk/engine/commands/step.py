"""What a command is to the interpreter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backends.splunk.engine.row import Row, Run
from backends.splunk.engine.source import Fragment

Step = Callable[[Sequence[Row], Run], list[Row]]


@dataclass(frozen=True, slots=True)
class Context:
    """What a command may need while it is compiled: where warnings go, and how a streaming subsearch and one of any
    commands are compiled."""

    warn: Callable[[str], None]
    subsearch: Callable[[Fragment], Step]
    search: Callable[[Fragment], Step]


Compile = Callable[[Fragment, Context], Step]


@dataclass(frozen=True, slots=True)
class CommandType:
    """`compile` makes a step of a pipeline, `generate` the first step, which ignores the rows it is given.

    `streaming`: allowed in a branch of `multisearch`. `groups`: its rows are groups, no longer events.
    `relates`: what it says of a row depends on other rows. `stores`: it keeps rows for later searches.
    `ranged`: it asks for the bounds of the search's time range.
    """

    compile: Compile | None = None
    generate: Compile | None = None
    streaming: bool = False
    groups: bool = False
    relates: bool = False
    stores: bool = False
    ranged: bool = False
