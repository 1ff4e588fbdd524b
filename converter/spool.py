"""Matches of many rules, found in one pass and wanted rule by rule: what does not fit into memory waits in a file."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from converter.errors import ConverterError
from converter.evaluate import Match

_MEMORY = 16_000_000
"""Characters that are kept before they are written."""


class Spool:
    """Matches by the number of their rule, in the order in which they were added."""

    def __init__(self, memory: int = _MEMORY) -> None:
        self._memory = memory
        self._size = 0
        self._lines: dict[int, list[str]] = {}
        self._written: dict[int, list[tuple[int, int]]] = {}
        self._errors: dict[int, ConverterError] = {}
        self._file: IO[bytes] | None = None

    def add(self, number: int, matches: Iterable[Match], error: ConverterError | None = None) -> None:
        """Takes more matches of a rule, or what stopped it: what it found before then counts for nothing."""
        if error is not None:
            self._errors.setdefault(number, error)
        if number in self._errors:
            return
        for match in matches:
            line = json.dumps([match.ids, match.keys, match.count])
            self._lines.setdefault(number, []).append(line)
            self._size += len(line)
        if self._size > self._memory:
            self._write()

    def matches(self, number: int) -> Iterator[Match]:
        """The rule's matches. Raises its error if it has one."""
        if number in self._errors:
            raise self._errors[number]
        for at, size in self._written.get(number, ()):
            yield from map(_match, self._read(at, size).splitlines())
        yield from map(_match, self._lines.get(number, ()))

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - it lives as long as the object
        for number, lines in self._lines.items():
            piece = "\n".join(lines).encode("ascii")
            self._written.setdefault(number, []).append((self._file.tell(), len(piece)))
            self._file.write(piece)
        self._lines.clear()
        self._size = 0

    def _read(self, at: int, size: int) -> str:
        if self._file is None:
            return ""
        self._file.seek(at)
        return self._file.read(size).decode("ascii")


def _match(line: str) -> Match:
    ids, keys, count = json.loads(line)
    return Match(tuple(ids), None if keys is None else tuple(keys), count)
