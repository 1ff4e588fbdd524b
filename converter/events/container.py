"""The byte streams inside an event file: itself, its decompressed content, or the members of an archive."""

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from converter.errors import ConfigurationError, Place

STDIN = "-"
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a stream raises if the file cannot be opened, or is cut off or damaged."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for, in bytes: one line, one JSON array. What is packed may grow `expansion`-fold, once
    it has grown to `expanded` bytes; logs shrink to a tenth, bombs to a thousandth."""

    line: int = 16 << 20
    array: int = 128 << 20
    expanded: int = 16 << 20
    expansion: int = 250


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class Plain:
    """One stream of plain text; `packed` says how many packed bytes it was made of so far, None if it was not."""

    stream: IO[bytes]
    packed: Callable[[], int] | None = None


def plain_streams(path: str, content: IO[bytes] | None = None) -> Iterator[Plain]:
    """The streams of a file one after the other, `-` for stdin; each has to be read before the next is asked for.
    `content` is read in place of what the path leads to.

    Raises an error of `DAMAGE` for what cannot be opened or unpacked, and ConfigurationError `events-unreadable` for an
    archive that is not made to be read like that."""
    with ExitStack() as stack:
        raw = stack.enter_context(_opened(path, content))
        start = raw.peek(4)[:4]
        if start.startswith(_GZIP):
            yield _unzipped(raw, stack)
        elif start in {_ZIP, _EMPTY_ZIP}:
            yield from _members(path, raw, stack)
        else:
            yield Plain(raw)


def unreadable(path: str, what: str) -> ConfigurationError:
    return ConfigurationError("events-unreadable", what, place=Place(path))


def _opened(path: str, content: IO[bytes] | None) -> AbstractContextManager[BufferedReader]:
    if content is not None:
        content.seek(0)
        return nullcontext(cast(BufferedReader, content))
    if path == STDIN:
        return nullcontext(cast(BufferedReader, sys.stdin.buffer))
    return Path(path).open("rb")


def _unzipped(raw: BufferedReader, stack: ExitStack) -> Plain:
    counted = _Counted(raw)
    unpacked = stack.enter_context(gzip.GzipFile(fileobj=BufferedReader(counted)))
    return Plain(_buffered(unpacked), lambda: counted.count)


def _buffered(stream: object) -> IO[bytes]:
    """Lines are found in a buffer: the streams of packed files find them byte by byte."""
    return BufferedReader(cast(io.RawIOBase, stream))


class _Counted(io.RawIOBase):
    """Counts the bytes that are read through it."""

    def __init__(self, inner: BufferedReader) -> None:
        super().__init__()
        self._inner = inner
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        size = self._inner.readinto1(buffer)
        self.count += size
        return size


def _members(path: str, raw: BufferedReader, stack: ExitStack) -> Iterator[Plain]:
    if not raw.seekable():
        raise unreadable(path, "a zip archive cannot be read from a pipe")
    archive = stack.enter_context(zipfile.ZipFile(raw))
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        try:
            stream = archive.open(entry)
        except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed by a method Python does not know
            raise unreadable(path, f"{entry.filename} cannot be unpacked: {error}") from error
        with stream:
            yield Plain(_buffered(stream), partial(int, entry.compress_size))
