"""What the facts of a source decide of a predicate."""

from collections.abc import Mapping

from converter.events.event import Scalar
from converter.ir.predicate import All, Always, Any, Field, Never, Not, Predicate, Test
from converter.schema.accept import accepts
from converter.schema.simplify import all_of, always_if, any_of, negation

Facts = Mapping[str, tuple[Scalar, ...]]


def decided(predicate: Predicate, facts: Facts) -> Predicate:
    """The predicate on events that have exactly these values: tests of these fields replaced by their outcome and the
    constants taken out. Everything else stays as it is."""
    match predicate:
        case All(items, span):
            return all_of((decided(item, facts) for item in items), span)
        case Any(items, span):
            return any_of((decided(item, facts) for item in items), span)
        case Not(item, span):
            return negation(decided(item, facts), span)
        case Test(Field(name), matchers, span) if name in facts:
            holds = any(accepts(matcher, value) for value in facts[name] for matcher in matchers)
            return always_if(holds, span)
        case _:
            return predicate


def excluded(predicate: Predicate, facts: Facts) -> bool:
    """Whether no event with these values can satisfy the predicate."""
    return _outcome(predicate, facts) is False


def _outcome(predicate: Predicate, facts: Facts) -> bool | None:
    """What the facts decide, None if they leave it open; `decided` without building what remains."""
    match predicate:
        case Test(Field(name), matchers) if name in facts:
            return any(accepts(matcher, value) for value in facts[name] for matcher in matchers)
        case All(items):
            return _first(False, items, facts)
        case Any(items):
            return _first(True, items, facts)
        case Not(item):
            inner = _outcome(item, facts)
            return None if inner is None else not inner
        case Always() | Never():
            return isinstance(predicate, Always)
        case _:
            return None


def _first(deciding: bool, items: tuple[Predicate, ...], facts: Facts) -> bool | None:
    """The deciding outcome if an item has it, the other one if all items have that."""
    is_open = False
    for item in items:
        outcome = _outcome(item, facts)
        if outcome is deciding:
            return deciding
        is_open = is_open or outcome is None
    return None if is_open else not deciding
