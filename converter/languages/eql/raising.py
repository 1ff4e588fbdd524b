"""From IR to syntax tree: a detection as EQL, the inverse of lowering (spec eql 2 to 12).

What EQL cannot say is a loss without a direction: conditions on analysed text, nested objects, names of fields by
pattern, functions that are not its own, detections other than events, sequences and samples.
"""

from dataclasses import dataclass
from typing import Final

from converter.errors import RuleError
from converter.ir.detection import Detection, Events, Sample, Sequence, Stage, Take
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Present
from converter.ir.predicate import All, Always, Any, Compute, Field, Nested, Never, Not, Predicate, Test
from converter.languages.eql import tree
from converter.languages.eql.lowering import lower
from converter.languages.eql.parser import parse
from converter.languages.eql.printer import to_text
from converter.languages.eql.raising_scripts import Scripts
from converter.languages.eql.spelling import NOWHERE, alternatives, joined
from converter.languages.eql.tree import UNITS
from converter.languages.eql.usage import unknown_fields
from converter.languages.raised import Findings, InexpressibleError, Raised
from converter.losses import Loss
from converter.passes.constant import fold_constants
from converter.passes.flat import flatten
from converter.schema.catalogue import Catalogue

_PLACEHOLDER: Final = tree.Boolean(False, NOWHERE)
"""Stands for a condition that cannot be said; the statement is not used then."""


def raise_(
    detection: Detection,
    catalogue: Catalogue,
    *,
    category_field: str = "event.category",
    mark_unknown: bool = False,
) -> Raised[tree.Statement]:
    """The detection as an EQL statement, with the text's own spans; `lower` gives the detection back.

    `mark_unknown` writes `?` before fields that the catalogue does not know. It is for detections from languages that
    find nothing in a field without a mapping, where EQL would refuse the query (spec kql 12).
    """
    findings = Findings(catalogue)
    statement = _Raising(findings, Field(category_field), mark_unknown).statement(detection)
    read = None if findings.losses or statement is None else _read_back(statement, findings, category_field)
    return Raised(read, tuple(findings.losses), assumptions=tuple(findings.assumptions), types=findings.retyped)


def _read_back(statement: tree.Statement, findings: Findings, category_field: str) -> tree.Statement | None:
    """The statement as it reads, None if EQL's own rules refuse it: about types, stages, keys, nesting."""
    try:
        read = parse(to_text(statement))
        lowered = lower(read, findings.catalogue, category_field=category_field)
    except RuleError as error:
        findings.lose(Loss("eql-refused", f"EQL does not take the query: {error.message}"), None)
        return None
    findings.assume(*lowered.assumptions)
    findings.compare_types(unknown_fields(read, findings.catalogue))
    return read


