"""JSON read strictly: a key that is not understood is an error, never ignored.

Every function takes the name of the clause for its message. Positions are unknown: JSON arrives as objects.
"""

from collections.abc import Collection, Mapping

from converter.errors import RuleError

Json = object
Object = Mapping[str, Json]
Scalar = str | bool | int | float

UNSCORED = frozenset({"boost", "_name"})
"""Keys of every clause that decide ranking and labels, not what is found."""


def error(clause: str, what: str, code: str = "dsl-syntax") -> RuleError:
    return RuleError(code, f"`{clause}`: {what}")


def as_object(value: Json, clause: str) -> Object:
    if not isinstance(value, Mapping):
        raise error(clause, f"an object was expected, not {_kind(value)}")
    return value


def as_list(value: Json, clause: str) -> list[Json]:
    if not isinstance(value, list | tuple):
        raise error(clause, f"a list was expected, not {_kind(value)}")
    return list(value)


def as_text(value: Json, clause: str) -> str:
    if not isinstance(value, str):
        raise error(clause, f"a text was expected, not {_kind(value)}")
    return value


def as_scalar(value: Json, clause: str) -> Scalar:
    if not isinstance(value, str | bool | int | float):
        raise error(clause, f"a text, a number or a boolean was expected, not {_kind(value)}")
    return value


def as_flag(value: Json, clause: str) -> bool:
    match value:
        case bool():
            return value
        case "true" | "false":
            return value == "true"
        case _:
            raise error(clause, f"true or false was expected, not {_kind(value)}")


def check_keys(value: Object, clause: str, known: Collection[str]) -> None:
    """RuleError `dsl-key-unknown` for the first key that is neither known nor about ranking."""
    for key in value:
        if key not in known and key not in UNSCORED:
            raise error(clause, f"the key `{key}` is not understood", "dsl-key-unknown")


def field_entry(body: Json, clause: str, short: str | None, known: Collection[str]) -> tuple[str, Object]:
    """The one field of a clause and its options; `{field: value}` is read as `{field: {short: value}}`, if it may."""
    entries = [(key, value) for key, value in as_object(body, clause).items() if key not in UNSCORED]
    if len(entries) != 1:
        raise error(clause, f"one field was expected, not {len(entries)}")
    name, value = entries[0]
    options = as_object(value, clause) if isinstance(value, Mapping) or short is None else {short: value}
    check_keys(options, clause, known)
    if short is not None and short not in options:
        raise error(clause, f"`{short}` is missing")
    return name, options


def _kind(value: Json) -> str:
    match value:
        case None:
            return "null"
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case bool():
            return "a boolean"
        case _:
            return f"{str(value)[:40]!r}"
