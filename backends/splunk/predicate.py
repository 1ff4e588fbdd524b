"""Predicates in two layers: an upper bound in the search language, and the exact condition where that is not enough.

Spec splunk 2.1: a bound that is exact needs no `where`; the complement of an inexact bound would lose events, so a
negated leaf without an exact bound lives in `where` alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from backends.splunk import search, where
from backends.splunk.condition import computed
from backends.splunk.findings import Finding, InexpressibleError, RefusalError
from backends.splunk.leaf import Leaf, leaf
from converter import ir
from converter.ir.span import Span
from converter.losses import Loss
from converter.schema.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Layers:
    """`pre` holds at least wherever the predicate does, only there if `pre_exact`; `exact` is the predicate."""

    pre: search.Search
    pre_exact: bool
    exact: where.Where
    findings: tuple[Finding, ...] = ()


def layers(predicate: ir.Predicate, columns: Catalogue) -> list[Layers]:
    """The conjuncts of the predicate in both layers, in source order. Raises RefusalError for what SPL cannot say."""
    return [_layers(item, columns, negated=negated) for item, negated in _conjuncts(predicate, negated=False)]


def _conjuncts(predicate: ir.Predicate, *, negated: bool) -> Iterator[tuple[ir.Predicate, bool]]:
    """What has to hold all at once; the more conjuncts, the more of them the index can decide alone."""
    match predicate:
        case ir.Not(item):
            yield from _conjuncts(item, negated=not negated)
        case ir.All(items) if not negated:
            for item in items:
                yield from _conjuncts(item, negated=False)
        case ir.Any(items) if negated:
            for item in items:
                yield from _conjuncts(item, negated=True)
        case _:
            yield predicate, negated


def _layers(predicate: ir.Predicate, columns: Catalogue, *, negated: bool) -> Layers:
    match predicate:
        case ir.Not(item):
            return _layers(item, columns, negated=not negated)
        case ir.All(items):
            return _group([_layers(item, columns, negated=negated) for item in items], conjunction=not negated)
        case ir.Any(items):
            return _group([_layers(item, columns, negated=negated) for item in items], conjunction=negated)
        case ir.Always() | ir.Never():
            if isinstance(predicate, ir.Always) != negated:
                return Layers(search.Everything(), True, where.TRUE)
            return Layers(search.Nothing(), True, where.FALSE)
        case ir.Test():
            found = _leaf(predicate, columns)
            return found if not negated else _complement(found, predicate, columns)
        case ir.Compute(expression, span):
            return _computed(expression, span, columns, negated=negated)
        case ir.Nested(path, _, span):
            message = f"Splunk does not keep the objects under `{path}` apart"
            raise RefusalError(Loss("splunk-nested", message, field=path, span=span))
        case _:
            assert_never(predicate)


def _group(items: list[Layers], *, conjunction: bool) -> Layers:
    gather_search, gather_where = (search.both, where.both) if conjunction else (search.either, where.either)
    return Layers(
        _readable(gather_search([item.pre for item in items])),
        all(item.pre_exact for item in items),
        gather_where([item.exact for item in items]),
        _findings(item.findings for item in items),
    )


def _readable(node: search.Search) -> search.Search:
    """`NOT a NOT b` reads better as `NOT (a OR b)`."""
    match node:
        case search.And(items) if len(items) > 1 and all(isinstance(item, search.Not) for item in items):
            return search.Not(search.either([item.item for item in items if isinstance(item, search.Not)]))
        case _:
            return node


def _computed(expression: ir.Expression, span: Span | None, columns: Catalogue, *, negated: bool) -> Layers:
    try:
        found = computed(expression, columns)
    except InexpressibleError as error:
        raise RefusalError(error.loss(span=span)) from error
    if negated:
        return Layers(search.Everything(), False, found.complement, found.findings)
    return Layers(found.pre, False, found.exact, found.findings)


def _leaf(test: ir.Test, columns: Catalogue) -> Layers:
    found = _render(test, columns)
    return Layers(found.pre, found.pre_exact, found.exact, found.findings)


def _complement(positive: Layers, test: ir.Test, columns: Catalogue) -> Layers:
    found = _render(test, columns)
    if positive.pre_exact:
        return Layers(search.Not(found.pre), True, found.complement, positive.findings)
    return Layers(search.Everything(), False, found.complement, positive.findings)


def _render(test: ir.Test, columns: Catalogue) -> Leaf:
    if isinstance(test.field, ir.FieldPattern):
        return _any_field(test, test.field, columns)
    try:
        return leaf(replace(columns[test.field.name], name=test.field.name), test.matchers)
    except InexpressibleError as error:
        raise RefusalError(error.loss(test.field.name, test.span)) from error


def _any_field(test: ir.Test, field: ir.FieldPattern, columns: Catalogue) -> Leaf:
    """A pattern of names as an OR over the fields the catalogue knows."""
    names = columns.matching(field.pattern)
    if not names or field.pattern == (ir.ANY_RUN,):
        raise RefusalError(
            Loss("splunk-field-pattern", "a search over fields that no catalogue names is not written", span=test.span)
        )
    found = [_render(replace(test, field=ir.Field(name)), columns) for name in names]
    return Leaf(
        search.either([item.pre for item in found]),
        all(item.pre_exact for item in found),
        where.either([item.exact for item in found]),
        where.both([item.complement for item in found]),
        (
            Finding("splunk-known-fields", names[0].rpartition(".")[0] + ".*"),
            *_findings(item.findings for item in found),
        ),
    )


def _findings(groups: Iterable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(finding for group in groups for finding in group))
