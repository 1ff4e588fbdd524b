"""Matchers against constants: what a fact or a mapped value decides without an event."""

from functools import lru_cache

from converter.evaluate.typed import ValuesTest, compile_matchers
from converter.events.event import Scalar
from converter.ir.matcher import Matcher
from converter.schema.catalogue import FieldInfo, FieldType


def accepts(matcher: Matcher, value: Scalar) -> bool:
    """Whether the matcher accepts the value, whose own type is the field's. The evaluator decides.

    Raises EvaluationError for a date relative to `now`.
    """
    return _compiled(matcher, _type(value))((value,))


@lru_cache(maxsize=4096)
def _compiled(matcher: Matcher, kind: FieldType) -> ValuesTest:
    return compile_matchers(FieldInfo("", kind), (matcher,), None)


def _type(value: Scalar) -> FieldType:
    match value:
        case bool():
            return FieldType.BOOLEAN
        case int():
            return FieldType.LONG
        case float():
            return FieldType.DOUBLE
        case str():
            return FieldType.KEYWORD
