"""Errors about an EQL text: a code, a place in the query, and advice."""

from typing import Protocol

from converter.errors import Place, RuleError


class Located(Protocol):
    """Anything with a place in the text: a span or a token."""

    @property
    def line(self) -> int | None: ...

    @property
    def column(self) -> int | None: ...


def refusal(
    code: str, what: str, at: Located, *, expected: str | None = None, advice: str | None = None, shift: int = 0
) -> RuleError:
    """An error at the given place, `shift` characters further on the same line; the excerpt is added by `excerpted`."""
    place = Place(None, at.line or 1, (at.column or 1) + shift)
    return RuleError(code, what, place=place, expected=expected, advice=advice)


def excerpted(error: RuleError, source: str) -> RuleError:
    """The error with the line of the query that it points into."""
    if error.excerpt is None:
        error.excerpt = line_of(source, error.place.line)
    return error


def line_of(source: str, number: int) -> str:
    """The 1-based line of a text, without its end; lines end as lark counts them, at line feeds."""
    lines = source.split("\n", number)
    return lines[number - 1].rstrip("\r") if number <= len(lines) else ""
