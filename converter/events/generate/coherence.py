"""Documents that agree with themselves: setting one of several related fields sets the others."""

import re
from collections.abc import Iterable

from converter.events.event import Scalar
from converter.events.generate.claim import Document
from converter.schema.relation import CommandLine, PathParts, RegistryPath, Relation

_ELEMENT = re.compile(r'"([^"]*)"|(\S+)')


def split_arguments(line: str) -> list[str]:
    """Elements of a command line: separated by white space, double quotes keep it together."""
    return [quoted or bare for quoted, bare in _ELEMENT.findall(line)]


def join_arguments(args: list[str]) -> str:
    """A command line for the elements: those with white space, and empty ones, in double quotes."""
    return " ".join(f'"{element}"' if not element or re.search(r"\s", element) else element for element in args)


def separator(path: str) -> str:
    """The separator that the path uses; a slash if it has none."""
    return "\\" if "\\" in path else "/"


def having(relation: Relation, document: Document, field: str, value: Scalar) -> Document:
    """The related fields of a document in which `field` has this one value and the others follow from it."""
    match relation:
        case PathParts():
            return _tidy(relation.parts(_path(relation, document, field, str(value))))
        case RegistryPath():
            return _tidy(relation.parts(_registry_path(relation, document, field, str(value))))
        case CommandLine():
            return _command(relation, document, field, value)


def having_arguments(relation: CommandLine, args: list[str]) -> Document:
    """The related fields of a command line of these elements."""
    return {relation.line: join_arguments(args), relation.args: list(args), relation.count: len(args)}


def agrees(relation: Relation, document: Document) -> bool:
    """The related fields of the document say the same thing, as far as they have values."""
    present = {name: document[name] for name in relation.fields if document.get(name) not in (None, [])}
    match relation:
        case CommandLine(line, args, count):
            elements = present.get(args)
            if elements is not None and count in present and present[count] != len(_listed(elements)):
                return False
            return line not in present or elements is None or _is_line_of(str(present[line]), _listed(elements))
        case PathParts(path) | RegistryPath(path):
            if not isinstance(present.get(path), str):
                return path not in present
            whole = _tidy(relation.parts(str(present[path])))
            return all(whole.get(name) == value for name, value in present.items())


def _is_line_of(line: str, elements: list[object]) -> bool:
    return split_arguments(line) == elements or line == posix_line(elements)


def posix_line(elements: Iterable[object]) -> str:
    """The command line that sensors of Linux and macOS make of the elements: nothing is quoted."""
    return " ".join(map(str, elements))


def _path(relation: PathParts, document: Document, field: str, value: str) -> str:
    path = str(document.get(relation.path, ""))
    parts = _tidy(relation.parts(path))
    mark = separator(path)
    name = str(parts.get(relation.name, ""))
    stem = path[: len(path) - len(name)]
    if field == relation.path:
        return value
    if field == relation.name:
        return stem + value
    if field == relation.directory:
        return value.rstrip(separator(value)) + (separator(value) if separator(value) in value else mark) + name
    before, dot, _ = name.rpartition(".")
    return f"{stem}{before if dot and before else name or 'x'}.{value}"


def _registry_path(relation: RegistryPath, document: Document, field: str, value: str) -> str:
    parts = _tidy(relation.parts(str(document.get(relation.path, "HKLM\\SOFTWARE\\Sample\\Value"))))
    if field == relation.path:
        return value
    parts[field] = value
    return "\\".join(str(parts.get(name, "x")) for name in (relation.hive, relation.key, relation.value))


def _command(relation: CommandLine, document: Document, field: str, value: Scalar) -> Document:
    if field == relation.line:
        args = split_arguments(str(value))
        return {relation.line: str(value), relation.args: args, relation.count: len(args)}
    args = [str(element) for element in _listed(document.get(relation.args, ["sample"]))]
    if field == relation.args:
        return having_arguments(relation, [*args[:1], str(value)])
    if isinstance(value, int | float) and 0 < value <= 10_000:
        count = int(value)
        padded = args[:count] + [f"-{number}" for number in range(len(args), count)]
        return having_arguments(relation, padded)
    return {**having_arguments(relation, args), relation.count: value}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _tidy(parts: dict[str, tuple[Scalar, ...]]) -> Document:
    """Single values as such; parts that a path does not have are left out."""
    return {name: values[0] for name, values in parts.items() if values}
