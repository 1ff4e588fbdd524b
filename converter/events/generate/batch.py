"""The events of one predicate: satisfying ones for every branch, and near misses for every literal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from converter.evaluate.failure import EvaluationError
from converter.evaluate.predicate import Holds, compile_predicate
from converter.events.document import event_of
from converter.events.generate.claim import Document, Judge, stated_fields
from converter.events.generate.coherence import agrees, posix_line
from converter.events.generate.fragment import Setting, unit_of
from converter.events.generate.generated import Uncovered
from converter.events.generate.solver import Solution, Solver
from converter.events.generate.tree import Target, targets
from converter.events.generate.value import NOW
from converter.events.generate.variation import Limits, Variation, chosen, variations
from converter.events.writing import line_of
from converter.ir.pattern import AnyRun
from converter.ir.predicate import All, FieldPattern, Leaf, Predicate, Test
from converter.ir.span import Span
from converter.ir.walk import leaves
from converter.schema.catalogue import Catalogue
from converter.schema.kinds import PLATFORMS, platforms_of
from converter.schema.relation import CommandLine, relations

_EFFORT = 200_000
"""Leaves times leaves: every event made for one leaf is judged by all of them, so a rule of thousands is sampled."""


BRANCH = "branch "
"""How the purpose of a document begins that was made for a branch of the predicate."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document made for a leaf, with the predicate's answer."""

    variation: Variation
    leaf: Leaf | None
    holds: bool

    @property
    def fields(self) -> Document:
        return self.variation.fields

    @property
    def span(self) -> Span | None:
        return self.leaf.span if self.leaf is not None else None

    @property
    def is_branch(self) -> bool:
        """It was made to satisfy the predicate by way of its leaf, and it does."""
        return self.holds and self.variation.purpose.startswith(BRANCH)


def around_leaf(leaf: Leaf | None, catalogue: Catalogue) -> set[str]:
    """The fields that a leaf reads and those related to them."""
    units = [] if leaf is None else [unit_of(name) for name in stated_fields(leaf, catalogue)]
    return {name for unit in units for name in ((unit,) if isinstance(unit, str) else unit.fields)}


