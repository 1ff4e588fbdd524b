"""Constants: what is always or never true disappears from the conditions around it."""

from converter.ir.predicate import All, Always, Any, Nested, Never, Not, Predicate, Test
from converter.ir.walk import rewrite


def fold_constants(predicate: Predicate) -> Predicate:
    """The same predicate with `Always` and `Never` only where one of them is all that is left."""
    return rewrite(predicate, _fold)


def _fold(node: Predicate) -> Predicate:
    match node:
        case All(items, span):
            kept = tuple(item for item in items if not isinstance(item, Always))
            if any(isinstance(item, Never) for item in kept):
                return Never(span)
            return All(kept, span) if kept else Always(span)
        case Any(items, span):
            left = tuple(item for item in items if not isinstance(item, Never))
            if any(isinstance(item, Always) for item in left):
                return Always(span)
            return Any(left, span) if left else Never(span)
        case Not(Always(), span) | Nested(_, Never(), span) | Test(_, (), span):
            return Never(span)
        case Not(Never(), span):
            return Always(span)
        case _:
            return node
