"""Sigma values and their escaping: `*` and `?` are live, a backslash makes them literal (spec sigma 2.3).

Every backslash is doubled and every literal `*` or `?` gets one in front: the only style that both pySigma generations
read back exactly, whatever follows.
"""

from converter.ir import AnyOne, AnyRun, Pattern, Text

_ESCAPES = str.maketrans({"\\": "\\\\", "*": "\\*", "?": "\\?"})


def encode(pattern: Pattern) -> str:
    """The pattern as a Sigma string, before YAML quotes it."""
    out: list[str] = []
    for part in pattern:
        match part:
            case Text(value):
                out.append(value.translate(_ESCAPES))
            case AnyRun():
                out.append("*")
            case AnyOne():
                out.append("?")
    return "".join(out)
