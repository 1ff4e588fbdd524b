"""Archives of rules: zip, tar and what gzip and bzip2 pack, unpacked in memory and within bounds.

Nothing is ever written, so that a member's path is a name and nothing else. An archive is read like the folder it was
made of: hidden members are left out, links are not followed.
"""

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import NoReturn

from converter.errors import Place, RuleError

MEMBER_LIMIT = 50_000
UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes of all members together."""

RATIO_LIMIT = 200
"""Bytes that one packed byte may come to, once there are more than `_RATIO_FREE` of them. Rules pack 5 to 30 times."""

_RATIO_FREE = 16 * 1024 * 1024
_STEP = 1024 * 1024
_BLOCK = 512
_TAR_MAGIC = slice(257, 262)
_ZIP_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 1
"""The bit of a zip entry's flags."""

_LINK = "a link, which is not followed"

_PACKED = (b"\x1f\x8b", b"BZh")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER = {
    b"\xfd7zXZ\x00": "an xz file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x28\xb5\x2f\xfd": "a zstd file",
}
_PACKED_SUFFIXES = (".gz", ".bz2")
SUFFIXES = frozenset({".zip", ".tar", ".tgz", ".tbz2", *_PACKED_SUFFIXES})

_BROKEN = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    RuntimeError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the standard library raises for archives that are damaged, or made to do damage."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive. `content` reads it, and raises RuleError; `skipped` says why it is passed over."""

    name: str
    content: Callable[[], bytes]
    skipped: str | None = None


def is_archive(content: bytes) -> bool:
    """Whether the bytes are an archive or packed, by their first ones."""
    return content.startswith((*_ZIP, *_PACKED, *_OTHER)) or content[_TAR_MAGIC] == b"ustar"


def unpacked(content: bytes, path: str) -> bytes | list[Member]:
    """The members of an archive in the order of their names, or what a file that is merely packed holds.

    Raises RuleError: `archive-broken`, `archive-encrypted`, `archive-format`, `archive-too-large`.
    """
    for magic, form in _OTHER.items():
        if content.startswith(magic):
            raise _wrong_format(f"this is {form}", path)
    budget = _Budget(path, len(content))
    try:
        if content.startswith(_PACKED):
            content = budget.read(_unpacking(content).read)
            if content[_TAR_MAGIC] != b"ustar":
                return content
        if content.startswith(_ZIP):
            return _in_order(_zip_members(content, budget))
        return _in_order(_tar_members(content, budget))
    except _BROKEN as error:
        raise _broken(error, path) from error


def plain_name(name: str) -> str:
    """A file's name without the suffix of what packed it."""
    suffix = PurePosixPath(name).suffix
    return name.removesuffix(suffix) if suffix.lower() in _PACKED_SUFFIXES else name


def stem_of(name: str) -> str:
    """A file's name without its suffix, and without that of an archive before it: `rules` for `rules.tar.gz`."""
    return str(PurePosixPath(plain_name(name)).with_suffix(""))


@dataclass
class _Budget:
    """What an archive may still unpack to."""

    path: str
    packed: int
    spent: int = 0

    def read(self, read: Callable[[int], bytes]) -> bytes:
        """All of a stream. Raises RuleError `archive-too-large` as soon as it is more than the archive may hold."""
        parts = []
        while part := read(_STEP):
            parts.append(part)
            self.spent += len(part)
            if self.spent > UNPACKED_LIMIT:
                self._refuse(f"it holds more than {UNPACKED_LIMIT // 1024 // 1024} MB")
            if self.spent > _RATIO_FREE and self.spent > RATIO_LIMIT * self.packed:
                self._refuse(f"it unpacks to more than {RATIO_LIMIT} times its size")
        return b"".join(parts)

    def count(self, members: int) -> None:
        """Raises RuleError `archive-too-large` for too many members."""
        if members > MEMBER_LIMIT:
            self._refuse(f"it has more than {MEMBER_LIMIT} members")

    def _refuse(self, what: str) -> NoReturn:
        advice = "unpack it and name the folder, if it really holds rules"
        raise RuleError("archive-too-large", f"the archive is not read: {what}", place=Place(self.path), advice=advice)


