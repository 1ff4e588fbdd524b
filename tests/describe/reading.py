"""Reads the published layout back into the intermediate representation: what docs/inspect.md promises, as a program."""

from collections.abc import Mapping
from dataclasses import fields

from converter.describe.node import NODES
from converter.ir.literal import NumberLiteral
from converter.ir.matcher import Flavour, Regex
from converter.ir.span import Span

_KINDS = {name: kind for kind, name in NODES.items()}


def read(data: object) -> object:
    """The node, or the attribute of a node, that the data stand for. Raises TypeError for an attribute too many or one
    that is missing."""
    if isinstance(data, list):
        return tuple(map(read, data))
    if not isinstance(data, Mapping):
        return data
    if "node" not in data:
        return Span(**data)
    kind = _KINDS[data["node"]]
    if kind is NumberLiteral:
        return NumberLiteral({"integer": int, "double": float}[data["kind"]](data["value"]))
    attributes = {name: read(value) for name, value in data.items() if name != "node"}
    if attributes.keys() != {attribute.name for attribute in fields(kind)}:
        raise TypeError(f"{data['node']} has {sorted(attributes)}")
    if kind is Regex:
        attributes["flavour"] = Flavour(data["flavour"])
    return kind(**attributes)
