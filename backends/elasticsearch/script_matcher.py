"""Matchers as parameters of a script: what one computed value has to satisfy."""

import math
from typing import assert_never

from backends.elasticsearch import escape
from backends.elasticsearch.kind import Kind, fits, kind_of_literal
from backends.elasticsearch.refusal import InexpressibleError
from backends.elasticsearch.scalar import scalar
from converter import ir
from converter.ir.span import Span

_LONG = range(-(2**63), 2**63)


def encoded_matcher(matcher: ir.Matcher, kind: Kind, span: Span | None) -> list[object]:
    """The matcher for values of a kind. Raises InexpressibleError for what scripts cannot say of such values."""
    match matcher:
        case ir.Present():
            return ["present"]
        case ir.Equal(literal, ignore_case):
            name = "equal~" if ignore_case and kind_of_literal(literal) is Kind.TEXT else "equal"
            return [name, _literal_of(kind, literal, span)]
        case ir.Range(low, high, open_low, open_high) if kind is not Kind.BOOLEAN:
            bounds = {">" if open_low else ">=": low, "<" if open_high else "<=": high}
            found = {name: _literal_of(kind, bound, span) for name, bound in bounds.items() if bound is not None}
            return ["range", found]
        case ir.Like(pattern, ignore_case) if fits(kind, Kind.TEXT):
            return ["like~" if ignore_case else "like", escape.wildcard(pattern)]
        case ir.Network(block) if fits(kind, Kind.TEXT):
            return ["network", block]
        case ir.Regex():
            raise InexpressibleError(
                "elasticsearch-script-regex", "scripts take no regular expression as a parameter", span=span
            )
        case ir.Range() | ir.Like() | ir.Network() | ir.Phrase():
            raise InexpressibleError("elasticsearch-script-type", f"no script tests {kind.value} so", span=span)
        case _:
            assert_never(matcher)


def encoded_literal(literal: ir.Literal, span: Span | None) -> str | int | float | bool:
    """A constant. Raises InexpressibleError for numbers that neither 64-bit integers nor doubles are."""
    value = scalar(literal)
    infinite = isinstance(value, float) and not math.isfinite(value)
    if infinite or (isinstance(value, int) and value not in _LONG):
        raise InexpressibleError("elasticsearch-script-number", f"the number {value} does not fit 64 bits", span=span)
    return value


def _literal_of(kind: Kind, literal: ir.Literal, span: Span | None) -> str | int | float | bool:
    if not fits(kind_of_literal(literal), kind) and kind is not Kind.UNKNOWN:
        raise InexpressibleError(
            "elasticsearch-script-type",
            f"a script compares {kind.value} with {kind_of_literal(literal).value}",
            span=span,
        )
    return encoded_literal(literal, span)
