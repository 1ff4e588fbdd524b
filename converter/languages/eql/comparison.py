"""Comparisons, brought into the one form that Elasticsearch runs: something on the left, a constant on the right."""

from dataclasses import dataclass
from typing import Final

from converter.events.event import Scalar
from converter.languages.eql.folding import fold
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal
from converter.languages.eql.tree import Compare, Contained, Expression, FieldName

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator value`, the right side folded; `right` is where it stood."""

    left: Expression
    operator: str
    value: Scalar | None
    right: Expression


def oriented(node: Compare, reading: Reading) -> Comparison:
    """The comparison with its constant on the right (spec eql 4). Raises RuleError if neither side is constant."""
    found = fold(node.right, reading)
    if found is not None:
        return Comparison(node.left, node.operator, found.value, node.right)
    found = fold(node.left, reading)
    if found is not None:
        return Comparison(node.right, _MIRRORED.get(node.operator, node.operator), found.value, node.left)
    match node.left, node.right:
        case FieldName() as left, FieldName() as right if reading.may_be_null(left) and reading.may_be_null(right):
            # Elasticsearch runs this only if one of them is unmapped, and then it is a test whether the other is null.
            reading.assume("field-unmapped", f"no mapping defines {right.name}, which is therefore null", right.name)
            return Comparison(left, node.operator, None, right)
        case _:
            raise _two_fields(node)


def constant_items(node: Contained, reading: Reading) -> list[tuple[Scalar | None, Expression]]:
    """The values of a list with their places. Raises RuleError at an item that reads a field."""
    values: list[tuple[Scalar | None, Expression]] = []
    for item in node.items:
        found = fold(item, reading)
        if found is None:
            raise refusal(
                "eql-field-to-field",
                "a list takes constants only",
                item.span,
                advice="write a comparison for every item and join them with `or`",
            )
        values.append((found.value, item))
    return values


def _two_fields(node: Compare) -> Exception:
    plain = isinstance(node.left, FieldName) and isinstance(node.right, FieldName)
    equality = plain and node.operator in {"==", "!="}
    return refusal(
        "eql-field-to-field",
        "one side of a comparison has to be a constant",
        node.span,
        advice="compare two text fields with a function of both: startsWith(a, b) and endsWith(a, b)"
        if equality
        else "subtract one side from the other and compare the result with 0"
        if plain
        else "bring all fields to one side",
    )
