"""Relations between ECS fields that say the same thing twice: parts of a path, arguments of a command line.

Generated events follow them (docs/architecture.md, "Verification"), since a target that derives one field from the
other can hold no event that does not.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from converter.events.event import Values


@dataclass(frozen=True, slots=True)
class PathParts:
    """`name`, `directory` and `extension` follow from `path`; None where ECS has no such part."""

    path: str
    name: str
    directory: str | None = None
    extension: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for name in (self.path, self.name, self.directory, self.extension) if name)

    def parts(self, path: str) -> dict[str, Values]:
        """The parts of a path; a part that the path does not have is an empty tuple."""
        at = max(path.rfind("\\"), path.rfind("/"))
        name = path[at + 1 :]
        directory = path[: max(at, 1)] if at >= 0 else ""
        stem, dot, extension = name.rpartition(".")
        found: dict[str, Values] = {self.path: (path,), self.name: (name,) if name else ()}
        if self.directory:
            found[self.directory] = (directory,) if directory else ()
        if self.extension:
            found[self.extension] = (extension,) if dot and stem and extension else ()
        return found


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`args` are the elements of the command line, `count` their number."""

    line: str
    args: str
    count: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.line, self.args, self.count)


@dataclass(frozen=True, slots=True)
class RegistryPath:
    """`path` is `hive`, `key` and `value` joined by backslashes."""

    path: str
    hive: str
    key: str
    value: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.path, self.hive, self.key, self.value)

    def parts(self, path: str) -> dict[str, Values]:
        """The parts of a registry path; its last element is the value's name."""
        hive, _, rest = path.partition("\\")
        key, _, value = rest.rpartition("\\")
        parts = {self.hive: hive, self.key: key, self.value: value}
        return {self.path: (path,)} | {name: (part,) if part else () for name, part in parts.items()}


Relation = PathParts | CommandLine | RegistryPath


@cache
def relations() -> Mapping[str, Relation]:
    """The relation that each field takes part in, by field name."""
    table = tomllib.loads(files(__package__).joinpath("relations.toml").read_text(encoding="utf-8"))
    found: list[Relation] = [PathParts(**entry) for entry in table["path"]]
    found += [CommandLine(**entry) for entry in table["command"]]
    found += [RegistryPath(**entry) for entry in table["registry"]]
    return {name: relation for relation in found for name in relation.fields}
