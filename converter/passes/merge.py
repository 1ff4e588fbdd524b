"""Tests on one field become one test, where that is sound: below `Any`, and all of them positive.

Below `All` it would be wrong: two conditions on a field may be met by two different values (spec eql 8).
"""

from collections.abc import Iterable

from converter.ir.predicate import Any, FieldRef, Predicate, Test
from converter.ir.span import Span
from converter.ir.walk import rewrite


def merge_tests(predicate: Predicate) -> Predicate:
    """The same predicate with one test per field below every `Any`, where the first of them stood."""
    return rewrite(predicate, lambda node: Any(merged(node.items), node.span) if isinstance(node, Any) else node)


def merged(items: Iterable[Predicate]) -> tuple[Predicate, ...]:
    """Alternatives with all tests on one field as one test, every matcher once."""
    out: list[Predicate | FieldRef] = []
    tests: dict[FieldRef, list[Test]] = {}
    for item in items:
        if not isinstance(item, Test):
            out.append(item)
        elif item.field in tests:
            tests[item.field].append(item)
        else:
            tests[item.field] = [item]
            out.append(item.field)
    return tuple(_one(tests[item]) if isinstance(item, FieldRef) else item for item in out)


def _one(tests: list[Test]) -> Test:
    first = tests[0]
    matchers = dict.fromkeys(matcher for test in tests for matcher in test.matchers)
    if len(tests) == 1 and len(matchers) == len(first.matchers):
        return first
    return Test(first.field, tuple(matchers), _from(first.span, tests[-1].span))


def _from(first: Span | None, last: Span | None) -> Span | None:
    return first.to(last) if first is not None and last is not None else first
