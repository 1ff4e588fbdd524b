"""The registry of codes, and the findings that carry them: losses, notes and assumptions.

A code is a stable, readable slug (`field-unmapped`). What it means stands once, in `converter/codes/*.toml` for the
converter's own and in `backends/<target>/codes.toml` for a target's; `convert explain CODE` and docs/losses.md show it.

* A **loss** speaks of selection: which events the output finds. It has a direction and it decides the verdict.
* A **note** speaks of everything else that did not carry over. It never changes the verdict.
* An **assumption** says under what condition the verdict holds.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from converter.events.event import Values
from converter.ir.span import Span


class Direction(StrEnum):
    """What a loss does to the selection: it may select more, may miss some, or may do both."""

    WIDER = "wider"
    NARROWER = "narrower"
    DIFFERENT = "different"


class CodeKind(StrEnum):
    ERROR = "error"
    LOSS = "loss"
    NOTE = "note"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the registry. `owner` is `converter` or the name of a target."""

    name: str
    kind: CodeKind
    title: str
    explanation: str
    owner: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A difference in what is selected. `direction` None means that nothing could be written: a reason for a refusal.

    `field` is the ECS field concerned; `span` is the place in the query; `domain` names, in words, the values for
    which the rewriting is exact, where a derivation declares one.
    """

    code: str
    message: str
    direction: Direction | None = None
    field: str | None = None
    span: Span | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something besides selection that did not carry over."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A condition under which the verdict holds.

    `allows` decides it for the values of `field` (a target field or an ECS field), so that verification can keep
    inside it and show what happens outside; None if it does not speak of one field's values.
    """

    code: str
    message: str
    field: str | None = None
    allows: Callable[[Values], bool] | None = attribute(default=None, compare=False, repr=False)


_FILES = {
    CodeKind.ERROR: "errors.toml",
    CodeKind.LOSS: "losses.toml",
    CodeKind.NOTE: "notes.toml",
    CodeKind.ASSUMPTION: "assumptions.toml",
}


@cache
def converter_codes() -> dict[str, Code]:
    """The converter's own codes by name, in the order of their files."""
    folder = files("converter").joinpath("codes")
    codes: dict[str, Code] = {}
    for kind, name in _FILES.items():
        codes |= read_codes(folder.joinpath(name), "converter", kind)
    return codes


def read_codes(source: Traversable, owner: str, kind: CodeKind | None = None) -> dict[str, Code]:
    """Reads a table of codes: `[name] title = "…" explanation = "…"`, plus `kind = "…"` where the file mixes kinds."""
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        name: Code(name, kind or CodeKind(entry["kind"]), entry["title"], entry["explanation"].strip(), owner)
        for name, entry in table.items()
    }
