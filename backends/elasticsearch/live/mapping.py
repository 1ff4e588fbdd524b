"""The mapping of a throw-away index: the catalogue's types for the fields that events and outputs name.

Where a product has no such type, or the type cannot hold what a run needs, the next best one stands in (`stand_ins`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

Json = dict[str, Any]

TIME_FIELD = "@timestamp"

_KEYWORD = "keyword"
_EVERYWHERE = {FieldType.CONSTANT_KEYWORD: _KEYWORD}
"""A constant keyword holds one value in a whole index; the events of a run have several."""

STAND_INS: dict[str, dict[FieldType, str]] = {
    "elasticsearch": _EVERYWHERE,
    "opensearch": {
        **_EVERYWHERE,
        FieldType.WILDCARD: _KEYWORD,  # its own `wildcard` type reads escaped backslashes wrongly
        FieldType.VERSION: _KEYWORD,
        FieldType.FLATTENED: _KEYWORD,  # of the fields below it, which `flat_object` does not compare without case
    },
}
"""What stands in for a type, by product."""

ANALYSIS: Json = {
    "normalizer": {"caseless": {"type": "custom", "filter": ["lowercase"]}},
    "analyzer": {"powershell": {"type": "pattern", "pattern": r"[^A-Za-z0-9_-]+", "lowercase": True}},
}
"""What the index has to know for multi-fields that ignore case and for the catalogue's analyzers."""

_NAME = re.compile(r"[A-Za-z_@][\w.@/-]*")
_HOLDERS = frozenset({FieldType.NESTED, FieldType.OBJECT})


def fields_named_in(text: str, catalogue: Catalogue) -> Iterator[str]:
    """The catalogue's fields among the words of an output, in whatever language it is."""
    for name in dict.fromkeys(_NAME.findall(text)):
        if name in catalogue and not (name.endswith(".") or catalogue[name].type is FieldType.OBJECT):
            yield name


def properties(product: str, events: Iterable[str], asked: Iterable[str], catalogue: Catalogue) -> Json:
    """The mapping's `properties`: for the fields of events, and for those that an output asks for besides. A name that
    would be a value and an object at once is an object, and one that is only asked for gives way."""
    named = dict.fromkeys([TIME_FIELD, *events])
    objects = {prefix for name in named for prefix in _above(name)}
    taken = {name: None for name in named if name not in objects}
    for name in asked:
        parent = catalogue[name].parent or name
        if parent not in objects and not any(prefix in taken for prefix in _above(parent)):
            taken[name] = None
            objects.update(_above(parent))
    root: Json = {}
    for name in sorted(taken):
        _put(root, catalogue[name], product, catalogue)
    return root


def count(properties: Json) -> int:
    """How many fields, objects and multi-fields included."""
    inner = (
        found for field in properties.values() for found in (field.get("properties"), field.get("fields")) if found
    )
    return len(properties) + sum(map(count, inner))


def _put(root: Json, info: FieldInfo, product: str, catalogue: Catalogue) -> None:
    """Adds a field; a multi-field goes below the field that it reads."""
    if info.parent is not None:
        parent = catalogue[info.parent]
        _put(root, parent, product, catalogue)
        holder = _place(root, parent.name, product, catalogue)
        if holder is not None:
            last = info.name.rpartition(".")[2]
            holder[parent.name.rpartition(".")[2]].setdefault("fields", {})[last] = _typed(info, product)
        return
    place = _place(root, info.name, product, catalogue)
    if place is not None:
        place.setdefault(info.name.rpartition(".")[2], _typed(info, product))


def _place(root: Json, name: str, product: str, catalogue: Catalogue) -> Json | None:
    """The `properties` that a field belongs to, made on the way; None below a field that holds any name itself."""
    place = root
    for prefix in _above(name):
        kind = catalogue[prefix].type
        if kind is FieldType.FLATTENED and kind not in STAND_INS[product] and prefix in catalogue:
            place.setdefault(prefix.rpartition(".")[2], {"type": kind.value})
            return None
        holder = place.setdefault(prefix.rpartition(".")[2], {"type": "nested"} if kind is FieldType.NESTED else {})
        place = holder.setdefault("properties", {})
    return place


def _typed(info: FieldInfo, product: str) -> Json:
    if info.type in _HOLDERS:
        return {"type": "nested"} if info.type is FieldType.NESTED else {"properties": {}}
    found: Json = {"type": STAND_INS[product].get(info.type, info.type.value)}
    if info.folded:
        found["normalizer"] = "caseless"
    if info.type is FieldType.TEXT and info.analyzer not in {None, "standard"}:
        found["analyzer"] = info.analyzer
    return found


def _above(name: str) -> list[str]:
    """`a.b.c` lies in `a` and in `a.b`."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]
