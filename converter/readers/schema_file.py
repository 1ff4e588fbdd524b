"""Schema files: what the fields of the events at hand are, where the catalogue cannot know (docs/cli.md)."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from converter.errors import ConfigurationError, Place, RuleError
from converter.events.document import TIEBREAK_FIELD, TIME_FIELD
from converter.readers.source import source_text
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType, default_catalogue

_KEYS = frozenset({"types", "arrays", "clock", "tiebreaker", "strict", "mappings", "properties"})
_DEEPEST = 50

_FAMILIES = {
    **dict.fromkeys(("integer", "short", "byte", "unsigned_long"), FieldType.LONG),
    **dict.fromkeys(("float", "half_float", "scaled_float"), FieldType.DOUBLE),
    "date_nanos": FieldType.DATE,
    "match_only_text": FieldType.TEXT,
    "flattened": FieldType.FLATTENED,
}
"""Elasticsearch's types that belong to a family of another name."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The shipped catalogue with what a schema file adds, or only what it names if it is strict, and the fields that
    order events."""

    catalogue: Catalogue
    clock: str = TIME_FIELD
    tiebreaker: str = TIEBREAK_FIELD


def read_schema(path: str) -> Schema:
    """The schema of a JSON or TOML file. Raises ConfigurationError: `schema-unreadable`, `schema-invalid`."""
    try:
        text = source_text(path)
    except RuleError as error:
        raise ConfigurationError("schema-unreadable", error.what, place=error.place) from error
    try:
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        what = f"the schema is neither JSON nor TOML: {str(error).splitlines()[0]}"
        raise ConfigurationError("schema-unreadable", what, place=Place(path)) from error
    try:
        return schema_of(content)
    except ConfigurationError as error:
        raise error.at(Place(path)) from error


def schema_of(content: Mapping[str, object]) -> Schema:
    """The schema of a table with the keys `types` (field to type), `arrays` (names of fields), `clock` and
    `tiebreaker` (a field each), `strict` (whether no other fields exist), or of an Elasticsearch mapping (`mappings` or
    `properties`).

    Raises ConfigurationError `schema-invalid` for anything else.
    """
    if unknown := sorted(content.keys() - _KEYS):
        _invalid(f"a schema has no key `{unknown[0]}`", f"one of {', '.join(sorted(_KEYS))}")
    infos = {info.name: info for info in (*_mapped(content), *_typed(content))}
    for name in _names(content):
        infos[name] = replace(infos.get(name) or default_catalogue()[name], array=True, known=True)
    strict = content.get("strict", False)
    if not isinstance(strict, bool):
        _invalid("`strict` cannot be used", "true or false")
    return Schema(
        Catalogue(infos, closed=True) if strict else default_catalogue().extended(infos.values()),
        _field(content, "clock", TIME_FIELD),
        _field(content, "tiebreaker", TIEBREAK_FIELD),
    )


def _typed(content: Mapping[str, object]) -> Iterator[FieldInfo]:
    for name, kind in _table(content, "types").items():
        yield _info(name, kind)


def _names(content: Mapping[str, object]) -> list[str]:
    names = content.get("arrays", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        _invalid("`arrays` cannot be used", "a list of field names")
    return names


def _field(content: Mapping[str, object], key: str, default: str) -> str:
    name = content.get(key, default)
    if not isinstance(name, str) or not name:
        _invalid(f"`{key}` cannot be used", "the name of a field")
    return name


def _mapped(content: Mapping[str, object]) -> Iterator[FieldInfo]:
    """The fields of an Elasticsearch mapping, aliases and multi-fields included."""
    mapping = _table(content, "mappings") if "mappings" in content else content
    infos = list(_properties("", _table(mapping, "properties"), 0))
    types = {info.name: info.type for info in infos}
    for info in infos:
        parent = info.parent
        if parent is None or info.name.startswith(f"{parent}."):
            yield info  # a field, or a multi-field, which has a type of its own
        else:
            yield replace(info, type=types.get(parent, default_catalogue()[parent].type))


def _properties(prefix: str, properties: Mapping[str, object], depth: int) -> Iterator[FieldInfo]:
    if depth > _DEEPEST:
        _invalid(f"the mapping is nested more than {_DEEPEST} deep", "fewer levels")
    for key, entry in properties.items():
        name = f"{prefix}{key}"
        if not isinstance(entry, dict):
            _invalid(f"`{name}` cannot be used", "a table with a type or properties")
        kind = entry.get("type", FieldType.OBJECT.value)
        if kind == "alias":
            yield FieldInfo(name, parent=_field(entry, "path", ""))
        elif kind != FieldType.OBJECT.value:
            yield _info(name, kind)
        yield from _properties(f"{name}.", _table(entry, "properties"), depth + 1)
        for sub, multi in _table(entry, "fields").items():
            if isinstance(multi, dict):
                yield replace(_info(f"{name}.{sub}", multi.get("type")), parent=name)


def _table(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = content.get(key, {})
    if not isinstance(value, dict):
        _invalid(f"`{key}` cannot be used", "a table by field name")
    return value


def _info(name: str, kind: object) -> FieldInfo:
    family = _FAMILIES.get(kind) if isinstance(kind, str) else None
    if family is None:
        known = [item.value for item in FieldType]
        if kind not in known:
            _invalid(f"`{name}` has the type `{kind!s:.40}`", f"one of {', '.join(sorted({*known, *_FAMILIES}))}")
        family = FieldType(kind)
    return FieldInfo(name, family, analyzer="standard" if family is FieldType.TEXT else None)


def _invalid(what: str, expected: str) -> NoReturn:
    raise ConfigurationError("schema-invalid", what, expected=expected)
