"""Events out of a rule: for every branch one that satisfies it, and its near misses (docs/architecture.md,
"Verification")."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from converter.evaluate.failure import EvaluationError
from converter.evaluate.predicate import Holds, compile_predicate
from converter.events.clock import iso
from converter.events.document import TIEBREAK_FIELD, TIME_FIELD, event_of
from converter.events.event import Event
from converter.events.generate.claim import Document, Judge, stated_fields
from converter.events.generate.coherence import agrees, posix_line
from converter.events.generate.fragment import Setting, unit_of
from converter.events.generate.new_terms import apart, histories
from converter.events.generate.solver import Solution, Solver
from converter.events.generate.tree import Target, targets
from converter.events.generate.value import NOW
from converter.events.generate.variation import Limits, Variation, chosen, variations
from converter.events.writing import line_of
from converter.ir.detection import Detection, IndicatorMatch, NewTerms, Sample, Sequence
from converter.ir.pattern import AnyRun
from converter.ir.predicate import FieldPattern, Leaf, Predicate, Test
from converter.ir.span import Span
from converter.ir.walk import leaves
from converter.schema.catalogue import Catalogue
from converter.schema.kinds import PLATFORMS, platforms_of
from converter.schema.relation import CommandLine, relations

DEFAULT_LIMITS = Limits()

_STEP = 100.0
"""Milliseconds between events: thousands of them lie inside the few minutes that a rule looks back."""

_EFFORT = 200_000
"""Leaves times leaves: every event made for one leaf is judged by all of them, so a rule of thousands is sampled."""


@dataclass(frozen=True, slots=True)
class GeneratedEvent:
    """An event with what it is for. `span`: the leaf it is about; `satisfies`: the predicate holds for it.

    Not `coherent`: related fields disagree, or a single-valued field holds a list, or an enumeration is not lower-case:
    for targets that hold ECS, outside the assumptions.
    """

    event: Event
    purpose: str
    satisfies: bool
    coherent: bool = True
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A branch for which no satisfying event was found: evidence is missing there."""

    leaf: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Generated:
    """The events in order of time, the branches without one that satisfies them, how many branches there are, and the
    fixed present (milliseconds) that all times are relative to."""

    events: tuple[GeneratedEvent, ...]
    uncovered: tuple[Uncovered, ...]
    branches: int
    now: float = NOW


def generate(
    detection: Detection, catalogue: Catalogue, *, seed: int = 0, limits: Limits = DEFAULT_LIMITS
) -> Generated:
    """Events for a detection, the same for the same arguments everywhere.

    For detections over several events these are the events of each stage's predicate; new terms get histories too.
    """
    random = Random(seed)  # noqa: S311 - a sample that has to be the same everywhere
    batches = [_Batch(predicate, catalogue, limits, random) for predicate in _predicates(detection)]
    events: dict[str, tuple[Variation, Span | None, bool]] = {}
    for batch in batches:
        for number, (variation, leaf) in enumerate(batch.documents()):
            if isinstance(detection, NewTerms):
                kept = _around_leaf(leaf, catalogue)
                fields = apart(detection, variation.fields, kept, number, batch.satisfied, catalogue)
                variation = replace(variation, fields=fields)
            holds = batch.satisfied(variation.fields)
            if holds is not None and len(events) < limits.events:
                events.setdefault(line_of(variation.fields), (variation, leaf.span if leaf else None, holds))
        if isinstance(detection, NewTerms) and batch.first is not None:
            for variation in histories(detection, batch.first, batch.satisfied, catalogue):
                holds = batch.satisfied(variation.fields)
                if holds is not None:
                    events.setdefault(line_of(variation.fields), (variation, None, holds))
    return Generated(
        tuple(_dated(events)),
        tuple(found for batch in batches for found in batch.uncovered),
        sum(batch.branches for batch in batches),
    )


class _Batch:
    """The events of one predicate."""

    def __init__(self, predicate: Predicate, catalogue: Catalogue, limits: Limits, random: Random) -> None:
        self._catalogue = catalogue
        self._limits = limits
        self._random = random
        self._windows = _is_windows(predicate)
        self._solver = Solver(predicate, Setting(catalogue, Judge(catalogue), self._windows))
        self._holds: Holds = compile_predicate(predicate, catalogue, now=NOW)
        self._read = frozenset(stated_fields(predicate, catalogue))
        self._surroundings = _surroundings(predicate, catalogue)
        self.uncovered: list[Uncovered] = []
        self.branches = 0
        self.first: Document | None = None

    def satisfied(self, fields: Document) -> bool | None:
        """The predicate's answer; None where a value makes the search fail."""
        try:
            return self._holds(event_of(fields, 0))
        except EvaluationError:
            return None

    def documents(self) -> Iterator[tuple[Variation, Leaf | None]]:
        """All documents of the predicate, as a sensor of its system writes them."""
        for variation, span in self._documents():
            yield replace(variation, fields=self._sensed(variation.fields)), span

    def _sensed(self, fields: Document) -> Document:
        """The document with command lines that nothing is asked of joined as the system's sensors do."""
        if self._windows:
            return fields
        lines = {
            relation.line: posix_line(args)
            for relation in _COMMANDS
            if relation.line in fields and relation.line not in self._read
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
                yield Variation(f"branch {number}", self._whole(solution), solution.coherent), target.leaf
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
            self.first = self.first or self._whole(solution)
            yield self.branches, solution

    def _whole(self, solution: Solution) -> Document:
        return {**self._surroundings, **solution.fields}


def _around_leaf(leaf: Leaf | None, catalogue: Catalogue) -> set[str]:
    """The fields that a leaf reads and those related to them."""
    units = [] if leaf is None else [unit_of(name) for name in stated_fields(leaf, catalogue)]
    return {name for unit in units for name in ((unit,) if isinstance(unit, str) else unit.fields)}


def _name(target: Target, aim: int | None) -> str:
    leaf = target.leaf
    text = f"{leaf.field!r} {leaf.matchers[aim or 0]!r}" if isinstance(leaf, Test) else repr(leaf)
    return text if target.wanted else f"not {text}"


def _predicates(detection: Detection) -> list[Predicate]:
    match detection:
        case Sequence(stages, _, until):
            return [stage.predicate for stage in (*stages, *((until,) if until else ()))]
        case Sample(stages):
            return [stage.predicate for stage in stages]
        case IndicatorMatch(predicate):
            return [predicate]
        case _:
            return [detection.predicate]


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


def _dated(events: dict[str, tuple[Variation, Span | None, bool]]) -> Iterator[GeneratedEvent]:
    """The events in order, the last one just before the present; a stated time stays."""
    first = NOW - _STEP * (len(events) + 1)
    for position, (variation, span, holds) in enumerate(events.values()):
        document: Document = {"_id": f"g{position:04d}", TIME_FIELD: iso(first + _STEP * position)}
        if TIEBREAK_FIELD not in variation.fields:
            document[TIEBREAK_FIELD] = position
        document |= variation.fields
        coherent = variation.coherent and all(agrees(relation, document) for relation in _RELATIONS)
        yield GeneratedEvent(event_of(document, position), variation.purpose, holds, coherent, span)