def _unpacking(content: bytes) -> io.BufferedIOBase:
    stream = io.BytesIO(content)
    return bz2.BZ2File(stream) if content.startswith(b"BZh") else gzip.GzipFile(fileobj=stream)


# --- zip -----------------------------------------------------------------------------------------------------------


def _zip_members(content: bytes, budget: _Budget) -> Iterator[Member]:
    # Counted before the directory is read, which makes an object of every entry.
    budget.count(content.count(_ZIP_ENTRY))
    archive = zipfile.ZipFile(io.BytesIO(content))
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        what = "the archive is encrypted"
        raise RuleError("archive-encrypted", what, place=Place(budget.path), advice="unpack it and name the folder")
    for entry in entries:
        link = stat.S_ISLNK(entry.external_attr >> 16)
        yield Member(entry.filename, partial(_zip_content, archive, entry, budget), _LINK if link else None)


def _zip_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    path = f"{budget.path}!{entry.filename}"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _wrong_format("a member that is packed in another way than zip's usual one", path)
    try:
        with archive.open(entry) as stream:
            return budget.read(stream.read)
    except _BROKEN as error:
        raise _broken(error, path) from error


# --- tar -----------------------------------------------------------------------------------------------------------


def _tar_members(content: bytes, budget: _Budget) -> Iterator[Member]:
    archive = tarfile.TarFile(fileobj=io.BytesIO(content), errors="surrogateescape")
    position = -1
    count = 0
    while entry := archive.next():
        count += 1
        budget.count(count)
        if entry.size < 0 or archive.offset <= position:
            raise tarfile.ReadError("a member of negative size")
        position = archive.offset
        if entry.isreg():
            yield Member(entry.name, partial(_tar_content, archive, entry, budget))
        elif not entry.isdir():
            yield Member(entry.name, bytes, _LINK if entry.issym() or entry.islnk() else "no regular file")
    # Damage behind the first member ends the iteration without a word; so does a cut between two members.
    if content[archive.offset : archive.offset + _BLOCK].strip(b"\0") or archive.offset + _BLOCK > len(content):
        raise tarfile.ReadError("the end of the archive is missing")


def _tar_content(archive: tarfile.TarFile, entry: tarfile.TarInfo, budget: _Budget) -> bytes:
    try:
        stream = archive.extractfile(entry)
        return budget.read(stream.read) if stream else b""
    except _BROKEN as error:
        raise _broken(error, f"{budget.path}!{entry.name}") from error


# --- both ----------------------------------------------------------------------------------------------------------


def _in_order(members: Iterator[Member]) -> list[Member]:
    """Visible members by their paths, as a folder's files are; of several with one name the last one counts, as it does
    when the archive is unpacked."""
    last: dict[str, Member] = {}
    earlier = []
    for member in members:
        path = PurePosixPath(member.name)
        if any(part.startswith(".") and part != ".." for part in path.parts):
            continue
        name = str(path) if path.parts else "unnamed"
        if name in last:
            earlier.append(replace(last[name], skipped="a later member of the archive has the same name"))
        last[name] = replace(member, name=name)
    return sorted([*earlier, *last.values()], key=lambda member: PurePosixPath(member.name).parts)


def _broken(error: BaseException, path: str) -> RuleError:
    said = str(error).split("\n", 1)[0] or type(error).__name__
    return RuleError("archive-broken", f"the archive is damaged or cut off: {said:.200}", place=Place(path))


def _wrong_format(what: str, path: str) -> RuleError:
    return RuleError("archive-format", what, place=Place(path), expected="zip, tar, gzip or bzip2")
