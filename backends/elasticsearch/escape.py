"""Escaping for Query DSL values: wildcard patterns (spec elasticsearch-target 3)."""

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
