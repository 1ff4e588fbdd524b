"""A predicate with its leaves numbered, so that one of them can be aimed at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from converter.ir.predicate import All, Always, Any, Compute, Leaf, Nested, Never, Not, Predicate, Test


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `first` to `last` (exclusive) are the numbers of the leaves below it. A leaf has no items."""

    predicate: Predicate
    items: tuple["Node", ...]
    first: int
    last: int

    def contains(self, place: int) -> bool:
        return self.first <= place < self.last


@dataclass(frozen=True, slots=True)
class Target:
    """A leaf to be covered: its number, and whether the predicate profits from its being true."""

    leaf: Leaf
    place: int
    wanted: bool


def numbered(predicate: Predicate, first: int = 0) -> Node:
    """The predicate as a tree of numbered leaves, left to right."""
    match predicate:
        case All(items) | Any(items):
            nodes: list[Node] = []
            at = first
            for item in items:
                nodes.append(numbered(item, at))
                at = nodes[-1].last
            return Node(predicate, tuple(nodes), first, at)
        case Not(item):
            node = numbered(item, first)
            return Node(predicate, (node,), first, node.last)
        case Test() | Compute() | Nested() | Always() | Never():
            return Node(predicate, (), first, first + 1)
        case _:
            assert_never(predicate)


def targets(node: Node, wanted: bool = True) -> Iterator[Target]:
    """The leaves that something can be said about, each with the truth value that serves the root."""
    match node.predicate:
        case Always() | Never():
            return
        case Test() | Compute() | Nested() as leaf:
            yield Target(leaf, node.first, wanted)
        case Not():
            yield from targets(node.items[0], not wanted)
        case _:
            for item in node.items:
                yield from targets(item, wanted)
