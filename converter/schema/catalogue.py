"""The field catalogue: what type a field has, whether it holds arrays, whether its values are normalised.

The data (`converter/schema/fields/*.toml`, origin noted in each file) covers ECS and the fields of Elastic's
integrations that detection rules use. A field that no catalogue knows is a keyword (spec kql 4.3).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


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
    """Field infos by exact name; unknown names and multi-fields are answered too, never a KeyError."""

    def __init__(self, fields: Mapping[str, FieldInfo]) -> None:
        self._fields = dict(fields)

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
        return FieldInfo(name, known=False)

    def __contains__(self, name: str) -> bool:
        return self[name].known

    def __iter__(self) -> Iterator[FieldInfo]:
        return iter(self._fields.values())

    def extended(self, fields: Iterable[FieldInfo]) -> "Catalogue":
        """A catalogue that also knows these fields; a field named in both is taken from here."""
        return Catalogue(self._fields | {info.name: info for info in fields})

    def retyped(self, types: Mapping[str, FieldType]) -> "Catalogue":
        """A catalogue in which the named fields have these types (a mapping file, the options of a test)."""
        return self.extended(replace(self[name], name=name, type=kind, known=True) for name, kind in types.items())


def _prefixes(name: str) -> Iterable[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name
