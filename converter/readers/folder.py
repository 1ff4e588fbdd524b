"""Rules of a path: a file, a folder, an archive, or stdin; whatever cannot be read is a raw rule with its error."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath

from converter.errors import Place, RuleError
from converter.readers import archive
from converter.readers.container import SUFFIXES, Container, container_of
from converter.readers.reading import Reading, Skipped, failed, joined
from converter.readers.source import STDIN, decoded, source_bytes
from converter.readers.text_file import read_text_file
from converter.rule import RawRule

_SEARCH_BODY = ".dsl"
"""What a search body's suffix, `.dsl.json`, has more than one of JSON."""

_NO_RULES = frozenset({"export-without-rules", "archive-without-rules"})
"""Errors of files that are sound and hold something else than rules."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file, or a member of an archive: the path that people see, its name, and what reads it."""

    path: str
    name: str
    content: Callable[[], bytes]
    in_archive: bool = False

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """The name of a rule that has none: the file's, without suffix."""
        return PurePath(archive.plain_name(self.name)).stem.removesuffix(_SEARCH_BODY) or self.path


def read(path: str | Path, language: str | None = None) -> list[RawRule]:
    """The rules of a file, a folder, an archive or stdin (`-`). Never raises for what is in there: see RawRule.error.

    `language` (`eql`, `kuery`) says what text without any other sign is.
    """
    return list(scan(path, language).rules)


def scan(path: str | Path, language: str | None = None) -> Reading:
    """The same, with the files that were passed over and what is doubtful about others.

    A file that is named is a rule or an error. In a folder or an archive, files with a suffix of rules are too, except
    for JSON that is sound and of another kind; others count only if their content is a rule's. Hidden files and folders
    are left out, and links to folders are not followed.
    """
    name = os.fspath(path)
    if name == STDIN or not Path(name).is_dir():
        return _named(_file(name), language)
    reading = joined(_found(_file(str(file)), language) for file in _files(Path(name)))
    if reading.rules:
        return reading
    error = RuleError("folder-empty", "there are no rules in this folder", place=Place(name))
    return joined([reading, failed(error, name, Path(name).stem or name)])


def _file(path: str) -> _File:
    return _File(path, "stdin" if path == STDIN else Path(path).name, partial(source_bytes, path))


def _files(folder: Path) -> Iterator[Path]:
    """All regular files and links below a folder, sorted by path."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(Path(parent, name) for name in names if not name.startswith("."))
    yield from (path for path in sorted(found) if path.is_symlink() or path.is_file())


def _named(file: _File, language: str | None) -> Reading:
    """A file that somebody asked for: rules or an error."""
    try:
        return _read(file, file.content(), language)
    except RuleError as error:
        return failed(error, file.path, file.stem)


def _found(file: _File, language: str | None) -> Reading:
    """A file of a folder or archive: rules, an error, or nothing."""
    try:
        content = file.content()
        if file.suffix not in SUFFIXES and (reason := _no_rule(file, content)):
            return Reading(skipped=(Skipped(file.path, reason),))
        return _read(file, content, language)
    except RuleError as error:
        if error.code in _NO_RULES:
            return Reading(skipped=(Skipped(file.path, error.what),))
        return failed(error, file.path, file.stem)


def _no_rule(file: _File, content: bytes) -> str | None:
    """Why a file without a suffix of rules is passed over, None if it holds a rule after all."""
    if archive.is_archive(content):
        return "an archive of another kind, or without the suffix of its kind"
    try:
        known = container_of(decoded(content, file.path), file.suffix)
    except RuleError as error:
        return error.what
    return None if known else "no form of rule that is known"


def _read(file: _File, content: bytes, language: str | None) -> Reading:
    """The rules of a file's content. Raises RuleError for what cannot be read at all."""
    if archive.is_archive(content):
        if file.in_archive:
            raise RuleError(
                "archive-nested",
                "an archive inside an archive is not read",
                place=Place(file.path),
                advice="unpack the outer one and name the folder",
            )
        inside = archive.unpacked(content, file.path)
        if not isinstance(inside, bytes):
            return _archive(file, inside, language)
        content = inside
    suffix = PurePath(archive.plain_name(file.name)).suffix.lower()
    return read_text_file(_text(content, file.path, suffix), file.path, file.stem, suffix, language)


def _text(content: bytes, path: str, suffix: str) -> str:
    """The content as text. An export may have lines that are none, which its reader tells."""
    try:
        return decoded(content, path)
    except RuleError:
        text = decoded(content, path, lenient=True)
        if container_of(text, suffix) is not Container.EXPORT:
            raise
        return text


def _archive(file: _File, members: list[archive.Member], language: str | None) -> Reading:
    """The rules of all members, up to the one that is too much."""
    readings = []
    for member in members:
        path = f"{file.path}!{member.name}"
        if member.skipped is not None:
            readings.append(Reading(skipped=(Skipped(path, member.skipped),)))
            continue
        reading = _found(_File(path, PurePath(member.name).name, member.content, in_archive=True), language)
        readings.append(reading)
        if any(raw.error and raw.error.code == "archive-too-large" for raw in reading.rules):
            break
    whole = joined(readings)
    if not whole.rules:
        raise RuleError("archive-without-rules", "there are no rules in this archive", place=Place(file.path))
    return replace(whole, rules=tuple(_of_member(raw, file.path) for raw in whole.rules))


def _of_member(raw: RawRule, path: str) -> RawRule:
    return replace(raw, origin=replace(raw.origin, archive=path))
