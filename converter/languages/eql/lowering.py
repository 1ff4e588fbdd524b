"""From syntax tree to IR: what an EQL query means (spec eql 4 to 9, 12).

Conditions have two truth values; only expressions of constants know null, and a condition that is null selects
nothing. `None` stands for that null below: it swallows a `not`, absorbs an `and` and is dropped from an `or`
(spec eql 7.4).
"""

from collections.abc import Collection

from converter.errors import RuleError
from converter.ir.detection import Detection, Events, Sample, Sequence, Stage, Take
from converter.ir.literal import TextLiteral
from converter.ir.matcher import Equal, Present
from converter.ir.predicate import All, Always, Any, Compute, Field, Never, Not, Predicate, Test
from converter.ir.span import Span
from converter.languages.eql import kinds, leaves, scripts, tree
from converter.languages.eql.comparison import Comparison, oriented
from converter.languages.eql.folding import Folded, fold
from converter.languages.eql.kinds import Kind
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import excerpted, refusal
from converter.languages.eql.usage import unknown_fields
from converter.languages.lowered import Lowered
from converter.schema.catalogue import Catalogue


def lower(
    statement: tree.Statement,
    catalogue: Catalogue,
    *,
    category_field: str = "event.category",
    unmapped: Collection[str] = (),
) -> Lowered:
    """The meaning of a query under a field catalogue, which decides what constants are.

    `unmapped` names optional fields that no mapping defines (spec eql 7.4); by default every field counts as mapped. A
    closed catalogue says by itself which fields these are, and others that it does not know are refused.
    Raises RuleError for types that do not fit, comparisons of two fields, and constants that cannot be calculated.
    """
    guessed = {} if catalogue.closed else unknown_fields(statement, catalogue)
    reading = Reading(catalogue.retyped(guessed), frozenset(unmapped), frozenset(guessed))
    for name, kind in guessed.items():
        reading.note("field-type-unknown", f"`{name}` is in no catalogue and taken as {kind.value}")
    try:
        detection = _Lowering(reading, category_field).detection(statement)
    except RuleError as error:
        raise excerpted(error, statement.source) from None
    return Lowered(detection, notes=tuple(reading.notes), assumptions=tuple(reading.assumptions))