@dataclass(frozen=True, slots=True)
class _Raising:
    """One detection on its way up; what cannot be said is collected in `findings`."""

    findings: Findings
    category: Field
    mark_unknown: bool

    def statement(self, detection: Detection) -> tree.Statement | None:
        match detection:
            case Events(predicate, take):
                return tree.Statement(self._filter(predicate), _pipes(take))
            case Sequence(stages, maxspan, until, take):
                closing = () if until is None else (until,)
                shared = _shared_keys((*stages, *closing))
                query = tree.Sequence(
                    _names(stages[0].keys[:shared]),
                    None if maxspan is None else _time_span(maxspan),
                    tuple(self._stage(stage, shared) for stage in stages),
                    None if until is None else self._stage(until, shared),
                    NOWHERE,
                )
                return tree.Statement(query, _pipes(take))
            case Sample(stages, None):
                shared = _shared_keys(stages)
                sample = tree.Sample(
                    _names(stages[0].keys[:shared]), tuple(self._stage(stage, shared) for stage in stages), NOWHERE
                )
                return tree.Statement(sample, ())
            case Sample():
                self._refuse_detection("a sample within a span of time")
            case _:
                self._refuse_detection(f"a detection of the kind {type(detection).__name__}")
        return None

    def _refuse_detection(self, what: str) -> None:
        self.findings.lose(Loss("eql-detection-kind", f"EQL has no words for {what}"), None)

    def _stage(self, stage: Stage, shared: int) -> tree.Stage:
        keys = _names(stage.keys[shared:])
        return tree.Stage(self._filter(stage.predicate), keys, stage.runs, stage.missing, NOWHERE)

    def _filter(self, predicate: Predicate) -> tree.Filter:
        category, condition = self._categorised(flatten(fold_constants(predicate)))
        return tree.Filter(category, self._condition(condition, negated=False), NOWHERE)

    def _categorised(self, predicate: Predicate) -> tuple[str | None, Predicate]:
        """The category that a filter begins with, None for any, and what else is wanted."""
        items = predicate.items if isinstance(predicate, All) else (predicate,)
        for position, item in enumerate(items):
            match item:
                case Test(self.category, (Equal(TextLiteral(category), False),)):
                    others = (*items[:position], *items[position + 1 :])
                    return category, flatten(All(others)) if others else Always()
        return None, predicate

    # -- conditions ----------------------------------------------------------------------------------------------

    def _condition(self, node: Predicate, *, negated: bool) -> tree.Expression:
        """`negated` says that some `not` stands around the condition."""
        match node:
            case All(items) | Any(items):
                return joined(isinstance(node, All), (self._condition(item, negated=negated) for item in items))
            case Not(item):
                return _complement(self._condition(item, negated=True))
            case Always() | Never():
                return tree.Boolean(isinstance(node, Always), NOWHERE)
            case Test() | Compute() | Nested():
                try:
                    return self._leaf(node, negated)
                except InexpressibleError as error:
                    self.findings.lose(error.loss, node.span)
                    return _PLACEHOLDER

    def _leaf(self, leaf: Test | Compute | Nested, negated: bool) -> tree.Expression:
        match leaf:
            case Test(Field() as field):
                return self._test(field, leaf, negated)
            case Test():
                raise InexpressibleError("eql-field-pattern", "EQL names every field that it tests")
            case Nested(path):
                raise InexpressibleError("eql-nested-objects", f"EQL cannot look into the objects under `{path}`", path)
            case Compute(expression):
                return Scripts(self.findings).condition(expression)

    def _test(self, field: Field, test: Test, negated: bool) -> tree.Expression:
        info = self.findings.catalogue[field.name]
        self.findings.need(field.name, test.matchers)
        marked = self.mark_unknown and not info.known
        name = tree.FieldName(field.name, field.optional or marked, NOWHERE)
        present = tree.Compare("!=", name, tree.Null(NOWHERE), NOWHERE)
        if Present() in test.matchers:
            return present
        condition = joined(False, alternatives(name, test.matchers, info, self.findings))
        if marked and negated and not _is_equality(condition):
            # Without a mapping the condition is null, which would swallow the `not` (spec eql 7.4).
            return tree.And((present, condition), NOWHERE)
        return condition


def _is_equality(condition: tree.Expression) -> bool:
    return isinstance(condition, tree.Compare) and condition.operator == "=="


def _complement(condition: tree.Expression) -> tree.Expression:
    """The negation as a rule's author writes it: `!=` and `not in` mean nothing else than `not` (spec eql 5)."""
    match condition:
        case tree.Compare("==" | "!=" as operator, left, right):
            return tree.Compare("!=" if operator == "==" else "==", left, right, NOWHERE)
        case tree.Contained(value, items, ignore_case, False):
            return tree.Contained(value, items, ignore_case, True, NOWHERE)
        case _:
            return tree.Not(condition, NOWHERE)


def _shared_keys(stages: tuple[Stage, ...]) -> int:
    """How many keys all stages begin with: they are the query's."""
    count = 0
    for keys in zip(*(stage.keys for stage in stages), strict=False):
        if len(set(keys)) > 1:
            break
        count += 1
    return count


def _names(keys: tuple[Field, ...]) -> tuple[tree.FieldName, ...]:
    return tuple(tree.FieldName(key.name, key.optional, NOWHERE) for key in keys)


def _time_span(milliseconds: int) -> tree.TimeSpan:
    """In the largest unit that says it in whole numbers."""
    unit = max((unit for unit, size in UNITS.items() if milliseconds % size == 0), key=lambda unit: UNITS[unit])
    return tree.TimeSpan(milliseconds // UNITS[unit], unit, NOWHERE)


def _pipes(take: tuple[Take, ...]) -> tuple[tree.Pipe, ...]:
    return tuple(tree.Pipe(pipe.end, tree.Number(pipe.count, NOWHERE), NOWHERE) for pipe in take)
