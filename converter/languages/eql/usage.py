"""Types of fields that no catalogue knows, guessed from how the query uses them.

An order says number or date, a pattern or text function says keyword, `cidrMatch` says address, a bare condition says
boolean. Equality says little: it decides only where nothing else does. What is used in two ways is a keyword.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from converter.languages.eql.kinds import Kind, parameter_kinds
from converter.languages.eql.tree import (
    And,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Contained,
    Expression,
    FieldName,
    Filter,
    Match,
    Not,
    Number,
    Or,
    Sample,
    Sequence,
    Signed,
    Statement,
    String,
)
from converter.languages.value import is_date
from converter.schema.catalogue import Catalogue, FieldType


@dataclass(frozen=True, slots=True)
class Use:
    """One hint at a field's type; a weak one gives way to any other. `type` None says nothing."""

    field: str
    type: FieldType | None
    weak: bool = False


_BY_KIND = {Kind.TEXT: FieldType.KEYWORD, Kind.NUMBER: FieldType.DOUBLE, Kind.BOOLEAN: FieldType.BOOLEAN}


def unknown_fields(statement: Statement, catalogue: Catalogue) -> dict[str, FieldType]:
    """The guessed type of every field that the catalogue does not know, in order of appearance."""
    found: dict[str, list[Use]] = {}
    for condition in _conditions(statement):
        for use in _uses(condition):
            if use.field not in catalogue:
                found.setdefault(use.field, []).append(use)
    return {name: _type(of_one) for name, of_one in found.items()}


def _type(uses: list[Use]) -> FieldType:
    strong = {use.type for use in uses if use.type and not use.weak}
    if not strong and {use.type for use in uses if use.type} == {FieldType.BOOLEAN}:
        return FieldType.BOOLEAN
    only = strong.pop() if len(strong) == 1 else None
    return only or FieldType.KEYWORD


def _conditions(statement: Statement) -> Iterator[Expression]:
    match statement.query:
        case Filter(_, condition):
            yield condition
        case Sequence(_, _, stages, until):
            yield from (stage.filter.condition for stage in stages)
            if until:
                yield until.filter.condition
        case Sample(_, stages):
            yield from (stage.filter.condition for stage in stages)


def _uses(node: Expression, wanted: FieldType | None = FieldType.BOOLEAN) -> Iterator[Use]:
    """The uses of fields in an expression; `wanted` is what stands where the expression itself stands."""
    match node:
        case FieldName(name):
            yield Use(name, wanted)
        case And(items) | Or(items):
            for item in items:
                yield from _uses(item)
        case Not(item):
            yield from _uses(item)
        case Signed(_, item):
            yield from _uses(item, FieldType.DOUBLE)
        case Arithmetic(_, left, right):
            yield from _uses(left, FieldType.DOUBLE)
            yield from _uses(right, FieldType.DOUBLE)
        case Compare(operator, left, right):
            yield from _compared(left, operator, right)
            yield from _compared(right, operator, left)
        case Contained(value, items):
            for item in items:
                yield from _compared(value, "==", item)
        case Match(value):
            yield from _uses(value, FieldType.KEYWORD)
        case Call():
            yield from _arguments(node)


def _compared(side: Expression, operator: str, other: Expression) -> Iterator[Use]:
    equality = operator in {"==", "!="}
    if not isinstance(side, FieldName):
        yield from _uses(side, None)
        return
    match other:
        case Boolean():
            yield Use(side.name, FieldType.BOOLEAN, weak=True)
        case String(value):
            kind = FieldType.DATE if not equality and is_date(value) else FieldType.KEYWORD
            yield Use(side.name, kind, weak=equality)
        case Number() | Signed() | Arithmetic():
            yield Use(side.name, None if equality else FieldType.DOUBLE)
        case _:
            yield Use(side.name, None)


def _arguments(call: Call) -> Iterator[Use]:
    first, *others = call.arguments
    if call.function == "cidrMatch":
        yield from _uses(first, FieldType.IP)
        for other in others:
            yield from _uses(other, None)
        return
    wanted = parameter_kinds(call.function)
    for position, argument in enumerate(call.arguments):
        yield from _uses(argument, _BY_KIND[wanted[position]] if position < len(wanted) else None)
