"""Matching a tree against a value: Brzozowski derivatives, cached as a deterministic automaton that grows as needed.

Why derivatives: complement, intersection, counted repeats and boundaries fall out of one recursion, and a value is
read once, character by character. There is no backtracking, so a hostile pattern costs time proportional to the value
times the size of one state; the size of a state and the number of cached ones are limited.
"""

from bisect import bisect_right
from collections.abc import Callable
from enum import IntEnum
from typing import assert_never

from converter.ir.matcher import Flavour
from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
    Boundary,
    CharClass,
    Chars,
    Complement,
    Concat,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)
from converter.languages.regex.classes import WORD, Ranges, any_char, both_cases, code_points
from converter.languages.regex.facts import interval_tree, only_text
from converter.languages.regex.language import (
    EMPTY,
    EVERY,
    NOTHING,
    At,
    Common,
    Empty,
    Everything,
    Languages,
    Node,
    One,
    Other,
    Then,
    Times,
    Union,
)

CACHE_LIMIT = 200_000


def compile_regex(tree: Regexp, flavour: Flavour, ignore_case: bool = False) -> Callable[[str], bool]:
    """A function that says whether the tree accepts a text, whole.

    The function raises RuleError `regex-too-complex` where a text takes more effort than is allowed for its length.
    """
    text = only_text(tree)
    if text is not None and not ignore_case:
        return text.__eq__
    return _Automaton(tree, flavour, ignore_case).accepts


class _Side(IntEnum):
    """What stands next to a position, as far as a boundary cares."""

    PLAIN = 0
    EDGE = 1
    LINE = 2
    WORD = 3


class _State:
    """A language left to match, with what stands before the position."""

    __slots__ = ("accepting", "before", "by_char", "by_kind", "node")

    def __init__(self, node: Node, before: _Side) -> None:
        self.node = node
        self.before = before
        self.by_char: dict[str, _State] = {}
        self.by_kind: dict[int, _State] = {}
        self.accepting: bool | None = None


