"""Where artifacts go: names that never meet, nothing outside the output folder, files written whole or not at all."""

import hashlib
import os
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from converter.backend import Artifact
from converter.errors import ConfigurationError, Place
from converter.names import slug
from converter.rule import Rule

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")

_LONGEST = 200
"""Bytes of a name without suffix and hash; file systems take 255 for all of it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An artifact on its way to a file.

    `folder` is the target's; `source` is the source's path relative to the PATH argument it was found by, without
    suffix; `shared` says that the source file holds several rules.
    """

    rule: Rule
    artifact: Artifact
    folder: str
    source: PurePosixPath
    shared: bool


def plan(artifacts: Sequence[Planned]) -> list[PurePosixPath]:
    """A path below the output folder for every artifact, in order (docs/cli.md, "Names of files").

    Paths that would meet, also on a file system that ignores case, get a short hash of the rule id, and where that is
    not enough one of the source.
    """
    paths = [_path(item, "") for item in artifacts]
    for marker in (_rule_marker, _source_marker):
        meeting = {key for key, count in Counter(map(_key, paths)).items() if count > 1}
        paths = [
            _path(item, marker(item, position)) if _key(path) in meeting else path
            for position, (item, path) in enumerate(zip(artifacts, paths, strict=True))
        ]
    return paths


def write(folder: Path, path: PurePosixPath, text: str) -> Path:
    """Writes a file below the folder and returns its path.

    Raises ConfigurationError: `output-outside` where a link leads out of the folder, `output-unwritable`.
    """
    file = folder / path
    if not Path(os.path.realpath(file.parent)).is_relative_to(os.path.realpath(folder)):
        raise ConfigurationError("output-outside", "a link leads out of the output folder", place=Place(str(file)))
    write_whole(file, text)
    return file


def write_whole(file: Path, text: str) -> None:
    """Writes a file by way of a temporary one beside it, so that nobody ever sees half of it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".ruleport-")
    except OSError as error:
        raise _unwritable(file, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unwritable(file, error) from error


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _path(item: Planned, marker: str) -> PurePosixPath:
    artifact = item.artifact
    parts = [
        _component(item.source.name),
        slug(item.rule.name) if item.shared else "",
        _component(artifact.part) if artifact.part else "",
        marker,
    ]
    name = _short("-".join(part for part in parts if part)) + artifact.suffix
    folders = [_component(part) for part in item.source.parts[:-1]]
    return PurePosixPath(item.folder, *folders, name)


def _short(name: str) -> str:
    """The name itself, or as much of it as file systems take, told apart by a hash of the whole."""
    encoded = name.encode("utf-8", "surrogateescape")
    if len(encoded) <= _LONGEST:
        return name
    return f"{encoded[:_LONGEST].decode('utf-8', 'ignore')}-{_short_hash(name)}"


def _component(name: str) -> str:
    """One component of a path: no separators, no way up, nothing that a terminal or another system reads as more."""
    safe = _UNSAFE.sub("_", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")).strip(" ")
    return safe if safe.strip(".") else "_"


def _rule_marker(item: Planned, position: int) -> str:
    return _short_hash(item.rule.rule_id or item.rule.name)


def _source_marker(item: Planned, position: int) -> str:
    return _short_hash(f"{item.rule.rule_id}\0{item.rule.origin.path}\0{item.rule.origin.index}\0{position}")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _key(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _unwritable(file: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError("output-unwritable", error.strerror or "cannot be written", place=Place(str(file)))
