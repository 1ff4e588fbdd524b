"""The escapings of SQLite's text: strings, LIKE and GLOB patterns, identifiers, JSON paths. Nothing else escapes.

Spec osquery 6: L() is `like_pattern`, G() is `glob_pattern`, q() is `string`.
"""

import re

from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text

ESCAPE = "\\"
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LIKE = str.maketrans({char: ESCAPE + char for char in "%_\\"})
_GLOB = str.maketrans({char: f"[{char}]" for char in "*?["})


def string(text: str) -> str:
    """A string literal. The text holds no NUL: SQLite ends a statement there (`unwritable` tells)."""
    return "'" + text.replace("'", "''") + "'"


def unwritable(text: str) -> bool:
    """Whether the text cannot stand in SQL text at all: a NUL, or half of a surrogate pair."""
    return any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def like_pattern(pattern: Pattern) -> tuple[str, bool]:
    """The pattern for LIKE and whether it contains escapes."""
    escaped = any(isinstance(part, Text) and part.value.translate(_LIKE) != part.value for part in pattern)
    return "".join(_like_part(part) for part in pattern), escaped


def _like_part(part: Text | AnyRun | AnyOne) -> str:
    match part:
        case Text(value):
            return value.translate(_LIKE)
        case AnyRun():
            return "%"
        case AnyOne():
            return "_"


def glob_pattern(pattern: Pattern) -> str:
    """The pattern for GLOB; `]` and `\\` mean themselves outside a set."""
    return "".join(_glob_part(part) for part in pattern)


def _glob_part(part: Text | AnyRun | AnyOne) -> str:
    match part:
        case Text(value):
            return value.translate(_GLOB)
        case AnyRun():
            return "*"
        case AnyOne():
            return "?"


def identifier(name: str) -> str:
    """A name of a table, column or alias; in back quotes if it is no plain word, since SQLite reads an unknown name in
    double quotes as a text."""
    return name if _PLAIN_NAME.fullmatch(name) and name.upper() not in _RESERVED else f"`{name.replace('`', '``')}`"


_RESERVED = frozenset({"CASE", "FROM", "GROUP", "INDEX", "JOIN", "ORDER", "SELECT", "TABLE", "TO", "VALUES", "WHERE"})


def json_path(*keys: str) -> str:
    """The path of a value in JSON text, `$.EventData.Image`; unusual keys are quoted.

    SQLite takes everything between the quotes as the key, so a key with a double quote has no path: ValueError.
    """
    if any('"' in key for key in keys):
        raise ValueError(f"no JSON path leads to a key with a double quote: {keys}")
    return "$" + "".join(f".{key}" if _PLAIN_NAME.fullmatch(key) else f'."{key}"' for key in keys)
