"""Which queries are a fair question: both engines have to agree about them."""

import re
from collections.abc import Iterator

from converter.languages.eql.tree import (
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Contained,
    Expression,
    FieldName,
    Match,
    Null,
    Number,
    Sample,
    Sequence,
    Signed,
    Statement,
    String,
)
from converter.languages.eql.usage import unknown_fields
from converter.schema.catalogue import Catalogue, FieldType
from tests.engines.python_eql.difference import Difference
from tests.engines.python_eql.fair_event import IPV4
from tests.engines.python_eql.walk import CONDITIONS, conditions, leaves, nodes

_NUMBER = (Number, Signed, Arithmetic)
_LITERALS = {FieldType.LONG: _NUMBER, FieldType.DOUBLE: _NUMBER, FieldType.BOOLEAN: (Boolean,)}
_EXPRESSION = re.compile(r"(?:(?:[\w /-]|\\[.*+?()\[\]{}|\\]|\.|\[[\w-]+\]|\([\w|]+\))[*+?]?)*\.\*", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,9}")


def query_differences(statement: Statement, catalogue: Catalogue) -> Iterator[Difference]:
    """Why a query cannot be compared, with repetitions; nothing if it can. It has lowered without an error."""
    known = catalogue.retyped(unknown_fields(statement, catalogue))
    match statement.query:
        case Sample():
            yield Difference.SAMPLE
        case Sequence():
            yield from _sequence_differences(statement.query)
    for condition in conditions(statement):
        for test, negated in leaves(condition):
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


def _test_differences(test: Expression, negated: bool, known: Catalogue) -> Iterator[Difference]:
    yield from _literal_differences(test, known)
    if isinstance(test, Match):
        yield from _pattern_differences(test)
    for node in nodes(test):
        if isinstance(node, Null) and not (isinstance(test, Compare) and node in (test.left, test.right)):
            yield Difference.NULL_VALUE
        if node is not test and isinstance(node, CONDITIONS):
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
        if field_type is FieldType.IP and not (isinstance(constant, String) and IPV4.fullmatch(constant.value)):
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
