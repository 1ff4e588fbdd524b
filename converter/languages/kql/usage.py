"""Types of fields that no catalogue knows, guessed from how the query uses them (spec kql 4.3, last paragraph)."""

from collections.abc import Iterator
from dataclasses import dataclass

from converter.languages.kql.tree import (
    And,
    Expression,
    Literal,
    Match,
    Nested,
    Not,
    Or,
    Range,
    ValueAnd,
    ValueNot,
    ValueOr,
    Values,
)
from converter.languages.value import is_date, is_number
from converter.schema.catalogue import Catalogue, FieldType


@dataclass(frozen=True, slots=True)
class Use:
    """The literals that a field is compared with in one place."""

    field: str
    values: Values
    ordered: bool


def unknown_fields(uses: list[Use], catalogue: Catalogue) -> dict[str, FieldType]:
    """The guessed type of every field that the catalogue does not know, in order of appearance."""
    unknown = {name for name in {use.field for use in uses} if name not in catalogue}
    found: dict[str, list[Use]] = {}
    for use in uses:
        if use.field in unknown:
            found.setdefault(use.field, []).append(use)
    return {name: _type(of_one) for name, of_one in found.items()}


def _type(uses: list[Use]) -> FieldType:
    values = [value for use in uses for value in literals(use.values) if not value.is_everything]
    if any(use.ordered for use in uses):
        if all(is_number(value.text or "") for value in values):
            return FieldType.DOUBLE
        if all(is_date(value.text or "") for value in values):
            return FieldType.DATE
    elif values and all(value.constant in {"true", "false"} for value in values):
        return FieldType.BOOLEAN
    return FieldType.KEYWORD


def uses(tree: Expression, prefix: str = "") -> Iterator[Use]:
    """Every comparison of a field named without wildcards, by its full name."""
    match tree:
        case Match(Literal() as field, values):
            if (name := field.text) is not None and field.constant != "null":
                yield Use(prefix + name, values, ordered=False)
        case Range(field, _, value):
            if (name := field.text) is not None:
                yield Use(prefix + name, value, ordered=True)
        case Nested(path, item):
            yield from uses(item, f"{prefix}{path.text}.")
        case And(items) | Or(items):
            for item in items:
                yield from uses(item, prefix)
        case Not(item):
            yield from uses(item, prefix)


def literals(values: Values) -> Iterator[Literal]:
    """The leaves of a value list, left to right."""
    match values:
        case Literal():
            yield values
        case ValueAnd(items) | ValueOr(items):
            for item in items:
                yield from literals(item)
        case ValueNot(item):
            yield from literals(item)
