"""The field catalogue: what type a field has, whether it holds arrays, whether its values are normalised.

The data (`converter/schema/fields/*.toml`, origin noted in each file) covers ECS and the fields of Elastic's
integrations that detection rules use. A field that no catalogue knows is a keyword (spec kql 4.3).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text


class FieldType(StrEnum):
    """Elasticsearch's field types, families folded: what decides the meaning of a literal."""

    KEYWORD = "keyword"
    CONSTANT_KEYWORD = "constant_keyword"
    WILDCARD = "wildcard"
    TEXT = "text"
    LONG = "long"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    IP = "ip"
    VERSION = "version"
    NESTED = "nested"
    FLATTENED = "flattened"
    OBJECT = "object"

    @property
    def is_string(self) -> bool:
        """Keyword family: compared whole, code point by code point."""
        return self in {FieldType.KEYWORD, FieldType.CONSTANT_KEYWORD, FieldType.WILDCARD, FieldType.FLATTENED}

    @property
    def is_number(self) -> bool:
        return self in {FieldType.LONG, FieldType.DOUBLE}


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field. `array`: producers write lists. `normalised`: producers write lower-case enumerations only.

    `analyzer` names the analyzer of a text field. `parent` is the field whose value a multi-field reads
    (`process.name.caseless` reads `process.name`); `folded` marks a multi-field that is lower-cased at index and
    query time. `known` is False for the answer about a field that no data names.
    """

    name: str
    type: FieldType = FieldType.KEYWORD
    array: bool = False
    normalised: bool = False
    analyzer: str | None = None
    parent: str | None = None
    folded: bool = False
    known: bool = True


class Catalogue:
    """Field infos by exact name; unknown names and multi-fields are answered too, never a KeyError.

    An info whose name ends in `.*` answers for every field below that prefix which is not named itself: what an index
    template says of dynamic fields (`winlog.event_data.*`). A `closed` catalogue knows every field there is: EQL
    refuses all others (spec eql 7.4).
    """

    def __init__(self, fields: Mapping[str, FieldInfo], *, closed: bool = False) -> None:
        self.closed = closed
        self._fields = dict(fields)
        self._below = {name.removesuffix(_BELOW): self._fields.pop(name) for name in fields if name.endswith(_BELOW)}

    def __getitem__(self, name: str) -> FieldInfo:
        found = self._fields.get(name)
        if found is not None:
            return found
        parent, _, last = name.rpartition(".")
        if parent in self._fields and last == "caseless":
            return FieldInfo(name, parent=parent, folded=True)
        if parent in self._fields and last == "text":
            return FieldInfo(name, FieldType.TEXT, analyzer="standard", parent=parent)
        for prefix in _prefixes(name):
            if prefix in self._fields and self._fields[prefix].type is FieldType.FLATTENED:
                return FieldInfo(name, FieldType.FLATTENED)
            if prefix in self._below:
                return replace(self._below[prefix], name=name)
        return FieldInfo(name, known=False)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self[name].known

    def __iter__(self) -> Iterator[FieldInfo]:
        """The infos of all fields known by their own name, those of dynamic prefixes left out."""
        return iter(self._fields.values())

    def matching(self, pattern: Pattern) -> tuple[str, ...]:
        """Names of the known fields that the pattern covers (`file.hash.*`), sorted; multi-fields are left out."""
        found = re.compile("".join(map(_regex, pattern)), re.DOTALL).fullmatch
        return tuple(sorted(name for name in self._fields if found(name)))

    def extended(self, fields: Iterable[FieldInfo]) -> "Catalogue":
        """A catalogue that also knows these fields; a field named in both is taken from here."""
        added = Catalogue({info.name: info for info in fields}, closed=self.closed)
        if not added._fields and not added._below:
            return self
        added._fields = self._fields | added._fields
        added._below = self._below | added._below
        return added

    def retyped(self, types: Mapping[str, FieldType]) -> "Catalogue":
        """A catalogue in which the named fields have these types (a mapping file, the options of a test)."""
        return self.extended(replace(self[name], name=name, type=kind, known=True) for name, kind in types.items())


@cache
def default_catalogue() -> Catalogue:
    """The catalogue shipped with the program: ECS and the fields of Elastic's integrations."""
    fields: dict[str, FieldInfo] = {}
    folder = files(__package__).joinpath("fields")
    for name in FIELD_FILES:
        table = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        fields.update((info.name, info) for info in _infos(table))
    normalised = tomllib.loads(folder.joinpath("normalised.toml").read_text(encoding="utf-8"))["names"]
    for name in normalised.split():
        fields[name] = replace(fields[name], normalised=True)
    return Catalogue(fields)


FIELD_FILES = ("ecs", "endpoint", "windows", "linux", "cloud", "saas", "kubernetes", "network", "alerts")
"""Data files of fields, by name; no field stands in two of them."""

_BELOW = ".*"
_ARRAY = " []"


def _infos(table: Mapping[str, object]) -> Iterator[FieldInfo]:
    """The fields of one data file: per type one text with a name a line, `[]` behind names of arrays; `analysed` names
    the analyzer of text fields that are not analysed by the standard one."""
    for key, value in table.items():
        match value:
            case str():
                kind = FieldType(key)
                analyzer = "standard" if kind is FieldType.TEXT else None
                for line in value.splitlines():
                    yield FieldInfo(line.removesuffix(_ARRAY), kind, line.endswith(_ARRAY), analyzer=analyzer)
            case dict():
                for name, analyzer in value.items():
                    yield FieldInfo(name, FieldType.TEXT, analyzer=analyzer)


def _regex(part: Text | AnyRun | AnyOne) -> str:
    match part:
        case Text(value):
            return re.escape(value)
        case AnyRun():
            return ".*"
        case AnyOne():
            return "."


def _prefixes(name: str) -> Iterable[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name
