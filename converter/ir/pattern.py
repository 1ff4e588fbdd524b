"""Wildcard patterns as tuples of parts: never a string with escapes in it, whatever language it came from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A literal piece; never empty inside a normalised pattern."""

    value: str


@dataclass(frozen=True, slots=True)
class AnyRun:
    """Any run of characters, the empty one and line breaks included."""


@dataclass(frozen=True, slots=True)
class AnyOne:
    """Exactly one character, line breaks included."""


Part = Text | AnyRun | AnyOne
Pattern = tuple[Part, ...]

ANY_RUN = AnyRun()
ANY_ONE = AnyOne()


def pattern(*parts: str | AnyRun | AnyOne) -> Pattern:
    """Builds a normalised pattern: adjacent texts are joined, empty ones dropped, runs collapsed.

    >>> pattern("a", "", "b", ANY_RUN, ANY_RUN)
    (Text(value='ab'), AnyRun())
    """
    out: list[Part] = []
    for part in parts:
        match part:
            case str():
                if not part:
                    continue
                if out and isinstance(out[-1], Text):
                    out[-1] = Text(out[-1].value + part)
                else:
                    out.append(Text(part))
            case AnyRun():
                if not (out and isinstance(out[-1], AnyRun)):
                    out.append(part)
            case AnyOne():
                out.append(part)
    return tuple(out)


def rebuild(parts: Pattern) -> Pattern:
    """The normalised form of a pattern that was put together from pieces of others."""
    return pattern(*(part.value if isinstance(part, Text) else part for part in parts))


def literal_text(parts: Pattern) -> str | None:
    """The one text a pattern without wildcards stands for, else None. The empty pattern stands for the empty text."""
    if all(isinstance(part, Text) for part in parts):
        return "".join(part.value for part in parts if isinstance(part, Text))
    return None
