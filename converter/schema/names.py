"""Names of fields and the patterns over them (`file.hash.*`)."""

import re

from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text


def matches_name(pattern: Pattern, name: str) -> bool:
    """Whether the pattern covers the whole name; names are compared with their case."""
    return re.fullmatch("".join(_expression(part) for part in pattern), name, re.DOTALL) is not None


def _expression(part: Text | AnyRun | AnyOne) -> str:
    match part:
        case Text(value):
            return re.escape(value)
        case AnyRun():
            return ".*"
        case AnyOne():
            return "."


def shown_pattern(pattern: Pattern) -> str:
    """The pattern as a rule would write it, for messages."""
    wildcards = {AnyRun(): "*", AnyOne(): "?"}
    return "".join(part.value if isinstance(part, Text) else wildcards[part] for part in pattern)
