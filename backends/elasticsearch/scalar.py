"""Literals as the JSON values that Elasticsearch takes for a field of their type."""

from typing import assert_never

from backends.elasticsearch.clause import Scalar
from converter import ir


def scalar(literal: ir.Literal) -> Scalar:
    """The literal as JSON: texts, numbers and truth values as such, everything else as its text."""
    match literal:
        case ir.TextLiteral(value) | ir.NumberLiteral(value) | ir.BooleanLiteral(value):
            return value
        case ir.DateLiteral(text) | ir.AddressLiteral(text) | ir.VersionLiteral(text):
            return text
        case _:
            assert_never(literal)
