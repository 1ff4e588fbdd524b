"""Tables of values that both the kinds of event and the profiles read: the codes of the Windows Security log."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from converter.events.event import Scalar, Values


@dataclass(frozen=True, slots=True)
class Coded:
    """What the events of one code state; a field that they do not have is empty. They are `without` any field whose
    name begins so."""

    code: str
    provider: str
    action: Values
    category: Values
    type: Values
    without: tuple[str, ...] = ()


@cache
def coded(name: str) -> tuple[Coded, ...]:
    """The codes in the file `name.toml`, in its order."""
    table = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(_coded(line, group) for group in table["events"] for line in group["codes"].splitlines())


def _coded(line: str, group: Mapping[str, Any]) -> Coded:
    code, action, category, kinds = line.split()
    without = tuple(group.get("without", ()))
    return Coded(code, group["provider"], (action.replace("_", " "),), _listed(category), _listed(kinds), without)


def _listed(text: str) -> Values:
    return () if text == "-" else tuple(text.split(","))


TABLES: Mapping[str, Callable[[Coded], Values]] = {
    "windows_security.provider": lambda event: (event.provider,),
    "windows_security.action": lambda event: event.action,
    "windows_security.category": lambda event: event.category,
    "windows_security.type": lambda event: event.type,
}
"""Tables that a profile can name in place of the values of a map."""


@cache
def value_table(name: str) -> Mapping[Scalar, Values] | None:
    """The values of a field by the number of the event, None if there is no such table."""
    if name not in TABLES:
        return None
    read = TABLES[name]
    found = ((int(event.code), read(event)) for event in coded(name.partition(".")[0]))
    return {code: values for code, values in found if values}