class Batch:
    """The events of one predicate. `uncovered` and `branches` are complete once all documents have been made."""

    def __init__(self, predicate: Predicate, catalogue: Catalogue, limits: Limits, random: Random) -> None:
        self._predicate = predicate
        self._catalogue = catalogue
        self._limits = limits
        self._random = random
        self._windows = _is_windows(predicate)
        self._solver = Solver(predicate, Setting(catalogue, Judge(catalogue), self._windows))
        self._holds: Holds = compile_predicate(predicate, catalogue, now=NOW)
        self._surroundings = _surroundings(predicate, catalogue)
        self.read = frozenset(stated_fields(predicate, catalogue))
        self.patterned = any(
            isinstance(leaf, Test) and isinstance(leaf.field, FieldPattern) for leaf in leaves(predicate)
        )
        self.uncovered: list[Uncovered] = []
        self.branches = 0

    def satisfied(self, fields: Document) -> bool | None:
        """The predicate's answer; None where a value makes the search fail."""
        try:
            return self._holds(event_of(fields, 0))
        except EvaluationError:
            return None

    def reasons(self, fields: Document) -> tuple[bool, ...] | None:
        """What each leaf of the predicate says: why the answer is what it is. None where a value makes the search
        fail."""
        event = event_of(fields, 0)
        try:
            return tuple(holds(event) for holds in self._leaves)
        except EvaluationError:
            return None

    @cached_property
    def _leaves(self) -> list[Holds]:
        distinct = dict.fromkeys(leaves(self._predicate))
        return [compile_predicate(leaf, self._catalogue, now=NOW) for leaf in distinct]

    @cached_property
    def made(self) -> list[Made]:
        """All documents with an answer, each once."""
        found: dict[str, Made] = {}
        for variation, leaf in self.documents():
            holds = self.satisfied(variation.fields)
            if holds is not None:
                found.setdefault(line_of(variation.fields), Made(variation, leaf, holds))
        return list(found.values())

    def documents(self) -> Iterator[tuple[Variation, Leaf | None]]:
        """All documents of the predicate, as a sensor of its system writes them."""
        for variation, span in self._documents():
            yield replace(variation, fields=self._sensed(variation.fields)), span

    def within(self, *conditions: Predicate) -> "Batch":
        """The events of the predicate that meet these conditions too."""
        return Batch(All((self._predicate, *conditions)), self._catalogue, self._limits, self._random)

    def solution(self) -> Document | None:
        """One document that satisfies the predicate, without making the others."""
        found = self._solver.solve()
        fields = None if found is None else self._sensed(self._whole(found))
        return fields if fields is not None and self.satisfied(fields) else None

    def _sensed(self, fields: Document) -> Document:
        """The document with command lines that nothing is asked of joined as the system's sensors do."""
        if self._windows:
            return fields
        lines = {
            relation.line: posix_line(args)
            for relation in _COMMANDS
            if relation.line in fields and relation.line not in self.read
            if isinstance(args := fields.get(relation.args), list) and agrees(relation, fields)
        }
        return {**fields, **lines}

    def _documents(self) -> Iterator[tuple[Variation, Leaf | None]]:
        """The satisfying documents of all branches, then for each leaf those around one of them; with the leaf."""
        aims = list(targets(self._solver.root))
        if not aims:
            yield Variation("an ordinary event", dict(self._surroundings)), None
        affordable = max(50, _EFFORT // max(len(aims), 1))
        tried = [aims[at] for at in chosen(len(aims), min(self._limits.leaves, affordable), self._random)]
        solved = [(target, list(self._solutions(target))) for target in tried]
        for target, solutions in solved:
            for number, solution in solutions:
                yield Variation(f"{BRANCH}{number}", self._whole(solution), solution.coherent), target.leaf
        for target, solutions in solved:
            for _, solution in solutions[:1]:
                for variation in self._around(target, solution):
                    yield variation, target.leaf

    def _around(self, target: Target, solution: Solution) -> Iterator[Variation]:
        """Documents around one in which the leaf alone decides; around the solution where none such is found."""
        for purpose, other in self._opposites(target, solution):
            yield Variation(purpose, self._whole(other), other.coherent)
        decisive = self._solver.decisive(target, target.wanted)
        if decisive is None or not self.satisfied(self._whole(decisive)):
            decisive = solution
        fields = self._whole(decisive)
        yield Variation("the leaf alone decides", fields, decisive.coherent)
        for variation in variations(target, fields, self._catalogue, self._limits, self._random):
            coherent = variation.coherent and decisive.coherent
            yield Variation(f"near miss: {variation.purpose}", variation.fields, coherent)

    def _opposites(self, target: Target, solution: Solution) -> Iterator[tuple[str, Solution]]:
        """The solution with this leaf alone turned round, and one in which that makes the predicate false."""
        turned = self._solver.refit(solution, target.place)
        if turned is not None:
            yield "the leaf alone turned round", turned
        if turned is None or self.satisfied(self._whole(turned)):
            false = self._solver.decisive(target, not target.wanted) or self._solver.solve(target, holds=False)
            if false is not None:
                yield "the leaf has a share in the rule not holding", false

    def _solutions(self, target: Target) -> Iterator[tuple[int, Solution]]:
        """A satisfying document for the leaf, or for each of its matchers; what finds none is noted."""
        count = len(target.leaf.matchers) if isinstance(target.leaf, Test) and target.wanted else 0
        aims = chosen(count, self._limits.matchers, self._random) if count > 1 else [None]
        for aim in aims:
            self.branches += 1
            solution = self._solver.solve(target, aim)
            if solution is None or self.satisfied(self._whole(solution)) is not True:
                self.uncovered.append(Uncovered(_name(target, aim), target.leaf.span))
                continue
            yield self.branches, solution

    def _whole(self, solution: Solution) -> Document:
        return {**self._surroundings, **solution.fields}


def _name(target: Target, aim: int | None) -> str:
    leaf = target.leaf
    text = f"{leaf.field!r} {leaf.matchers[aim or 0]!r}" if isinstance(leaf, Test) else repr(leaf)
    return text if target.wanted else f"not {text}"


def _surroundings(predicate: Predicate, catalogue: Catalogue) -> Document:
    """What every event of a sensor has, as far as the predicate does not speak of it."""
    if any(isinstance(leaf, Test) and _is_free_text(leaf) for leaf in leaves(predicate)):
        return {}
    read = stated_fields(predicate, catalogue)
    return {name: value for name, value in _SENSOR.items() if name not in read}


_SENSOR: Document = {
    "agent.id": "5d2f3c1e-7a4b-4c59-9f0e-3b8d6a1c2e47",
    "ecs.version": "9.0.0",
    "host.hostname": "sample-host",
    "host.id": "b1946ac92492d2347c6235b4d2611184",
    "host.name": "sample-host",
    "user.id": "1000",
    "user.name": "sample-user",
}


_RELATIONS = tuple(dict.fromkeys(relations().values()))
_COMMANDS = tuple(relation for relation in _RELATIONS if isinstance(relation, CommandLine))


def _is_free_text(leaf: Test) -> bool:
    return isinstance(leaf.field, FieldPattern) and leaf.field.pattern == (AnyRun(),)


def _is_windows(predicate: Predicate) -> bool:
    """The predicate names its systems and Windows is one, so that paths nobody constrained look like Windows paths."""
    possible = platforms_of(predicate, ())
    return "windows" in possible and possible != PLATFORMS
