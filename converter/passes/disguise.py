"""Functions that are patterns in disguise: `length(f) > 0`, `indexOf(f, "x") >= 0`, `substring(f, 0, 1) == "x"`.

A script leaf that asks one value of one field what a pattern could ask becomes that pattern, so that no target needs a
script for it. Only rewritings that are exact for every text and every list of values are made; lengths beyond one are
left alone, since they count UTF-16 units and a pattern counts characters.
"""

from collections.abc import Callable

from converter.evaluate.units import length
from converter.ir.expression import Both, Call, Compare, Constant, Either, Expression, FieldValue, IsNull, Matches
from converter.ir.literal import NumberLiteral, TextLiteral
from converter.ir.matcher import Equal, Like, Matcher, Present
from converter.ir.pattern import ANY_ONE, ANY_RUN, Pattern, pattern
from converter.ir.predicate import All, Any, Compute, Field, Never, Not, Predicate, Test
from converter.ir.span import Span
from converter.ir.walk import rewrite

_MIRRORED = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

_NULL_ONLY_FOR_NULL = frozenset(
    {"length", "startsWith", "endsWith", "stringContains", "string", "substring", "concat", "between", "upper", "lower"}
)
"""Functions that are null if, and only if, an argument that has to be there is null."""


def reveal_patterns(predicate: Predicate) -> Predicate:
    """The same predicate with tests in place of those script leaves that ask no more than a test."""
    return rewrite(predicate, _reveal_leaf)


def _reveal_leaf(node: Predicate) -> Predicate:
    return _part(node.expression, node.span) if isinstance(node, Compute) else node


def _reveal(expression: Expression, span: Span | None) -> Predicate | None:
    """The predicate that an expression amounts to, None if it has to stay a script.

    Occurrences have values of their own, so the parts of an `and` or `or` are leaves of their own too.
    """
    match expression:
        case Both(items):
            return All(tuple(_part(item, span) for item in items), span)
        case Either(items):
            return Any(tuple(_part(item, span) for item in items), span)
        case Call(function, (FieldValue() as source, Constant(TextLiteral(text))), False):
            return _call(function, source, text, span)
        case Compare(operator, Call() as call, Constant(literal)):
            return _compared(operator, call, literal, span)
        case Compare(operator, Constant(literal), Call() as call):
            return _compared(_MIRRORED[operator], call, literal, span)
        case Matches(FieldValue() as source, matchers):
            return _test(source, matchers, span)
        case Matches(Call("substring", arguments), matchers):
            return _substring(arguments, matchers, span)
        case IsNull(item):
            absent = _null_with(item)
            return None if absent is None else Not(_test(absent, (Present(),), span), span)
        case _:
            return None


def _part(item: Expression, span: Span | None) -> Predicate:
    return _reveal(item, span) or Compute(item, span)


def _test(source: FieldValue, matchers: tuple[Matcher, ...], span: Span | None) -> Test:
    return Test(Field(source.name, source.optional), matchers, span)


def _call(function: str, source: FieldValue, text: str, span: Span | None) -> Predicate | None:
    """A boolean function of a field and a text."""
    matcher: Matcher | None
    match function:
        case "startsWith":
            matcher = Like(pattern(text, ANY_RUN)) if text else Present()
        case "endsWith":
            matcher = Like(pattern(ANY_RUN, text)) if text else Present()
        case "stringContains":
            matcher = Like(pattern(ANY_RUN, text, ANY_RUN)) if text else None
        case _:
            return None
    return Never(span) if matcher is None else _test(source, (matcher,), span)


def _compared(operator: str, call: Call, literal: object, span: Span | None) -> Predicate | None:
    """A function of a field compared with a constant."""
    match call, literal:
        case Call("length", (FieldValue() as source,)), NumberLiteral(int(count)):
            return _length(operator, source, count, span)
        case Call("indexOf", (FieldValue() as source, Constant(TextLiteral(text))), False), NumberLiteral(int(place)):
            return _index(operator, source, text, place, span)
        case Call("substring", arguments), TextLiteral() if operator == "==":
            return _substring(arguments, (Equal(literal),), span)
        case _:
            return None


def _length(operator: str, source: FieldValue, count: int, span: Span | None) -> Predicate | None:
    match operator, count:
        case (">", 0) | (">=", 1):
            return _test(source, (Like((ANY_ONE, ANY_RUN)),), span)
        case ("==", 0) | ("<=", 0) | ("<", 1):
            return _test(source, (Equal(TextLiteral("")),), span)
        case (">" | ">=", _) if count < 0 or (operator, count) == (">=", 0):
            return _test(source, (Present(),), span)
        case ("<" | "<=" | "==", _) if count < 0 or (operator, count) == ("<", 0):
            return Never(span)
        case _:
            return None


def _index(operator: str, source: FieldValue, text: str, place: int, span: Span | None) -> Predicate | None:
    """Positions are never negative and null is no position, so `>= 0` means that the text occurs."""
    if (operator, place) in {(">=", 0), (">", -1)}:
        return _test(source, (Like(pattern(ANY_RUN, text, ANY_RUN)) if text else Present(),), span)
    if (operator, place) in {("==", 0), ("<=", 0), ("<", 1)}:
        return _test(source, (Like(pattern(text, ANY_RUN)) if text else Present(),), span)
    return None


def _substring(arguments: tuple[Expression, ...], matchers: tuple[Matcher, ...], span: Span | None) -> Predicate | None:
    """The beginning or the end of a field, compared with texts."""
    found = _end_of_text(arguments)
    if found is None or not all(isinstance(matcher, Equal) for matcher in matchers):
        return None
    source, units, like = found
    tests: list[Matcher] = []
    for matcher in matchers:
        if not (isinstance(matcher, Equal) and isinstance(matcher.value, TextLiteral)):
            return None
        text = matcher.value.value
        if length(text) < units:
            tests.append(matcher)  # the value was too short to be cut
        elif length(text) == units:
            tests.append(Like(like(text), matcher.ignore_case))
    return _test(source, tuple(tests), span) if tests else Never(span)


def _end_of_text(
    arguments: tuple[Expression, ...],
) -> tuple[FieldValue, int, Callable[[str], Pattern]] | None:
    """The field, how many units of it are taken, and what a text at that end of it looks like as a pattern."""
    match arguments:
        case (FieldValue() as source, Constant(NumberLiteral(0)), Constant(NumberLiteral(int(units)))) if units > 0:
            return source, units, lambda text: pattern(text, ANY_RUN)
        case (FieldValue() as source, Constant(NumberLiteral(int(start)))) if start < 0:
            return source, -start, lambda text: pattern(ANY_RUN, text)
        case _:
            return None


def _null_with(expression: Expression) -> FieldValue | None:
    """The field whose absence is all that can make the expression null."""
    match expression:
        case FieldValue():
            return expression
        case Call(function, (FieldValue() as source, *rest)) if function in _NULL_ONLY_FOR_NULL:
            constants = [item for item in rest if isinstance(item, Constant) and item.value is not None]
            return source if len(constants) == len(rest) else None
        case _:
            return None
