"""Rules of a path: a file, a folder, or stdin; whatever cannot be read is a raw rule with its error."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from converter.errors import Place, RuleError
from converter.readers.container import LANGUAGES, SUFFIXES, Container, container_of
from converter.readers.page import read_page
from converter.readers.query_text import read_text
from converter.readers.source import STDIN, source_text
from converter.readers.toml_file import read_toml
from converter.rule import Origin, RawRule

_SEARCH_BODY = ".dsl"
"""What a search body's suffix, `.dsl.json`, has more than one of JSON."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder that does not look like a rule: nothing that anyone asked to convert."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a path holds, in the order of its files."""

    rules: tuple[RawRule, ...]
    skipped: tuple[Skipped, ...] = ()


def read(path: str | Path, language: str | None = None) -> list[RawRule]:
    """The rules of a file, a folder or stdin (`-`). Never raises for what is in there: see RawRule.error.

    `language` (`eql`, `kuery`) says what text without any other sign is.
    """
    return list(scan(path, language).rules)


def scan(path: str | Path, language: str | None = None) -> Reading:
    """The same, with the files that were passed over.

    A file that is named is a rule or an error. In a folder, files with a suffix of rules are too; others count only if
    their content is a rule's. Hidden files and folders are left out, and links to folders are not followed.
    """
    name = os.fspath(path)
    if name == STDIN or not Path(name).is_dir():
        return Reading((_raw_rule(name, language),))
    rules: list[RawRule] = []
    skipped: list[Skipped] = []
    for found in _files(Path(name)):
        if found.suffix.lower() in SUFFIXES:
            rules.append(_raw_rule(str(found), language))
        elif reason := _no_rule(found):
            skipped.append(Skipped(str(found), reason))
        else:
            rules.append(_raw_rule(str(found), language))
    if not rules:
        error = RuleError("folder-empty", "there are no rules in this folder", place=Place(name))
        rules.append(_failed(name, error))
    return Reading(tuple(rules), tuple(skipped))


def _files(folder: Path) -> Iterator[Path]:
    """All regular files and links below a folder, sorted by path."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.extend(Path(parent, name) for name in names if not name.startswith("."))
    yield from (path for path in sorted(found) if path.is_symlink() or path.is_file())


def _no_rule(path: Path) -> str | None:
    """Why a file without a suffix of rules is passed over, None if it holds a rule after all."""
    try:
        known = container_of(source_text(str(path)), path.suffix)
    except RuleError as error:
        return error.what
    return None if known else "no form of rule that is known"


def _raw_rule(path: str, language: str | None) -> RawRule:
    try:
        return _read_text(source_text(path), path, language)
    except RuleError as error:
        return _failed(path, error)


def _failed(path: str, error: RuleError) -> RawRule:
    return RawRule(Origin(path, query=Place(path)), {"name": _stem(path)}, error=error)


def _stem(path: str) -> str:
    """The name of a rule that has none: the file's, without suffix."""
    if path == STDIN:
        return "stdin"
    return Path(path).stem.removesuffix(_SEARCH_BODY) or path


def _read_text(text: str, path: str, language: str | None) -> RawRule:
    container = container_of(text, "" if path == STDIN else Path(path).suffix)
    if container in (Container.TOML, Container.PAGE, Container.EXPORT, Container.SIGMA) or language is None:
        return _read_container(container, text, path)
    return read_text(text, language, _stem(path), path)


def _read_container(container: Container | None, text: str, path: str) -> RawRule:
    match container:
        case Container.TOML:
            return read_toml(text, path)
        case Container.PAGE:
            return read_page(text, path)
        case Container.EQL | Container.KUERY | Container.DSL:
            return read_text(text, LANGUAGES[container], _stem(path), path)
        case Container.EXPORT:
            raise RuleError("export-unsupported", "this is JSON: Kibana's exports are not read yet", place=Place(path))
        case Container.SIGMA:
            raise RuleError("sigma-unsupported", "this is a Sigma rule: these are not read yet", place=Place(path))
        case None:
            raise RuleError(
                "rule-unrecognised",
                "this is no form of rule that is known",
                place=Place(path),
                expected="a TOML rule file, a saved rule page or a query",
                advice="name a query's language with --from",
            )
