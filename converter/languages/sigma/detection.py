"""Detections as predicates: pySigma parses and resolves identifiers, selectors, lists and modifiers, the tree that is
left becomes IR (spec sigma 2.2, 11.1). Sigma is two-valued, as the IR is: and, or, not translate one to one."""

from collections.abc import Iterable, Mapping

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaError
from sigma.rule import SigmaDetections

from converter.errors import RuleError
from converter.ir import All, Any, Not, Predicate
from converter.languages.sigma.value import keyword, test

LONGEST_CONDITION = 100_000
"""Characters of one condition."""

DEEPEST_CONDITION = 40
"""Parentheses within parentheses; pySigma's parser recurses many times a level."""


def lower(detection: Mapping[str, object]) -> Predicate:
    """The predicate of a `detection` section; several conditions are alternatives.

    Raises RuleError `sigma-rule` for what pySigma does not accept and `sigma-nesting` for a condition beyond reason,
    UnsupportedError `sigma-value` for a value that is not read.
    """
    _check_conditions(detection.get("condition"))
    try:
        parsed = SigmaDetections.from_dict(dict(detection))
        trees = [condition.parsed for condition in parsed.parsed_condition]
    except SigmaError as error:
        raise RuleError("sigma-rule", f"pySigma does not accept the detection: {error}") from error
    return _joined(Any, [_lowered(tree) for tree in trees])


def _check_conditions(written: object) -> None:
    conditions: list[object] = written if isinstance(written, list) else [written]
    for condition in conditions or [None]:
        if not isinstance(condition, str):
            raise RuleError("sigma-rule", "the detection has no `condition`, or one that is not a text")
        if len(condition) > LONGEST_CONDITION or _depth(condition) > DEEPEST_CONDITION:
            raise RuleError("sigma-nesting", "the condition is longer or more deeply nested than any rule needs")


def _depth(condition: str) -> int:
    """Parentheses open at once, and the longest row of `not` counted like them."""
    depth = deepest = nots = 0
    for word in condition.replace("(", " ( ").replace(")", " ) ").split():
        depth += {"(": 1, ")": -1}.get(word, 0)
        nots = nots + 1 if word == "not" else nots if word == "(" else 0
        deepest = max(deepest, depth + nots)
    return deepest


def _lowered(tree: object) -> Predicate:
    match tree:
        case ConditionAND():
            return _joined(All, [_lowered(item) for item in tree.args])
        case ConditionOR():
            return _joined(Any, [_lowered(item) for item in tree.args])
        case ConditionNOT():
            return Not(_lowered(tree.args[0]))
        case ConditionFieldEqualsValueExpression():
            return test(tree.field, tree.value)
        case ConditionValueExpression():
            return keyword(tree.value)
        case _:
            raise RuleError("sigma-rule", "the condition asks for nothing")


def _joined(kind: type[All] | type[Any], items: Iterable[Predicate]) -> Predicate:
    known = tuple(items)
    return known[0] if len(known) == 1 else kind(known)
