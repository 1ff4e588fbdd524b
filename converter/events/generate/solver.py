"""Which leaves have to be true and which false for a predicate to hold, and values under which they are.

Not the full disjunctive normal form: a search aims at one leaf at a time, takes the first alternatives that go together
elsewhere, and gives up after a bounded number of steps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from converter.events.generate.claim import Claim, Document, Judge, claim_of, stated_fields
from converter.events.generate.fragment import Fragment, Setting, fragment, unit_of
from converter.events.generate.tree import Node, Target, numbered
from converter.events.generate.value import instance
from converter.ir.predicate import (
    All,
    Always,
    Any,
    Compute,
    Field,
    FieldPattern,
    Leaf,
    Nested,
    Never,
    Not,
    Predicate,
    Test,
)
from converter.schema.catalogue import Catalogue

_STEPS = 400
"""Choices that one search may try."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Claims that together make the predicate hold, and fields that keep them."""

    claims: tuple[Claim, ...]
    fields: Document
    coherent: bool


@dataclass(frozen=True, slots=True)
class _State:
    """A step of the search: what is claimed, what has to follow, and which alternatives are still open."""

    claims: tuple[Claim, ...]
    goals: tuple[tuple[Node, bool], ...]


class Solver:
    """Solves one predicate for its leaves; what was found for one leaf helps the next."""

    def __init__(self, predicate: Predicate, setting: Setting) -> None:
        self.root = numbered(predicate)
        self._setting = setting
        self._groups = _Groups()
        self._found: dict[frozenset[Claim], Fragment | None] = {}
        self._join(self.root)

    def solve(self, target: Target | None = None, aim: int | None = None, holds: bool = True) -> Solution | None:
        """Fields under which the predicate holds, or does not, and it is the target that has a say in it.

        With `aim`, it is the matcher of that number in the target's list that accepts. None if nothing was found.
        """
        return self._search(((self.root, holds),), target, aim)

    def decisive(self, target: Target, value: bool) -> Solution | None:
        """Fields under which the target has the value and alone decides the predicate: whatever stands beside it in a
        conjunction holds, whatever stands beside it in a disjunction does not. None if nothing was found."""
        goals: list[tuple[Node, bool]] = []
        node = self.root
        while node.items:
            inside = next(item for item in node.items if item.contains(target.place))
            goals += ((item, isinstance(node.predicate, All)) for item in node.items if item is not inside)
            node = inside
        return self._search((*goals, (node, value)), target)

    def _search(
        self, goals: tuple[tuple[Node, bool], ...], target: Target | None, aim: int | None = None
    ) -> Solution | None:
        open_states = [_State((), goals)]
        for _ in range(_STEPS):
            if not open_states:
                return None
            state = self._followed(open_states.pop(), target, aim)
            if state is None:
                continue
            fragments = self._fragments(state.claims)
            if fragments is None:
                continue
            if not state.goals:
                return _solution(state.claims, fragments)
            open_states += reversed(_alternatives(state))
        return None

    def refit(self, solution: Solution, place: int) -> Solution | None:
        """The solution with the claim at `place` turned round and all others kept."""
        claims = tuple(claim.turned() if claim.place == place else claim for claim in solution.claims)
        fragments = self._fragments(claims)
        return None if fragments is None else _solution(claims, fragments)

    def _followed(self, state: _State, target: Target | None, aim: int | None) -> _State | None:
        """The state with everything that follows without a choice; None if that is false."""
        claims = list(state.claims)
        choices: list[tuple[Node, bool]] = []
        goals = list(reversed(state.goals))
        while goals:
            node, wanted = goals.pop()
            match node.predicate:
                case Not():
                    goals.append((node.items[0], not wanted))
                case Always() | Never() as constant:
                    if isinstance(constant, Always) is not wanted:
                        return None
                case All() | Any() as joined:
                    if isinstance(joined, All) is wanted:
                        goals += ((item, wanted) for item in reversed(node.items))
                    elif target is not None and node.contains(target.place):
                        goals += ((item, wanted) for item in node.items if item.contains(target.place))
                    else:
                        choices.append((node, wanted))
                case Test() | Compute() | Nested() as leaf:
                    aimed = target is not None and target.place == node.first
                    claims.append(self._claim(leaf, wanted, node.first, aim if aimed else None))
        choices.sort(key=lambda choice: len(choice[0].items))
        return _State(tuple(claims), tuple(choices))

    def _claim(self, leaf: Leaf, wanted: bool, place: int, aim: int | None) -> Claim:
        if wanted and isinstance(leaf, Test) and isinstance(leaf.field, FieldPattern):
            leaf = Test(Field(_some_name(leaf.field, self._setting.catalogue)), leaf.matchers, leaf.span)
        return claim_of(place, wanted, leaf, self._setting.catalogue, aim if wanted else None)

    def _fragments(self, claims: Sequence[Claim]) -> list[Fragment] | None:
        """A fragment for every group of claims that share fields; None as soon as one group has none."""
        groups: dict[str, list[Claim]] = {}
        for claim in claims:
            for name in claim.fields[:1]:  # a denied pattern of names has none, and needs none
                groups.setdefault(self._groups.find(name), []).append(claim)
        fragments: list[Fragment] = []
        for group in groups.values():
            found = self._fragment(group)
            if found is None:
                return None
            fragments.append(found)
        return fragments

    def _fragment(self, claims: Sequence[Claim]) -> Fragment | None:
        key = frozenset(claims)
        if key not in self._found:
            self._found[key] = self._nested(claims) or fragment(claims, self._setting)
        return self._found[key]

    def _nested(self, claims: Sequence[Claim]) -> Fragment | None:
        """Objects for nested claims: one for each that is wanted."""
        wanted = [claim.leaf for claim in claims if claim.wanted and isinstance(claim.leaf, Nested)]
        objects: list[Document] = []
        for leaf in wanted:
            inner = Solver(leaf.item, replace(self._setting, judge=Judge(self._setting.catalogue))).solve()
            if inner is None:
                return None
            prefix = f"{leaf.path}."
            objects.append({name.removeprefix(prefix): value for name, value in inner.fields.items()})
        return Fragment({wanted[0].path: objects}) if wanted else None

    def _join(self, node: Node) -> None:
        """Fields that one leaf reads belong to one group, and so do the fields of a relation."""
        for item in node.items:
            self._join(item)
        if not node.items:
            names = stated_fields(node.predicate, self._setting.catalogue)
            self._groups.join([*names, *(other for name in names for other in _related(name))])


class _Groups:
    """Sets of names that grow together (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def join(self, names: Iterable[str]) -> None:
        roots = [self.find(name) for name in names]
        for root in roots[1:]:
            if self.find(root) != self.find(roots[0]):
                self._parent[self.find(root)] = self.find(roots[0])


def _related(name: str) -> tuple[str, ...]:
    unit = unit_of(name)
    return () if isinstance(unit, str) else unit.fields


def _some_name(names: FieldPattern, catalogue: Catalogue) -> str:
    """A field that the pattern of names covers; for free text, the message."""
    known = catalogue.matching(names.pattern)
    if "message" in known:
        return "message"
    strings = [name for name in known if catalogue[name].type.is_string]
    if strings or known:
        return (strings or list(known))[0]
    return instance(names.pattern, "0")


def _alternatives(state: _State) -> list[_State]:
    """One state for each way to decide the smallest open choice."""
    (node, wanted), *others = state.goals
    return [_State(state.claims, ((item, wanted), *others)) for item in node.items]


def _solution(claims: tuple[Claim, ...], fragments: Sequence[Fragment]) -> Solution:
    fields = {name: value for found in fragments for name, value in found.fields.items()}
    return Solution(claims, fields, all(found.coherent for found in fragments))
