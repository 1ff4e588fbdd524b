"""Escaping for Query DSL values: wildcard patterns, words of a query string (spec elasticsearch-target 3)."""

from converter.ir import AnyOne, AnyRun, Pattern, Text

_WILDCARD = str.maketrans({"\\": "\\\\", "*": "\\*", "?": "\\?"})


def wildcard(pattern: Pattern) -> str:
    """The `wildcard` query's text. Only `*`, `?` and backslash are escaped: under `case_insensitive` a character after
    a backslash is compared exactly, so that no letter may ever stand there (spec elasticsearch-target 1)."""
    out: list[str] = []
    for part in pattern:
        match part:
            case Text(value):
                out.append(value.translate(_WILDCARD))
            case AnyRun():
                out.append("*")
            case AnyOne():
                out.append("?")
    return "".join(out)


def query_string(pattern: Pattern) -> str | None:
    """The pattern as one word of a `query_string`, None if there is no such word: what begins with `<` or `>` is a
    range whatever stands before it."""
    match pattern:
        case (Text(value), *_) if value[:1] in {"<", ">"}:
            return None
        case _:
            return "".join(map(_part, pattern))


def _part(part: Text | AnyRun | AnyOne) -> str:
    match part:
        case Text(value):
            return "".join(char if char.isalnum() else f"\\{char}" for char in value)
        case AnyRun():
            return "*"
        case AnyOne():
            return "?"
