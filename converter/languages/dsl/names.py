"""Field names in Query DSL, plain or with wildcards, and the type that decides what a value means."""

from dataclasses import replace

from converter.ir import ANY_ONE, ANY_RUN, AnyOne, AnyRun, Field, FieldPattern, FieldRef, Pattern, Text, literal_text
from converter.ir.pattern import pattern
from converter.languages.dsl.shape import Scalar
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

ANY_FIELD = FieldPattern((ANY_RUN,))
"""Where a full-text query without fields looks: the index's default fields."""


def wildcard_parts(text: str) -> list[tuple[str | AnyRun | AnyOne, bool]]:
    """The characters and wildcards of a `wildcard` text, each with whether a backslash stood before it.

    A backslash at the very end stands for itself.
    """
    parts: list[tuple[str | AnyRun | AnyOne, bool]] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\" and position + 1 < len(text):
            parts.append((text[position + 1], True))
            position += 2
            continue
        parts.append((_WILDCARDS.get(char, char), False))
        position += 1
    return parts


_WILDCARDS: dict[str, str | AnyRun | AnyOne] = {"*": ANY_RUN, "?": ANY_ONE}


def wildcard_pattern(text: str) -> Pattern:
    """The pattern that a `wildcard` text stands for."""
    return pattern(*(part for part, _ in wildcard_parts(text)))


def field_named(name: str) -> FieldRef:
    """A field, or the fields whose names a name with wildcards covers."""
    parts = wildcard_pattern(name)
    plain = literal_text(parts)
    return FieldPattern(parts) if plain is None else Field(name)


def info_of(field: FieldRef, catalogue: Catalogue, value: Scalar | None = None) -> FieldInfo:
    """What the catalogue says of a field. Of fields that it does not know the JSON kind of the value decides; a name
    with wildcards has the type that all known fields share, and is a keyword if they share none."""
    match field:
        case Field(name):
            info = catalogue[name]
            return info if info.known else replace(info, type=_guessed(value))
        case FieldPattern(parts):
            shown = "".join(part.value if isinstance(part, Text) else "*" for part in parts)
            kinds = {(info.type, info.analyzer) for info in map(catalogue.__getitem__, catalogue.matching(parts))}
            if len(kinds) != 1 or field == ANY_FIELD:
                return FieldInfo(shown)
            kind, analyzer = kinds.pop()
            return FieldInfo(shown, kind, analyzer=analyzer)


def _guessed(value: Scalar | None) -> FieldType:
    match value:
        case bool():
            return FieldType.BOOLEAN
        case int() | float():
            return FieldType.DOUBLE
        case _:
            return FieldType.KEYWORD
