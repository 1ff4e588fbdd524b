"""ECS documents as the fields that Splunk extracts from them (spec splunk 6.1)."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from converter.events.event import Scalar


class Rendering(StrEnum):
    """How searches reach arrays: by plain names that the app's aliases provide, by braces, or by either.

    `both` is a way to write searches; the fields are those of `braces`.
    """

    ALIAS = "alias"
    BRACES = "braces"
    BOTH = "both"


def extract(document: Mapping[str, object], rendering: Rendering | str = Rendering.ALIAS) -> dict[str, tuple[str, ...]]:
    """Field names to texts. Arrays gain `{}`; with aliases the plain name sees the array too, unless the event has a
    scalar of that name (ASNEW). Nulls, empty arrays and top-level keys that begin with `_` give no field.
    """
    found: dict[str, list[str]] = {}
    for name, value in _scalars("", document):
        if not name.startswith("_"):
            found.setdefault(name, []).append(text(value))
    fields = {name: tuple(values) for name, values in found.items()}
    if Rendering(rendering) is not Rendering.ALIAS:
        return fields
    return {**_aliases(fields), **fields}


def text(value: Scalar) -> str:
    """A JSON scalar as Splunk stores it: `true` and `false`, numbers as written."""
    match value:
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _aliases(fields: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    aliases: dict[str, tuple[str, ...]] = {}
    for name, values in fields.items():
        plain = name.replace("{}", "")
        if plain != name:
            aliases[plain] = aliases.get(plain, ()) + values
    return aliases


def _scalars(name: str, value: object) -> Iterator[tuple[str, Scalar]]:
    match value:
        case dict():
            for key, item in value.items():
                yield from _scalars(f"{name}.{key}" if name else str(key), item)
        case list() | tuple():
            for item in value:
                yield from _scalars(f"{name}{{}}", item)
        case str() | bool() | int() | float():
            yield name, value
        case _:
            pass
