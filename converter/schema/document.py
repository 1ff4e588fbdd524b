"""YAML files that a user may hand us: read safely, with bounds on size, depth and alias expansion."""

from collections.abc import Iterator
from typing import Protocol

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: ten times slower, and as safe
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

from converter.errors import ConfigurationError, Place

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000


def read_document(text: str, path: str) -> dict[str, object]:
    """The mapping that a YAML text holds. Raises ConfigurationError (`profile-syntax`) for anything else: bad syntax,
    two equal keys, a nesting or an expansion of aliases beyond reason."""
    if len(text) > MAX_BYTES:
        raise _error(f"the file has more than {MAX_BYTES:,} characters", Place(path))
    try:
        _check_depth(text, path)
        node = yaml.compose(text, Loader=Loader)
        if not isinstance(node, yaml.MappingNode):
            raise _error("the file holds no mapping", Place(path))
        _check_size(node, path)
        document: dict[str, object] = yaml.constructor.SafeConstructor().construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise _error(error.problem or "the file is not YAML", _place(path, error.problem_mark)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise _error(f"the file is not YAML: {error}", Place(path)) from error
    return document


def _check_depth(text: str, path: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _error(f"nested more than {MAX_DEPTH} levels deep", _place(path, event.start_mark))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_size(root: yaml.Node, path: str) -> None:
    """Counts nodes as if every alias were written out, and refuses aliases to what they stand in and equal keys."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        if id(node) in open_nodes:
            raise _error("an alias stands inside what it names", _place(path, node.start_mark))
        if id(node) not in sizes:
            open_nodes.add(id(node))
            sizes[id(node)] = 1 + sum(size(child) for child in _children(node))
            open_nodes.discard(id(node))
            _check_keys(node, path)
        if sizes[id(node)] > MAX_NODES:
            raise _error(f"aliases expand to more than {MAX_NODES:,} values", _place(path, node.start_mark))
        return sizes[id(node)]

    size(root)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value


def _check_keys(node: yaml.Node, path: str) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _error("a key is not a plain word", _place(path, key.start_mark))
        if key.value in seen:
            raise _error(f"the key `{key.value}` stands here twice", _place(path, key.start_mark))
        seen.add(key.value)


class _Mark(Protocol):
    line: int
    column: int


def _place(path: str, mark: _Mark | None) -> Place:
    return Place(path) if mark is None else Place(path, mark.line + 1, mark.column + 1)


def _error(what: str, place: Place) -> ConfigurationError:
    return ConfigurationError("profile-syntax", what, place=place)
