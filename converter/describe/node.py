"""The intermediate representation as plain data, whole and reversible (docs/inspect.md, "Nodes").

Every node is an object that says its kind under `node` and has one key for each attribute, present even where it has
its default. Tuples are arrays. Numbers are texts with their kind beside them, since a reader of JSON may keep neither
the difference of 1 and 1.0 nor more than 53 bits.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from converter.ir import detection, expression, literal, matcher, predicate, regex
from converter.ir.pattern import AnyOne, AnyRun, Text
from converter.ir.span import Span

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NODES: dict[type, str] = {
    detection.Events: "events",
    detection.Sequence: "sequence",
    detection.Sample: "sample",
    detection.Threshold: "threshold",
    detection.NewTerms: "new-terms",
    detection.IndicatorMatch: "indicator-match",
    detection.Stage: "stage",
    detection.Take: "take",
    detection.IndicatorEntry: "indicator-entry",
    predicate.All: "all",
    predicate.Any: "any",
    predicate.Not: "not",
    predicate.Always: "always",
    predicate.Never: "never",
    predicate.Test: "test",
    predicate.Compute: "compute",
    predicate.Nested: "nested",
    predicate.Field: "field",
    predicate.FieldPattern: "field-pattern",
    matcher.Equal: "equal",
    matcher.Like: "like",
    matcher.Regex: "regex",
    matcher.Range: "range",
    matcher.Network: "network",
    matcher.Phrase: "phrase",
    matcher.Present: "present",
    Text: "text",
    AnyRun: "any-run",
    AnyOne: "any-one",
    literal.TextLiteral: "text-literal",
    literal.NumberLiteral: "number-literal",
    literal.BooleanLiteral: "boolean-literal",
    literal.DateLiteral: "date-literal",
    literal.AddressLiteral: "address-literal",
    literal.VersionLiteral: "version-literal",
    expression.FieldValue: "field-value",
    expression.Constant: "constant",
    expression.Call: "call",
    expression.Compare: "compare",
    expression.Matches: "matches",
    expression.IsNull: "is-null",
    expression.Both: "both",
    expression.Either: "either",
    expression.Negation: "negation",
    regex.Chars: "chars",
    regex.AnyChar: "any-char",
    regex.CharClass: "char-class",
    regex.Concat: "concat",
    regex.Alternation: "alternation",
    regex.Repeat: "repeat",
    regex.AnyText: "any-text",
    regex.NoText: "no-text",
    regex.Complement: "complement",
    regex.Intersection: "intersection",
    regex.Interval: "interval",
    regex.Boundary: "boundary",
}
"""What every kind of node is called; part of the published layout."""


def data_of(value: object) -> object:
    """A node, or what a node's attribute holds, as data that JSON can say."""
    match value:
        case StrEnum():
            return value.value
        case None | bool() | int() | str():
            return value
        case tuple():
            return [data_of(item) for item in value]
        case Span(start, end, line, column):
            return {"start": start, "end": end, "line": line, "column": column}
        case literal.NumberLiteral(number):
            kind = "integer" if isinstance(number, int) else "double"
            return {"node": NODES[type(value)], "kind": kind, "value": repr(number)}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {"node": NODES[type(value)], **{name: data_of(inner) for name, inner in _attributes(value)}}
        case _:
            raise TypeError(f"no node holds {value!r}")


def nodes(value: object) -> Iterator[object]:
    """The node and all nodes inside it, from left to right."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for _, inner in _attributes(value):
            yield from nodes(inner)


def _attributes(node: "DataclassInstance") -> Iterator[tuple[str, object]]:
    return ((attribute.name, getattr(node, attribute.name)) for attribute in fields(node))
