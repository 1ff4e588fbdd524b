"""YAML from strangers: documents read safely, with bounds on size, depth and alias expansion, and no key twice.

PyYAML alone keeps the last of two equal keys without a word, and expands aliases to aliases without end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

MAX_DEPTH = 40
MAX_NODES = 100_000


class YamlTextError(Exception):
    """The text is not YAML that is read here; `line` and `column` are 1-based."""

    def __init__(self, what: str, line: int = 1, column: int = 1) -> None:
        super().__init__(what)
        self.what = what
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text: its content, and where it and each of its top-level keys begin (1-based lines)."""

    content: object
    line: int
    key_lines: dict[str, int]


def read_documents(text: str, max_characters: int) -> list[Document]:
    """The documents of a YAML text, empty ones left out. Raises YamlTextError for bad syntax, two equal keys, keys
    that are no plain words, and a size, a nesting or an expansion of aliases beyond reason."""
    if len(text) > max_characters:
        raise YamlTextError(f"the file has more than {max_characters:,} characters")
    try:
        _check_depth(text)
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        return [_document(node) for node in nodes if not _is_empty(node)]
    except yaml.MarkedYAMLError as error:
        raise _at(error.problem_mark, error.problem or "the file is not YAML") from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlTextError(f"the file is not YAML: {error}") from error


def _document(node: yaml.Node) -> Document:
    _check_size(node)
    content: object = yaml.constructor.SafeConstructor().construct_document(node)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return Document(content, node.start_mark.line + 1, {key.value: key.start_mark.line + 1 for key, _ in pairs})


def _is_empty(node: yaml.Node | None) -> bool:
    return node is None or (isinstance(node, yaml.ScalarNode) and node.value == "")


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _at(event.start_mark, f"nested more than {MAX_DEPTH} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_size(root: yaml.Node) -> None:
    """Counts nodes as if every alias were written out, and refuses aliases to what they stand in and equal keys."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        if id(node) in open_nodes:
            raise _at(node.start_mark, "an alias stands inside what it names")
        if id(node) not in sizes:
            open_nodes.add(id(node))
            sizes[id(node)] = 1 + sum(size(child) for child in _children(node))
            open_nodes.discard(id(node))
            _check_keys(node)
        if sizes[id(node)] > MAX_NODES:
            raise _at(node.start_mark, f"aliases expand to more than {MAX_NODES:,} values")
        return sizes[id(node)]

    size(root)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value


def _check_keys(node: yaml.Node) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _at(key.start_mark, "a key is not a plain word")
        if key.value in seen:
            raise _at(key.start_mark, f"the key `{key.value}` stands here twice")
        seen.add(key.value)


class _Mark(Protocol):
    line: int
    column: int


def _at(mark: _Mark | None, what: str) -> YamlTextError:
    return YamlTextError(what) if mark is None else YamlTextError(what, mark.line + 1, mark.column + 1)