class _Lowering:
    """One query's lowering; every method turns one kind of node into its meaning."""

    def __init__(self, reading: Reading, category_field: str) -> None:
        self._reading = reading
        self._category = Field(category_field)

    def detection(self, statement: tree.Statement) -> Detection:
        take = tuple(self._take(pipe) for pipe in statement.pipes)
        match statement.query:
            case tree.Filter():
                return Events(self._filter(statement.query), take)
            case tree.Sequence(keys, maxspan, stages, until):
                self._check_keys(stages if until is None else (*stages, until))
                return Sequence(
                    tuple(self._stage(stage, keys) for stage in stages),
                    maxspan.milliseconds if maxspan else None,
                    self._stage(until, keys) if until else None,
                    take,
                )
            case tree.Sample(keys, stages):
                self._check_keys(stages)
                return Sample(tuple(self._stage(stage, keys) for stage in stages))

    def _take(self, pipe: tree.Pipe) -> Take:
        folded = fold(pipe.count, self._reading)
        count = folded.value if folded else None
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise refusal("eql-pipe", f"`{pipe.name}` takes a whole number", pipe.count.span, expected="0 or more")
        return Take("head" if pipe.name == "head" else "tail", count)

    # -- filters and stages --------------------------------------------------------------------------------------

    def _filter(self, query: tree.Filter) -> Predicate:
        condition = self._condition(query.condition)
        meaning = Never(query.condition.span) if condition is None else condition
        if query.category is None:
            return meaning
        start = query.span
        span = Span(start.start, start.start + len(query.category), start.line, start.column)
        category = Test(self._category, (Equal(TextLiteral(query.category)),), span)
        return All((category, meaning), query.span)

    def _stage(self, stage: tree.Stage, keys: tuple[tree.FieldName, ...]) -> Stage:
        fields = []
        for key in (*keys, *stage.keys):
            kinds.check_field(key, self._reading)
            fields.append(Field(key.name, key.optional))
        return Stage(self._filter(stage.filter), tuple(fields), stage.runs, stage.missing)

    def _check_keys(self, stages: tuple[tree.Stage, ...]) -> None:
        """Keys at the same position have compatible types (spec eql 2)."""
        for position, first in enumerate(stages[0].keys):
            wanted = kinds.kind_of(first, self._reading)
            for stage in stages[1:]:
                key = stage.keys[position]
                if wanted is not Kind.UNKNOWN:
                    kinds.require(key, wanted, self._reading, f"key {key.name}")

    # -- conditions ----------------------------------------------------------------------------------------------

    def _condition(self, node: tree.Expression) -> Predicate | None:
        folded = fold(node, self._reading)
        if folded is not None:
            return _constant(folded, node)
        match node:
            case tree.And(items):
                return self._all(items, node.span)
            case tree.Or(items):
                return self._any(items, node.span)
            case tree.Not(item):
                return _negated(self._condition(item), node.span)
            case tree.FieldName():
                return leaves.flag(node, self._reading)
            case tree.Call():
                return leaves.boolean_call(node, self._reading)
            case tree.Compare():
                return self._comparison(oriented(node, self._reading), node)
            case tree.Contained():
                return self._contained(node)
            case tree.Match():
                return self._match(node)
            case _:
                raise refusal("eql-condition", "this is not a condition", node.span, expected="true or false")

    def _all(self, items: tuple[tree.Expression, ...], span: Span) -> Predicate | None:
        found = [self._condition(item) for item in items]
        kept = [item for item in found if item is not None]
        return All(tuple(kept), span) if len(kept) == len(found) else None

    def _any(self, items: tuple[tree.Expression, ...], span: Span) -> Predicate | None:
        found = [self._condition(item) for item in items]
        kept = [item for item in found if item is not None]
        return Any(tuple(kept), span) if kept else None

    def _comparison(self, node: Comparison, at: tree.Compare) -> Predicate | None:
        negative = node.operator == "!="
        if node.value is None and node.operator not in {"==", "!="}:
            return None
        if isinstance(node.left, tree.FieldName):
            return self._field_comparison(node, node.left, at)
        if isinstance(node.value, bool) and kinds.is_boolean_expression(node.left):
            if node.operator not in {"==", "!="}:
                raise refusal("eql-type-mismatch", "true and false have no order", at.span, advice="use ==")
            condition = self._condition(node.left)
            return _negated(condition, at.span) if node.value is negative else condition
        positive = Comparison(node.left, "==" if negative else node.operator, node.value, node.right)
        test = Compute(scripts.compared(positive, self._reading), at.span)
        return Not(test, at.span) if negative else test

    def _field_comparison(self, node: Comparison, name: tree.FieldName, at: tree.Compare) -> Predicate:
        if node.value is None:
            kinds.check_field(name, self._reading)
            present = leaves.field_test(name, (Present(),), at)
            return Not(present, at.span) if node.operator == "==" else present
        matcher = scripts.field_matcher(name, node.operator, node.value, node.right, self._reading)
        test = leaves.field_test(name, (matcher,), at)
        return Not(test, at.span) if node.operator == "!=" else test

    def _contained(self, node: tree.Contained) -> Predicate:
        if isinstance(node.value, tree.FieldName):
            matchers = scripts.contained_matchers(node, self._reading)
            test: Predicate = leaves.field_test(node.value, matchers, node)
        else:
            positive = tree.Contained(node.value, node.items, node.ignore_case, False, node.span)
            test = Compute(scripts.computed(positive, self._reading), node.span)
        return Not(test, node.span) if node.negated else test

    def _match(self, node: tree.Match) -> Predicate:
        if isinstance(node.value, tree.FieldName):
            return leaves.field_test(node.value, scripts.match_matchers(node, self._reading), node)
        return Compute(scripts.computed(node, self._reading), node.span)


def _constant(folded: Folded, node: tree.Expression) -> Predicate | None:
    match folded.value:
        case None:
            return None
        case True:
            return Always(node.span)
        case False:
            return Never(node.span)
        case _:
            raise refusal("eql-condition", "this is a constant, not a condition", node.span, expected="true or false")


def _negated(condition: Predicate | None, span: Span) -> Predicate | None:
    return None if condition is None else Not(condition, span)
