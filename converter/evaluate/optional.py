"""Fields that no mapping defines: an optional one is the constant null, any other fails the search (spec eql 7.4)."""

from collections.abc import Container
from typing import assert_never

from converter.evaluate.failure import EvaluationError
from converter.ir.expression import Constant, Expression, FieldValue
from converter.ir.matcher import Equal, Matcher, Present
from converter.ir.predicate import All, Always, Any, Compute, Field, Nested, Never, Not, Predicate, Test
from converter.ir.walk import rewrite_expression


def without_unmapped(predicate: Predicate, mapped: Container[str]) -> Predicate:
    """The predicate with null in place of optional fields outside `mapped`; a filter that folds to null is false.

    Raises EvaluationError `field-not-mapped` for a field that is neither mapped nor optional.
    """
    return _folded(predicate, mapped) or Never()


def _folded(predicate: Predicate, mapped: Container[str]) -> Predicate | None:
    """The predicate, or None if it folds to null: null swallows a `not`, absorbs an `and`, is dropped from an `or`."""
    match predicate:
        case All(items, span):
            every = [_folded(item, mapped) for item in items]
            kept = tuple(item for item in every if item is not None)
            return All(kept, span) if len(kept) == len(every) else None
        case Any(items, span):
            some = tuple(item for item in (_folded(item, mapped) for item in items) if item is not None)
            return Any(some, span) if some or not items else None
        case Not(item, span):
            inner = _folded(item, mapped)
            return None if inner is None else Not(inner, span)
        case Nested(path, item, span):
            inner = _folded(item, mapped)
            return None if inner is None else Nested(path, inner, span)
        case Test(Field() as field, matchers):
            return predicate if is_mapped(field, mapped) else _null_test(matchers)
        case Compute(expression, span):
            return Compute(_with_nulls(expression, mapped), span)
        case Test() | Always() | Never():
            return predicate
        case _:
            assert_never(predicate)


def _null_test(matchers: tuple[Matcher, ...]) -> Predicate | None:
    """Equality with null and existence are false; any other operator gives null."""
    match matchers:
        case (Present(),) | (Equal(_, False),):
            return Never()
        case _:
            return None


def is_mapped(field: Field | FieldValue, mapped: Container[str]) -> bool:
    """Whether a mapping defines the field; raises EvaluationError `field-not-mapped` if none does and it is not
    optional."""
    if field.name in mapped:
        return True
    if field.optional:
        return False
    raise EvaluationError(
        "field-not-mapped", f"no mapping defines the field `{field.name}`", advice="write `?` in front of it"
    )


def _with_nulls(expression: Expression, mapped: Container[str]) -> Expression:
    def replaced(item: Expression) -> Expression:
        return Constant(None) if isinstance(item, FieldValue) and not is_mapped(item, mapped) else item

    return rewrite_expression(expression, replaced)
