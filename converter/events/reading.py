"""Event files in: NDJSON or a JSON array, plain, gzipped or zipped, read as a stream (contracts section 4)."""

import gzip
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Never, cast

from converter.errors import ConfigurationError, Place
from converter.events.document import TIEBREAK_FIELD, TIME_FIELD, event_of
from converter.events.event import Event

STDIN = "-"
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for, in bytes: one line, a JSON array, and the whole text after decompression."""

    line: int = 16 << 20
    array: int = 128 << 20
    total: int = 4 << 30


DEFAULT_LIMITS = Limits()


def read_events(
    path: str,
    limits: Limits = DEFAULT_LIMITS,
    *,
    time_field: str = TIME_FIELD,
    tiebreak_field: str = TIEBREAK_FIELD,
) -> Iterator[Event]:
    """The events of a file in its order, `-` for stdin; ids are `_id` or positions. Two fields say when they happened.

    Raises ConfigurationError, with line, for a file that is absent, not JSON, or larger than the limits allow.
    """
    for position, (line, document) in enumerate(read_documents(path, limits)):
        try:
            yield event_of(document, position, time_field=time_field, tiebreak_field=tiebreak_field)
        except RecursionError:
            _fail("events-too-deep", "the document is nested too deeply", path, line)


def read_documents(path: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[int, dict[str, object]]]:
    """The JSON objects of a file, each with the line it stands on (in an array: the array's)."""
    try:
        with ExitStack() as stack:
            for stream in _streams(path, stack):
                yield from _Text(path, stream, limits).documents()
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _fail("events-unreadable", f"the event file cannot be read: {reason}", path, 1)


def _streams(path: str, stack: ExitStack) -> Iterator[IO[bytes]]:
    """The plain byte streams inside a file: itself, its decompressed content, or the members of an archive."""
    raw = stack.enter_context(_opened(path))
    start = raw.peek(4)
    if start.startswith(_GZIP):
        yield stack.enter_context(cast(AbstractContextManager[IO[bytes]], gzip.GzipFile(fileobj=raw)))
    elif start.startswith(_ZIP):
        if not raw.seekable():
            _fail("events-unreadable", "a zip archive cannot be read from a pipe", path, 1)
        yield from _members(path, stack.enter_context(zipfile.ZipFile(raw)))
    else:
        yield raw


def _opened(path: str) -> AbstractContextManager[BufferedReader]:
    if path == STDIN:
        return nullcontext(cast(BufferedReader, sys.stdin.buffer))
    return Path(path).open("rb")


def _members(path: str, archive: zipfile.ZipFile) -> Iterator[IO[bytes]]:
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        try:
            stream = archive.open(entry)
        except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed by a method Python does not know
            _fail("events-unreadable", f"{entry.filename} cannot be unpacked: {error}", path, 1)
        with stream:
            yield stream


class _Text:
    """One plain stream: counts lines and bytes, tells NDJSON from an array by the first character."""

    def __init__(self, path: str, stream: IO[bytes], limits: Limits) -> None:
        self.path = path
        self.stream = stream
        self.limits = limits
        self.line = 0
        self.read = 0

    def documents(self) -> Iterator[tuple[int, dict[str, object]]]:
        begun = False
        for raw in self._lines():
            text = raw.strip()
            if text.startswith(b"[") and not begun:
                yield from self._array(self.line, raw)
            elif text:
                yield self.line, self._object(self._load(text, self.line), self.line)
            begun = begun or bool(text)

    def _lines(self) -> Iterator[bytes]:
        while raw := self.stream.readline(self.limits.line + 1):
            self.line += 1
            self.read += len(raw)
            if len(raw) > self.limits.line:
                _fail("events-too-large", f"one line is longer than {self.limits.line} bytes", self.path, self.line)
            if self.read > self.limits.total:
                _fail("events-too-large", f"the file holds more than {self.limits.total} bytes", self.path, self.line)
            yield raw.removeprefix(_BOM) if self.line == 1 else raw

    def _array(self, first: int, start: bytes) -> Iterator[tuple[int, dict[str, object]]]:
        """The objects of an array that begins on line `first` and is all that follows."""
        parts = [start]
        size = len(start)
        for raw in self._lines():
            size += len(raw)
            if size > self.limits.array:
                what = f"an array of events may have {self.limits.array} bytes; larger files are NDJSON"
                _fail("events-too-large", what, self.path, self.line)
            parts.append(raw)
        values = self._load(b"".join(parts), first)
        for value in values if isinstance(values, list) else [values]:
            yield first, self._object(value, first)

    def _load(self, raw: bytes, first: int) -> object:
        try:
            return json.loads(raw.decode("utf-8"), parse_constant=self._constant)
        except UnicodeDecodeError as error:
            _fail("events-not-utf-8", "the event file is not UTF-8", self.path, first, error.start + 1)
        except json.JSONDecodeError as error:
            what = f"the text is not JSON: {error.msg}"
            _fail("events-not-json", what, self.path, first + error.lineno - 1, error.colno)
        except ValueError:  # an integer of more digits than Python reads
            _fail("events-not-json", "a number has too many digits", self.path, first)
        except RecursionError:
            _fail("events-too-deep", "the document is nested too deeply", self.path, first)

    def _constant(self, name: str) -> Never:
        _fail("events-not-json", f"{name} is not JSON", self.path, self.line)

    def _object(self, value: object, line: int) -> dict[str, object]:
        if not isinstance(value, dict):
            _fail("events-not-objects", "an event is a JSON object", self.path, line)
        return value


def _fail(code: str, what: str, path: str, line: int, column: int = 1) -> Never:
    raise ConfigurationError(code, what, place=Place(path, line, column))
