"""Source files as text: bounded in size, decoded as UTF-8, with a diagnostic for everything that is no text."""

import stat
import sys
from pathlib import Path
from typing import BinaryIO

from converter.errors import Place, RuleError

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of one file. An export of all of Elastic's rules has 25 MB."""

STDIN = "-"

_BYTE_ORDER_MARK = "\ufeff"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED = 8192


def source_text(path: str) -> str:
    """The text of a file, or of stdin for `-`, without byte order mark and with `\\n` line ends.

    Raises RuleError as `source_bytes` and `decoded` do.
    """
    return decoded(source_bytes(path), path)


def source_bytes(path: str) -> bytes:
    """The content of a file, or of stdin for `-`.

    Raises RuleError: `file-missing`, `file-unreadable`, `file-too-large`. No more than the limit is ever read, whatever
    the file claims to be.
    """
    try:
        if path == STDIN:
            return _limited(sys.stdin.buffer, path)
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            raise RuleError("file-unreadable", "this is a folder", place=Place(path), expected="a file")
        if status.st_size > SIZE_LIMIT:
            raise _too_large(path)
        with Path(path).open("rb") as stream:
            return _limited(stream, path)
    except FileNotFoundError as error:
        raise RuleError("file-missing", "there is no such file or folder", place=Place(path)) from error
    except OSError as error:
        raise RuleError("file-unreadable", error.strerror or "cannot be read", place=Place(path)) from error


def decoded(content: bytes, path: str, *, lenient: bool = False) -> str:
    """The bytes as text, without byte order mark and with `\\n` line ends.

    Raises RuleError: `file-binary`, `file-encoding`. Where `lenient`, bytes that are no UTF-8 come as lone surrogates:
    the reader says which lines they spoil.
    """
    if content.startswith(_UTF16_MARKS):
        raise RuleError("file-encoding", "the text is UTF-16", place=Place(path), expected="UTF-8")
    nul = content.find(b"\0", 0, _SNIFFED)
    if nul >= 0:
        raise RuleError("file-binary", f"a NUL byte at offset {nul}: this is no text", place=Place(path))
    try:
        text = content.decode("utf-8", "surrogateescape" if lenient else "strict")
    except UnicodeDecodeError as error:
        raise _wrong_encoding(content, error, path) from error
    return text.removeprefix(_BYTE_ORDER_MARK).replace("\r\n", "\n")


def _limited(stream: BinaryIO, path: str) -> bytes:
    content = stream.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise _too_large(path)
    return content


def _too_large(path: str) -> RuleError:
    return RuleError(
        "file-too-large",
        f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MB",
        place=Place(path),
        advice="split it, if it really holds rules",
    )


def _wrong_encoding(content: bytes, error: UnicodeDecodeError, path: str) -> RuleError:
    """Points at the first byte that is not UTF-8."""
    before = content[: error.start].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    line_start = before.rfind("\n") + 1
    after = content[error.start : error.start + 80].decode("utf-8", "replace")
    return RuleError(
        "file-encoding",
        f"byte 0x{content[error.start]:02x} is not UTF-8",
        place=Place(path, before.count("\n") + 1, len(before) - line_start + 1),
        advice="save the file as UTF-8",
        excerpt=(before[line_start:] + after).split("\n", 1)[0],
    )
