"""The text of a search with its macros expanded, and pieces of it that know where they came from."""

from bisect import bisect_right
from dataclasses import dataclass

from backends.splunk.engine.errors import SplError
from converter.errors import Place


@dataclass(frozen=True, slots=True)
class Origin:
    """Text from `start` on came from `offset` of the original; `moving`: character by character, else as one macro."""

    start: int
    offset: int
    moving: bool


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is what is parsed, `original` what the user wrote; `origins` are ascending by start."""

    original: str
    text: str
    origins: tuple[Origin, ...]

    def offset(self, position: int) -> int:
        """Where a position of the expanded text lies in the original."""
        found = bisect_right(self.origins, position, key=lambda origin: origin.start) - 1
        if found < 0:
            return 0
        origin = self.origins[found]
        return origin.offset + (position - origin.start if origin.moving else 0)


def error_at(original: str, offset: int, code: str, what: str, expected: str | None, advice: str | None) -> SplError:
    """An SplError at a 0-based offset of the text as the user wrote it."""
    before = original[:offset]
    first = before.rfind("\n") + 1
    line = original[first:].split("\n", 1)[0]
    place = Place(None, before.count("\n") + 1, offset - first + 1)
    return SplError(code, what, place=place, expected=expected, advice=advice, excerpt=line)


@dataclass(frozen=True, slots=True)
class Fragment:
    """The part `start:end` of a source: the arguments of a command, a subsearch, an expression inside a function."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def cut(self, start: int, end: int) -> "Fragment":
        """A part of this fragment, by offsets inside it."""
        return Fragment(self.source, self.start + start, self.start + end)

    def error(
        self, code: str, what: str, offset: int = 0, *, expected: str | None = None, advice: str | None = None
    ) -> SplError:
        """An error at an offset inside this fragment."""
        position = self.source.offset(self.start + offset)
        return error_at(self.source.original, position, code, what, expected, advice)


def whole(source: Source) -> Fragment:
    return Fragment(source, 0, len(source.text))
