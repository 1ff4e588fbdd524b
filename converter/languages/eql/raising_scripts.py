"""Script leaves back to EQL: value expressions as functions, arithmetic and nested conditions (spec eql 6.3, 6.4)."""

from typing import Final

from converter.errors import RuleError
from converter.ir.expression import (
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Expression,
    FieldValue,
    IsNull,
    Matches,
    Negation,
)
from converter.ir.literal import BooleanLiteral
from converter.ir.matcher import Matcher
from converter.languages.eql import tree
from converter.languages.eql.folding import OPERATOR_FUNCTIONS, Folded, fold
from converter.languages.eql.reading import Reading
from converter.languages.eql.spelling import NOWHERE, alternatives, constant, joined
from converter.languages.eql.vocabulary import FUNCTIONS
from converter.languages.raised import Findings, InexpressibleError

_OPERATORS: Final = {function: operator for operator, function in OPERATOR_FUNCTIONS.items()}
_NULL: Final = tree.Null(NOWHERE)
_PUSHED: Final = frozenset({"startsWith", "endsWith", "stringContains"})
"""Functions of a field and a text that Elasticsearch answers from its index (spec eql 6.3)."""


class Scripts:
    """Raises the script leaves of one detection. Every method raises InexpressibleError for what EQL cannot say."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._reading = Reading(findings.catalogue)

    def condition(self, expression: Expression) -> tree.Expression:
        """A condition that is true where some combination of values makes the expression true.

        Its occurrences have values of their own, so that the parts of an `and` or `or` are conditions of their own.
        """
        match expression:
            case Both(items) | Either(items):
                return joined(type(expression) is Both, map(self.condition, items))
            case Matches(value, matchers) if not isinstance(value, Constant):
                return self._truth(joined(False, self._alternatives(value, matchers)))
            case Compare("==", inner, Constant(BooleanLiteral(True))) if not isinstance(inner, FieldValue):
                return self.condition(inner)
            case Compare("==", inner, Constant(BooleanLiteral(False))) if not isinstance(inner, FieldValue):
                raise _negated()
            case Call(function, (FieldValue() as source, *others), folds) if _is_pushed(function, others):
                # Elasticsearch answers the plain form from the index, where the text is read as a wildcard pattern.
                return self._truth(self._value(Call(function, (Call("string", (source,)), *others), folds)))
            case Negation():
                raise _negated()
            case _:
                return self._truth(self._value(expression))

    def _truth(self, condition: tree.Expression) -> tree.Expression:
        """The condition; what has no fields is true or false at once, and null is false for a leaf."""
        folded = self._folded(condition)
        return condition if folded is None else tree.Boolean(folded.value is True, NOWHERE)

    def _folded(self, node: tree.Expression) -> Folded | None:
        try:
            return fold(node, self._reading)
        except RuleError as error:
            raise InexpressibleError("eql-constant-fails", error.message) from error

    # -- values --------------------------------------------------------------------------------------------------

    def _value(self, expression: Expression) -> tree.Expression:
        match expression:
            case FieldValue(name, optional):
                return tree.FieldName(name, optional, NOWHERE)
            case Constant(None):
                return _NULL
            case Constant(literal) if literal is not None:
                return constant(literal)
            case Call(function, arguments, ignore_case):
                return self._call(function, [self._value(item) for item in arguments], ignore_case)
            case Compare(operator, left, right):
                return self._compared(operator, left, right)
            case Matches(value, matchers):
                return _only_one(self._alternatives(value, matchers))
            case IsNull(item):
                return tree.Compare("==", self._value(item), _NULL, NOWHERE)
            case Negation(item):
                return tree.Not(self._value(item), NOWHERE)
            case Both(items) | Either(items):
                return joined(type(expression) is Both, map(self._value, items))
            case _:
                raise TypeError(f"not a value expression: {type(expression).__name__}")

    def _alternatives(self, value: Expression, matchers: tuple[Matcher, ...]) -> list[tree.Expression]:
        info = self._findings.catalogue[value.name] if isinstance(value, FieldValue) else None
        return alternatives(self._value(value), matchers, info, self._findings)

    def _call(self, function: str, arguments: list[tree.Expression], ignore_case: bool) -> tree.Expression:
        match function, arguments:
            case "negate", [item]:
                return tree.Signed("-", item, NOWHERE)
            case _, [left, right] if function in _OPERATORS:
                return tree.Arithmetic(_OPERATORS[function], left, right, NOWHERE)
        signature = FUNCTIONS.get(function.lower())
        if signature is None or (ignore_case and not signature.tilde):
            form = " that ignores case" if signature else ""
            raise InexpressibleError("eql-function-absent", f"EQL has no function {function}{form}")
        return tree.Call(function, tuple(arguments), ignore_case, NOWHERE)

    def _compared(self, operator: str, left: Expression, right: Expression) -> tree.Expression:
        """A comparison; with a null that was calculated it is null, where EQL would take `==` for a test of null."""
        sides = self._value(left), self._value(right)
        folded = [self._folded(side) for side in sides]
        asks_for_null = operator == "==" and Constant(None) in (left, right)
        if Folded(None) in folded and not asks_for_null:
            return _NULL
        if folded == [None, None]:
            raise InexpressibleError("eql-two-fields", "a comparison of two values that are no constants")
        return tree.Compare(operator, *sides, NOWHERE)


def _is_pushed(function: str, others: list[Expression]) -> bool:
    return function in _PUSHED and all(isinstance(other, Constant) for other in others)


def _only_one(found: list[tree.Expression]) -> tree.Expression:
    """Several operators would need the value several times, each time with a field value of its own."""
    if len(found) == 1:
        return found[0]
    raise InexpressibleError("eql-script-form", "inside a function, one value is compared in ways of several operators")


def _negated() -> InexpressibleError:
    return InexpressibleError(
        "eql-script-form", "a script is true where its condition is false, which EQL's `not` does not say"
    )
