"""Where in the text that was read a node stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of character offsets into the query text, with the 1-based line and column of its start there."""

    start: int
    end: int
    line: int
    column: int

    def text(self, source: str) -> str:
        return source[self.start : self.end]

    def to(self, other: "Span") -> "Span":
        """From the start of this span to the end of the other."""
        return Span(self.start, other.end, self.line, self.column)