class _Automaton:
    def __init__(self, tree: Regexp, flavour: Flavour, ignore_case: bool) -> None:
        self._languages = Languages()
        self._derivatives: dict[tuple[Node, int, _Side], Node] = {}
        self._states: dict[tuple[Node, _Side], _State] = {}
        self._characters = 0
        self._flavour = flavour
        self._ignore_case = ignore_case
        node = self._node(tree)
        self._placed = node.placed
        self._cuts = _cuts(node)
        self._first = _State(node, _Side.EDGE if self._placed else _Side.PLAIN)

    def accepts(self, text: str) -> bool:
        self._languages.allow(len(text))
        state = self._first
        for char in text:
            following = state.by_char.get(char)
            if following is None:
                following = self._follow(state, char)
            state = following
            if state.node is NOTHING:
                return False
            if state.node is EVERY:
                return True
        if state.accepting is None:
            state.accepting = self._nullable(state.node, state.before, _Side.EDGE)
        return state.accepting

    def _follow(self, state: _State, char: str) -> _State:
        """The state after one more character; characters of one kind behave alike and share the work."""
        if self._languages.size + len(self._derivatives) + self._characters > CACHE_LIMIT:
            self._forget()
        kind = bisect_right(self._cuts, ord(char))
        following = state.by_kind.get(kind)
        if following is None:
            side = self._side(char)
            node = self._derive(state.node, kind, state.before, side)
            following = self._states.setdefault((node, side), _State(node, side))
            state.by_kind[kind] = following
        state.by_char[char] = following
        self._characters += 1
        return following

    def _forget(self) -> None:
        """Drops every cache: memory stays bounded, and what is needed again is computed again."""
        self._languages.forget()
        self._derivatives.clear()
        self._states.clear()
        self._characters = 0
        self._first = _State(self._first.node, self._first.before)

    def _side(self, char: str) -> _Side:
        if not self._placed:
            return _Side.PLAIN
        if char == "\n":
            return _Side.LINE
        return _Side.WORD if char.isascii() and (char.isalnum() or char == "_") else _Side.PLAIN

    def _derive(self, node: Node, kind: int, before: _Side, after: _Side) -> Node:
        """What may follow a character of this kind, given what stands before it; the character is `after` the place."""
        key = (node, kind, before)
        found = self._derivatives.get(key)
        if found is None:
            found = self._derivatives[key] = self._derivative(node, kind, before, after)
        return found

    def _derivative(self, node: Node, kind: int, before: _Side, after: _Side) -> Node:
        make = self._languages
        match node:
            case One():
                return EMPTY if _holds(node.ranges, self._cuts, kind) else NOTHING
            case Then():
                return make.union(self._heads(node, kind, before, after))
            case Union():
                return make.union([self._derive(item, kind, before, after) for item in node.items])
            case Common():
                return make.common([self._derive(item, kind, before, after) for item in node.items])
            case Other():
                return make.other(self._derive(node.item, kind, before, after))
            case Times():
                # Where the item may be empty, iterations that read nothing use up the least count at this very place.
                least = 0 if self._nullable(node.item, before, after) else max(node.least - 1, 0)
                most = None if node.most is None else node.most - 1
                return make.then(self._derive(node.item, kind, before, after), make.times(node.item, least, most))
            case Everything():
                return EVERY
            case _:
                return NOTHING

    def _heads(self, node: Node, kind: int, before: _Side, after: _Side) -> list[Node]:
        """One alternative per part of a sequence that may come first, because all parts before it may be empty."""
        out: list[Node] = []
        while isinstance(node, Then):
            out.append(self._languages.then(self._derive(node.first, kind, before, after), node.rest))
            if not self._nullable(node.first, before, after):
                return out
            node = node.rest
        out.append(self._derive(node, kind, before, after))
        return out

    def _nullable(self, node: Node, before: _Side, after: _Side) -> bool:
        """Whether the empty text at this place is in the language."""
        while isinstance(node, Then):
            if not self._nullable(node.first, before, after):
                return False
            node = node.rest
        match node:
            case Empty() | Everything():
                return True
            case Union():
                return any(self._nullable(item, before, after) for item in node.items)
            case Common():
                return all(self._nullable(item, before, after) for item in node.items)
            case Other():
                return not self._nullable(node.item, before, after)
            case Times():
                return node.least == 0 or self._nullable(node.item, before, after)
            case At():
                return _PLACES[node.place](before, after)
            case _:
                return False

    def _node(self, tree: Regexp) -> Node:
        make = self._languages
        match tree:
            case Chars(text):
                return self._sequence([make.one(self._char(char)) for char in text])
            case AnyChar():
                return make.one(any_char(tree, self._flavour))
            case CharClass():
                return make.one(code_points(tree, self._flavour, ignore_case=self._ignore_case))
            case Concat(items):
                return self._sequence([self._node(item) for item in items])
            case Alternation(items):
                return make.union([self._node(item) for item in items])
            case Repeat(item, least, most):
                return make.times(self._node(item), least, most)
            case AnyText():
                return EVERY
            case NoText():
                return NOTHING
            case Complement(item):
                return make.other(self._node(item))
            case Intersection(items):
                return make.common([self._node(item) for item in items])
            case Interval():
                return self._node(interval_tree(tree))
            case Boundary(place):
                return make.at(place)
            case _:
                assert_never(tree)

    def _sequence(self, nodes: list[Node]) -> Node:
        out = EMPTY
        for node in reversed(nodes):
            out = self._languages.then(node, out)
        return out

    def _char(self, char: str) -> Ranges:
        exact = ((ord(char), ord(char)),)
        return both_cases(exact) if self._ignore_case else exact


_PLACES: dict[str, Callable[[_Side, _Side], bool]] = {
    "start": lambda before, _: before is _Side.EDGE,
    "end": lambda _, after: after is _Side.EDGE,
    "line-start": lambda before, _: before in (_Side.EDGE, _Side.LINE),
    "line-end": lambda _, after: after in (_Side.EDGE, _Side.LINE),
    "word": lambda before, after: (before is _Side.WORD) != (after is _Side.WORD),
    "not-word": lambda before, after: (before is _Side.WORD) == (after is _Side.WORD),
}


def _cuts(node: Node) -> list[int]:
    """Code points at which some class begins or ends; between two cuts all characters behave alike.

    A character's kind is the number of cuts at or below it.
    """
    cuts: set[int] = set()
    if node.placed:
        cuts.update(_edges((*WORD, (0x0A, 0x0A))))
    pending, seen = [node], {node}
    while pending:
        current = pending.pop()
        if isinstance(current, One):
            cuts.update(_edges(current.ranges))
        for child in _children(current):
            if child not in seen:
                seen.add(child)
                pending.append(child)
    return sorted(cuts)


def _edges(ranges: Ranges) -> list[int]:
    return [edge for low, high in ranges for edge in (low, high + 1)]


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Then():
            return (node.first, node.rest)
        case Union() | Common():
            return node.items
        case Other() | Times():
            return (node.item,)
        case _:
            return ()


def _holds(ranges: Ranges, cuts: list[int], kind: int) -> bool:
    """Whether the characters of a kind are in the ranges; their first one decides, all being alike."""
    first = cuts[kind - 1] if kind else 0
    at = bisect_right(ranges, (first, 0x110000)) - 1
    return at >= 0 and ranges[at][1] >= first
