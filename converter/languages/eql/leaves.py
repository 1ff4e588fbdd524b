"""Leaves: tests of one field that Elasticsearch's index answers, and script leaves (spec eql 6.3)."""

from converter.events.event import Scalar
from converter.ir.literal import BooleanLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present
from converter.ir.pattern import ANY_RUN, pattern
from converter.ir.predicate import Compute, Field, Predicate, Test
from converter.languages.eql import kinds, literals, scripts, tree
from converter.languages.eql.folding import fold
from converter.languages.eql.kinds import Kind
from converter.languages.eql.patterns import leaked_parts, leaks, pattern_matcher
from converter.languages.eql.reading import Reading
from converter.languages.eql.refusal import refusal
from converter.schema.catalogue import FieldType

_PUSHED = frozenset({"startsWith", "endsWith", "stringContains", "cidrMatch"})


def field_test(name: tree.FieldName, matchers: tuple[Matcher, ...], at: tree.Expression) -> Test:
    return Test(Field(name.name, name.optional), matchers, at.span)


def flag(name: tree.FieldName, reading: Reading) -> Test:
    """A bare boolean field: it means `field == true`."""
    info = kinds.check_field(name, reading)
    if info.type is not FieldType.BOOLEAN:
        raise refusal(
            "eql-condition",
            f"{name.name} is {kinds.field_kind(info)}, not a condition",
            name.span,
            expected="true or false",
            advice=f"compare it with something: {name.name} != null asks for its existence",
        )
    return field_test(name, (Equal(BooleanLiteral(True)),), name)


def boolean_call(call: tree.Call, reading: Reading) -> Predicate | None:
    """A function as a condition, pushed down to the index where Elasticsearch does so; None if it is null."""
    kinds.require(call, Kind.BOOLEAN, reading, f"the result of {call.function}")
    kinds.check_arguments(call, reading)
    source, *others = call.arguments
    if call.function == "cidrMatch":
        _check_address(source, reading)
    if call.function in _PUSHED and isinstance(source, tree.FieldName):
        constants = [fold(other, reading) for other in others]
        if None not in constants:
            values = [constant.value for constant in constants if constant is not None]
            return _pushed(call, source, values, reading)
    if call.function == "cidrMatch":
        raise_unless_constant(call, reading)
    return Compute(scripts.computed(call, reading), call.span)


def raise_unless_constant(call: tree.Call, reading: Reading) -> None:
    """`cidrMatch` takes literal blocks only (spec eql 9)."""
    for block in call.arguments[1:]:
        if fold(block, reading) is None:
            raise refusal("eql-type-mismatch", "the blocks of cidrMatch are constants", block.span, expected="a text")


def _check_address(source: tree.Expression, reading: Reading) -> None:
    kind = kinds.kind_of(source, reading)
    allowed = {Kind.ADDRESS, Kind.UNKNOWN} if isinstance(source, tree.FieldName) else {Kind.TEXT, Kind.UNKNOWN}
    if kind not in allowed:
        raise refusal("eql-type-mismatch", f"cidrMatch is given {kind}", source.span, expected="an IP address")


def _pushed(call: tree.Call, name: tree.FieldName, values: list[Scalar | None], reading: Reading) -> Test | None:
    kinds.check_field(name, reading)
    if None in values:
        return None
    if call.function == "cidrMatch":
        blocks = [
            literals.network(name.name, value, at)
            for value, at in zip(values, call.arguments[1:], strict=True)
            if value is not None
        ]
        return field_test(name, tuple(blocks), call)
    text = str(values[0])
    return field_test(name, (_text_matcher(call, text, reading),), call)


def _text_matcher(call: tree.Call, text: str, reading: Reading) -> Matcher:
    if not text:
        return Present()
    if call.function == "startsWith":
        return Like(pattern(text, ANY_RUN), call.ignore_case)
    if leaks(text):
        reading.note(
            "eql-wildcard-leak",
            f"{call.function} reads * and ? in {text!r:.80} as wildcards and \\ as an escape",
        )
    tail = [ANY_RUN] if call.function == "stringContains" else []
    return pattern_matcher(pattern(ANY_RUN, *leaked_parts(text), *tail), call.ignore_case)
