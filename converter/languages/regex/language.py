"""Regular languages as hash-consed nodes with smart constructors: what derivatives are taken of.

Equal nodes are one object, so that states of the automaton can be told apart by identity. The constructors apply the
identities that keep the number of derivatives finite (associativity, commutativity and idempotence of the union) and
a few that keep it small.
"""

from collections.abc import Hashable, Iterable
from math import inf

from converter.errors import RuleError
from converter.languages.regex.classes import EVERYTHING, Ranges

EFFORT = 1_000_000
"""Parts of languages that may be put together for one text. Lucene gives up a pattern after 100,000 (its limit of
10,000 determinised states, times ten), and its states are no smaller than those here."""

EFFORT_PER_CHARACTER = 16
"""What each character of a text may cost besides, since a cache that is full has to be filled again."""


class Node:
    """A regular language. `placed` says that its meaning depends on boundaries somewhere inside."""

    __slots__ = ("placed",)
    placed: bool


class Nothing(Node):
    __slots__ = ()


class Empty(Node):
    """The empty text alone."""

    __slots__ = ()


class Everything(Node):
    __slots__ = ()


class One(Node):
    """One character out of ranges."""

    __slots__ = ("ranges",)

    def __init__(self, ranges: Ranges) -> None:
        self.placed = False
        self.ranges = ranges


class Then(Node):
    """`first`, which is no `Then` itself, followed by `rest`."""

    __slots__ = ("first", "rest")

    def __init__(self, first: Node, rest: Node) -> None:
        self.placed = first.placed or rest.placed
        self.first = first
        self.rest = rest


class Union(Node):
    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...]) -> None:
        self.placed = any(item.placed for item in items)
        self.items = items


class Common(Node):
    """The intersection."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...]) -> None:
        self.placed = any(item.placed for item in items)
        self.items = items


class Other(Node):
    """The complement."""

    __slots__ = ("item",)

    def __init__(self, item: Node) -> None:
        self.placed = item.placed
        self.item = item


class Times(Node):
    __slots__ = ("item", "least", "most")

    def __init__(self, item: Node, least: int, most: int | None) -> None:
        self.placed = item.placed
        self.item = item
        self.least = least
        self.most = most


class At(Node):
    """The empty text at a place."""

    __slots__ = ("place",)

    def __init__(self, place: str) -> None:
        self.placed = True
        self.place = place


def _constant(kind: type[Node]) -> Node:
    node = kind()
    node.placed = False
    return node


NOTHING = _constant(Nothing)
EMPTY = _constant(Empty)
EVERY = _constant(Everything)


class Languages:
    """Makes nodes, each only once. `forget` may be called at any time: old nodes stay valid, they are just no longer
    recognised as equal to new ones.

    Making them costs effort, which `allow` limits from then on: RuleError `regex-too-complex` once it is used up.
    """

    def __init__(self) -> None:
        self._nodes: dict[Hashable, Node] = {}
        self._left: float = inf
        self.size = 0
        """How many parts the nodes made since the last `forget` have, about."""

    def allow(self, characters: int) -> None:
        """Grants the effort for one text of that length."""
        self._left = EFFORT + EFFORT_PER_CHARACTER * characters

    def spend(self, parts: int) -> None:
        """Counts work that is about to be done on so many parts of a language."""
        self.size += parts
        self._left -= parts
        if self._left < 0:
            raise RuleError(
                "regex-too-complex",
                "the regular expression needs too many states",
                advice="make nested repeats simpler",
            )

    def forget(self) -> None:
        self._nodes.clear()
        self.size = 0

    def one(self, ranges: Ranges) -> Node:
        if not ranges:
            return NOTHING
        return self._nodes.setdefault(ranges, One(ranges))

    def at(self, place: str) -> Node:
        return self._nodes.setdefault(place, At(place))

    def then(self, first: Node, rest: Node) -> Node:
        """Concatenation, nested to the right."""
        if first is NOTHING or rest is NOTHING:
            return NOTHING
        firsts: list[Node] = []
        while isinstance(first, Then):
            firsts.append(first.first)
            first = first.rest
        firsts.append(first)
        self.spend(len(firsts))
        for part in reversed(firsts):
            rest = self._pair(part, rest)
        return rest

    def _pair(self, first: Node, rest: Node) -> Node:
        if first is EMPTY:
            return rest
        if rest is EMPTY:
            return first
        if first is EVERY and (rest is EVERY or (isinstance(rest, Then) and rest.first is EVERY)):
            return rest
        return self._nodes.setdefault((Then, first, rest), Then(first, rest))

    def union(self, items: Iterable[Node]) -> Node:
        found: dict[Node, None] = {}
        for item in items:
            parts = item.items if isinstance(item, Union) else (item,)
            self.spend(len(parts))
            found.update(dict.fromkeys(parts))
        found.pop(NOTHING, None)
        if EVERY in found:
            return EVERY
        return self._several(Union, found, NOTHING)

    def common(self, items: Iterable[Node]) -> Node:
        found: dict[Node, None] = {}
        for item in items:
            parts = item.items if isinstance(item, Common) else (item,)
            self.spend(len(parts))
            found.update(dict.fromkeys(parts))
        found.pop(EVERY, None)
        if NOTHING in found:
            return NOTHING
        return self._several(Common, found, EVERY)

    def _several(self, kind: type[Union] | type[Common], found: dict[Node, None], neutral: Node) -> Node:
        if not found:
            return neutral
        if len(found) == 1:
            return next(iter(found))
        return self._nodes.setdefault((kind, frozenset(found)), kind(tuple(found)))

    def other(self, item: Node) -> Node:
        if item is NOTHING:
            return EVERY
        if item is EVERY:
            return NOTHING
        if isinstance(item, Other):
            return item.item
        return self._nodes.setdefault((Other, item), Other(item))

    def times(self, item: Node, least: int, most: int | None) -> Node:
        if most == 0 or item is EMPTY:
            return EMPTY
        if item is NOTHING:
            return NOTHING if least else EMPTY
        if (least, most) == (1, 1) or item is EVERY:
            return item
        if isinstance(item, One) and item.ranges == EVERYTHING and (least, most) == (0, None):
            return EVERY
        return self._nodes.setdefault((Times, item, least, most), Times(item, least, most))
