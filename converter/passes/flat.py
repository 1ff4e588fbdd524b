"""Levels that say nothing: a group inside a group of its kind, a group of one, a negation of a negation."""

from converter.ir.predicate import All, Any, Not, Predicate
from converter.ir.walk import rewrite


def flatten(predicate: Predicate) -> Predicate:
    """The same predicate without needless levels."""
    return rewrite(predicate, _flat)


def _flat(node: Predicate) -> Predicate:
    match node:
        case All(items, span):
            spliced = tuple(part for item in items for part in (item.items if isinstance(item, All) else (item,)))
            return spliced[0] if len(spliced) == 1 else All(spliced, span)
        case Any(items, span):
            spliced = tuple(part for item in items for part in (item.items if isinstance(item, Any) else (item,)))
            return spliced[0] if len(spliced) == 1 else Any(spliced, span)
        case Not(Not(item)):
            return item
        case _:
            return node
