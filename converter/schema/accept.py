"""Matchers against constants: what a fact or a mapped value decides without an event."""

import re

from converter.events.event import Scalar
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present
from converter.ir.pattern import AnyOne, Text


def accepts(matcher: Matcher, value: Scalar) -> bool:
    """Whether the matcher accepts the value."""
    match matcher:
        case Present():
            return True
        case Equal(TextLiteral(text), ic):
            return str(value).lower() == text.lower() if ic else str(value) == text
        case Equal(literal):
            return getattr(literal, "value", None) == value
        case Like(pattern, ic):
            source = "".join(
                re.escape(p.value) if isinstance(p, Text) else "." if isinstance(p, AnyOne) else ".*" for p in pattern
            )
            return re.fullmatch(source, str(value), re.DOTALL | (re.IGNORECASE if ic else 0)) is not None
    raise ValueError(matcher)
