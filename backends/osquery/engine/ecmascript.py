"""Regular expressions of C++ `std::regex` (ECMAScript grammar) in Python's notation.

Only the common subset is accepted: what the two read differently, or one does not have, is an error, as a bad pattern
is in osquery (spec osquery 5.1, 10).
"""

import re

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_PIECE = re.compile(
    r"""
    (?P<escape>\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Za-z]|.))
  | (?P<set>\[\^?(?:\\.|\[:\w+:\]|[^\]\\])*\])
  | (?P<group>\((?:\?[:=!])?)
  | (?P<count>(?:[*+?]|\{\d+(?:,\d*)?\})(?P<lazy>\??)(?P<more>[*+?{]?))
  | (?P<end>\$)
  | (?P<dot>\.)
  | (?P<wrong>\(\?|\[|\]|\{|\})
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = re.compile(r"\\(?:[bBdDsSwWfnrtv0]|[1-9]|x[0-9A-Fa-f]{2}|[^\w\s])")


def to_python(pattern: str) -> str:
    """The same expression for Python's `re`, to be compiled over bytes. Raises ValueError for anything else."""
    if re.search(r"\(\?(?![:=!])", re.sub(r"\\.", "", pattern, flags=re.DOTALL)):
        raise ValueError(f"regex: ECMAScript has no such group: {pattern}")
    return "".join(_piece(found, pattern) for found in _PIECE.finditer(pattern))


def _piece(found: re.Match[str], pattern: str) -> str:
    match found.lastgroup:
        case "escape":
            return _escape(found[0])
        case "set":
            return _set(found[0])
        case "end":
            return r"\Z"
        case "dot":
            return r"[^\n\r]"
        case "wrong":
            raise ValueError(f"regex: unbalanced or unescaped {found[0]!r} in {pattern}")
        case "count" if found["more"]:
            raise ValueError(f"regex: a quantifier follows a quantifier in {pattern}")
        case _:
            return found[0]


def _escape(text: str) -> str:
    if not _ESCAPES.fullmatch(text):
        raise ValueError(f"regex: {text!r} is no escape that both dialects read alike")
    return r"\x00" if text == r"\0" else text


def _set(text: str) -> str:
    """A class: named ones are spelled out, an opening bracket is literal; `[]` accepts nothing, `[^]` everything."""
    negated = text.startswith("[^")
    inside = text[2:-1] if negated else text[1:-1]
    if not inside:
        return r"[\s\S]" if negated else r"[^\s\S]"
    inside = re.sub(r"\[:(\w+):\]", lambda name: _CLASSES[name[1]], inside)
    inside = re.sub(r"(\\.)|\[", lambda piece: piece[1] or r"\[", inside, flags=re.DOTALL)
    return f"[{'^' if negated else ''}{inside}]"
