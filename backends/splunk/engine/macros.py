"""Comments and macros, which Splunk resolves before it looks at commands (spec splunk 1.2, 7.4)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backends.splunk.engine.errors import SplError
from backends.splunk.engine.source import Origin, Source, error_at

MACRO_DEPTH = 100
EXPANDED_LENGTH = 1_000_000
EXPANSIONS = 10_000

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<comment>```.*?```)|(?P<macro>`[^`]+`)|(?P<plain>[^"`]+)', re.DOTALL
)


def expand(text: str, macros: Mapping[str, str]) -> Source:
    """The search with every comment blanked and every macro replaced by its definition.

    `macros` maps what stands between the backticks to a definition. Raises SplError for an undefined macro, for
    definitions that contain themselves and for a backtick in a quoted string, which nobody has defined.
    """
    chunks: list[str] = []
    origins: list[Origin] = []
    length = 0
    for chunk in _Expansion(text, macros).chunks(text, None, 0):
        origins.append(Origin(length, chunk.offset, chunk.moving))
        chunks.append(chunk.text)
        length += len(chunk.text)
        if length > EXPANDED_LENGTH:
            raise error_at(text, chunk.offset, "spl-macro", "macros expand to too much text", None, None)
    return Source(text, "".join(chunks), tuple(origins))


@dataclass(frozen=True, slots=True)
class _Chunk:
    text: str
    offset: int
    moving: bool


@dataclass(slots=True)
class _Expansion:
    original: str
    macros: Mapping[str, str]
    done: int = 0

    def chunks(self, text: str, called_at: int | None, depth: int) -> Iterator[_Chunk]:
        position = 0
        while position < len(text):
            offset = position if called_at is None else called_at
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._error("spl-syntax", f"this {text[position]} is never closed", offset)
            token = found.group()
            match found.lastgroup:
                case "string" if "`" in token:
                    raise self._error("spl-undefined", "whether quotes protect a backtick is not documented", offset)
                case "comment":
                    yield _Chunk(re.sub(r"[^\n]", " ", token), offset, called_at is None)
                case "macro":
                    yield from self.chunks(self._definition(token[1:-1], offset, depth), offset, depth + 1)
                case _:
                    yield _Chunk(token, offset, called_at is None)
            position = found.end()

    def _definition(self, name: str, offset: int, depth: int) -> str:
        self.done += 1
        if self.done > EXPANSIONS:
            raise self._error("spl-macro", f"more than {EXPANSIONS} macros are expanded", offset)
        if depth >= MACRO_DEPTH:
            raise self._error("spl-macro", f"macro `{name}` is nested more than {MACRO_DEPTH} deep", offset)
        definition = self.macros.get(name)
        if definition is None:
            raise self._error("spl-macro", f"macro `{name}` is not defined", offset)
        return definition

    def _error(self, code: str, what: str, offset: int) -> SplError:
        return error_at(self.original, offset, code, what, None, None)
