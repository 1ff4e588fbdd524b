"""Wildcard patterns, as operators and as function arguments write them (spec eql 5.1, 9)."""

import re

from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present
from converter.ir.pattern import ANY_ONE, ANY_RUN, AnyOne, AnyRun, Pattern, literal_text, pattern

_WILDCARDS: dict[str, AnyRun | AnyOne] = {"*": ANY_RUN, "?": ANY_ONE}
_PIECES = re.compile(r"[*?]|[^*?]+")
_LEAKY_PIECES = re.compile(r"[*?]|\\.|[^*?\\]+|\\", re.DOTALL)


def wildcard_pattern(text: str) -> Pattern:
    """The pattern of `:`, `like`, `like~`: there is no escape, a backslash is a backslash."""
    return pattern(*(_WILDCARDS.get(piece, piece) for piece in _PIECES.findall(text)))


def leaked_parts(text: str) -> list[str | AnyRun | AnyOne]:
    """The text of a pushed `endsWith` or `stringContains` as Elasticsearch's wildcard query reads it: a backslash
    makes the next character literal (spec eql 9, "wildcard leak")."""
    return [
        _WILDCARDS.get(piece) or (piece[1:] if piece[0] == "\\" and len(piece) > 1 else piece)
        for piece in _LEAKY_PIECES.findall(text)
    ]


def leaks(text: str) -> bool:
    """Whether the wildcard query means something else than the text."""
    return re.search(r"[*?\\]", text) is not None


def pattern_matcher(parts: Pattern, ignore_case: bool) -> Matcher:
    """What a pattern comes to: without wildcards an equality, and if every text fits, a test for existence."""
    text = literal_text(parts)
    if text is not None:
        return Equal(TextLiteral(text), ignore_case)
    return Present() if parts == (ANY_RUN,) else Like(parts, ignore_case)
