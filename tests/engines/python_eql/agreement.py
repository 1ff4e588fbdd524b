"""Which queries, and which events of a query, python-eql and Elasticsearch have to agree about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from converter.events.event import Event, Scalar
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
    Null,
    Number,
    Or,
    Sample,
    Sequence,
    Signed,
    Stage,
    Statement,
    String,
)
from converter.languages.eql.usage import unknown_fields
from converter.schema.catalogue import Catalogue, FieldType
from tests.engines.python_eql.difference import Difference

_NUMBER = (Number, Signed, Arithmetic)
_LITERALS = {FieldType.LONG: _NUMBER, FieldType.DOUBLE: _NUMBER, FieldType.BOOLEAN: (Boolean,)}
_EXPRESSION = re.compile(r"(?:(?:[\w /-]|\\[.*+?()\[\]{}|\\]|\.|\[[\w-]+\]|\([\w|]+\))[*+?]?)*\.\*", re.ASCII)
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_INTEGER = re.compile(r"-?\d{1,9}")
_CONDITIONS = (And, Or, Not, Compare, Contained, Match)


@dataclass(frozen=True, slots=True)
class Needs:
    """What an event must be like to be compared: one value at most in `read`, one in `present` and `keys`."""

    types: dict[str, FieldType]
    present: frozenset[str]
    keys: frozenset[str]


def needs(statement: Statement, catalogue: Catalogue) -> Needs:
    """What a query asks of the events on which both engines agree about it."""
    known = catalogue.retyped(unknown_fields(statement, catalogue))
    read = {node.name for node in _nodes(statement) if isinstance(node, FieldName)}
    present = {
        name
        for condition in _conditions(statement)
        for test, negated in _tests(condition, False)
        if negated
        for name in _fields(test)
    }
    return Needs({name: known[name].type for name in sorted(read)}, frozenset(present), frozenset(_keys(statement)))


def event_differences(event: Event, needs: Needs, category_field: str = "event.category") -> Iterator[Difference]:
    """Why an event cannot be compared; nothing if it can."""
    if len(event.fields.get(category_field, ())) > 1:
        yield Difference.LIST
    for name, field_type in needs.types.items():
        values = event.fields.get(name, ())
        if len(values) > 1:
            yield Difference.LIST
        if not values and name in needs.keys:
            yield Difference.MISSING_KEY
        if not values and name in needs.present:
            yield Difference.NEGATED_MISSING
        for value in values:
            yield from _value_differences(value, field_type)


def _value_differences(value: Scalar, field_type: FieldType) -> Iterator[Difference]:
    match value:
        case str():
            if field_type is FieldType.IP and not _IPV4.fullmatch(value):
                yield Difference.FIELD_TYPE
            if field_type.is_number or field_type is FieldType.BOOLEAN:
                yield Difference.VALUE_TYPE
            if "\n" in value:
                yield Difference.LINE_BREAK
            if not value.isascii():
                yield Difference.LETTERS
        case bool():
            if field_type is not FieldType.BOOLEAN:
                yield Difference.VALUE_TYPE
        case int():
            if not field_type.is_number:
                yield Difference.VALUE_TYPE
        case float():
            yield Difference.VALUE_TYPE


def query_differences(statement: Statement, catalogue: Catalogue) -> Iterator[Difference]:
    """Why a query cannot be compared, with repetitions; nothing if it can. It has lowered without an error."""
    known = catalogue.retyped(unknown_fields(statement, catalogue))
    match statement.query:
        case Sample():
            yield Difference.SAMPLE
        case Sequence():
            yield from _sequence_differences(statement.query)
        case Filter():
            pass
    for condition in _conditions(statement):
        for test, negated in _tests(condition, False):
            yield from _test_differences(test, negated, known)


def _sequence_differences(query: Sequence) -> Iterator[Difference]:
    if any(stage.missing for stage in query.stages):
        yield Difference.MISSING_STAGE
    if query.maxspan and query.maxspan.milliseconds % 1000:
        yield Difference.SHORT_SPAN
    if query.until:
        categories = {stage.filter.category for stage in query.stages}
        if None in categories or query.until.filter.category in {None, *categories}:
            yield Difference.UNTIL_IN_A_STAGE


def _tests(condition: Expression, negated: bool) -> Iterator[tuple[Expression, bool]]:
    """The leaves of a condition, and whether an odd number of negations stands around each.

    `x == null` is never negated: both engines ask for the value and have two answers.
    """
    match condition:
        case Not(item):
            yield from _tests(item, not negated)
        case And(items) | Or(items):
            for item in items:
                yield from _tests(item, negated)
        case Contained():
            yield condition, negated != condition.negated
        case Compare(_, Null(), _) | Compare(_, _, Null()):
            yield condition, False
        case Compare(operator, left, right):
            yield from _compared(condition, left, right, negated != (operator == "!="))
        case _:
            yield condition, negated


def _compared(node: Compare, left: Expression, right: Expression, negated: bool) -> Iterator[tuple[Expression, bool]]:
    """`e == false` is `not e` for conditions and calls, not for fields (spec eql 6.3)."""
    item, constant = (right, left) if isinstance(left, Boolean) else (left, right)
    if isinstance(constant, Boolean) and isinstance(item, (*_CONDITIONS, Call)):
        yield from _tests(item, negated == constant.value)
    else:
        yield node, negated


def _test_differences(test: Expression, negated: bool, known: Catalogue) -> Iterator[Difference]:
    yield from _literal_differences(test, known)
    if isinstance(test, Match):
        yield from _pattern_differences(test)
    for node in _nodes(test):
        if isinstance(node, Null) and not (isinstance(test, Compare) and node in (test.left, test.right)):
            yield Difference.NULL_VALUE
        if node is not test and isinstance(node, _CONDITIONS):
            yield Difference.CONDITION_AS_VALUE
        if isinstance(node, Arithmetic) and node.operator in {"/", "%"}:
            yield from _division_differences(node.left, node.right)
        if isinstance(node, Call):
            yield from _call_differences(node)
            if node.function == "between" and (negated or not _finds_text(test, node)):
                yield Difference.NOTHING_BETWEEN
            if node.function == "indexOf" and negated:
                yield Difference.NEGATED_ABSENCE


def _literal_differences(test: Expression, known: Catalogue) -> Iterator[Difference]:
    """A comparison of a field with constants of another kind than its own."""
    compared, constants = _field_and_constants(test)
    if compared is None or all(isinstance(constant, Null) for constant in constants):
        return
    field_type = known[compared].type
    if not (field_type.is_string or field_type in _LITERALS or field_type is FieldType.IP):
        yield Difference.FIELD_TYPE
    for constant in constants:
        if not isinstance(constant, _LITERALS.get(field_type, (String,))):
            yield Difference.LITERAL_TYPE
        if field_type is FieldType.IP and not (isinstance(constant, String) and _IPV4.fullmatch(constant.value)):
            yield Difference.FIELD_TYPE


def _field_and_constants(test: Expression) -> tuple[str | None, tuple[Expression, ...]]:
    match test:
        case Compare(_, FieldName(name), right):
            return name, (right,)
        case Compare(_, left, FieldName(name)):
            return name, (left,)
        case Contained(FieldName(name), items):
            return name, items
        case Match(FieldName(name), _, patterns):
            return name, patterns
        case _:
            return None, ()


def _pattern_differences(test: Match) -> Iterator[Difference]:
    for pattern in test.patterns:
        text = pattern.value if isinstance(pattern, String) else ""
        if not text.isascii():
            yield Difference.LETTERS
        if test.operator.startswith("regex"):
            if not text.endswith(".*"):
                yield Difference.OPEN_EXPRESSION
            elif not _EXPRESSION.fullmatch(text):
                yield Difference.DIALECT
        elif "?" in text:
            yield Difference.QUESTION_MARK


def _division_differences(left: Expression, right: Expression) -> Iterator[Difference]:
    """Lengths divided by constants above zero are never negative."""
    divided = isinstance(left, Call) and left.function == "length"
    if not (divided and isinstance(right, Number) and right.value):
        yield Difference.DIVISION


def _call_differences(call: Call) -> Iterator[Difference]:
    texts = [argument.value for argument in call.arguments[1:] if isinstance(argument, String)]
    match call.function:
        case "endsWith" | "stringContains" if any(re.search(r"[*?\\]", text) for text in texts):
            yield Difference.LEAK
        case "stringContains" if not texts:
            yield Difference.EMPTY_TEXT
        case "divide" | "modulo":
            yield from _division_differences(call.arguments[0], call.arguments[1])
        case "indexOf" if any(not isinstance(start, Number) for start in call.arguments[2:]):
            yield Difference.NEGATIVE_START
        case "number" if not _is_number(call):
            yield Difference.NO_NUMBER
    if call.function not in {"concat", "string", "number"} and not all(texts):
        yield Difference.EMPTY_TEXT


def _is_number(call: Call) -> bool:
    """A numeral, or what `string` makes of a length."""
    match call.arguments:
        case (String(text),):
            return bool(_INTEGER.fullmatch(text))
        case (Call("string", (Call("length"),)),):
            return True
        case _:
            return False


def _finds_text(test: Expression, between: Call) -> bool:
    """Whether a test of `between` is true only of a text that is not empty."""
    match test:
        case Compare("==", left, String(text)) if left is between:
            return bool(text)
        case Contained(value, items) if value is between:
            return all(isinstance(item, String) and item.value for item in items)
        case _:
            return False


def _conditions(statement: Statement) -> Iterator[Expression]:
    match statement.query:
        case Filter(_, condition):
            yield condition
        case Sequence(_, _, stages, until):
            yield from (stage.filter.condition for stage in (*stages, *([until] if until else [])))
        case Sample(_, stages):
            yield from (stage.filter.condition for stage in stages)


def _keys(statement: Statement) -> Iterator[str]:
    """The join keys that have to be there."""
    for node in _nodes(statement.query):
        if isinstance(node, Sequence | Sample | Stage):
            yield from (key.name for key in node.keys if not key.optional)


def _fields(node: object) -> Iterator[str]:
    return (item.name for item in _nodes(node) if isinstance(item, FieldName))


def _nodes(node: object) -> Iterator[object]:
    """A node of the syntax tree and all below it."""
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif is_dataclass(node):
        yield node
        for attribute in fields(node):
            if attribute.name != "span":
                yield from _nodes(getattr(node, attribute.name))
