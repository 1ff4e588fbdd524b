"""Expressions compiled to functions of a row (spec splunk 1, 1.6 to 1.8).

Conditions are two-valued: a comparison with NULL is false, and its NOT is true.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from backends.splunk.engine.errors import SplError, UndefinedError
from backends.splunk.engine.expression import special
from backends.splunk.engine.expression.functions import FUNCTIONS, Function
from backends.splunk.engine.expression.tree import (
    Arithmetic,
    Call,
    Comparison,
    Concatenation,
    Constant,
    Expression,
    Field,
    Logic,
    Not,
)
from backends.splunk.engine.expression.value import Compiled, Kind, Scope, Single, Value, numeric, packed, single, text
from backends.splunk.engine.literal import HOLDS, Number, compare
from backends.splunk.engine.parsing import DEPTH
from backends.splunk.engine.pcre import compiled as compiled_pattern
from backends.splunk.engine.source import Fragment

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the expressions of one fragment."""

    fragment: Fragment

    def condition(self, tree: Expression, depth: int = 0) -> Callable[[Scope], bool]:
        """A test of rows. Raises SplError if the expression is a value."""
        compiled = self.compile(tree, depth)
        if compiled.kind is Kind.VALUE:
            raise self.error("spl-type", "a condition is needed here, this is a value", tree.at)
        return lambda scope: compiled.evaluate(scope) is True

    def value(self, tree: Expression, depth: int = 0) -> Callable[[Scope], Value]:
        """A value. Raises SplError if the expression is a condition: truth values cannot be stored."""
        compiled = self.compile(tree, depth)
        if compiled.kind is Kind.CONDITION:
            raise self.error("spl-type", "a value is needed here, this is a condition", tree.at, "use if(…, 1, 0)")
        return compiled.evaluate

    def compile(self, tree: Expression, depth: int = 0) -> Compiled:
        """Raises SplError for unknown functions, wrong types and expressions that nest too deep."""
        if depth > DEPTH:
            raise self.error("spl-nesting", f"the expression nests more than {DEPTH} deep", tree.at)
        match tree:
            case Constant(value):
                return Compiled(Kind.VALUE, lambda scope: value)
            case Field(name):
                return Compiled(Kind.VALUE, lambda scope: packed(scope.fields.get(name, ())))
            case Logic():
                return self._logic(tree, depth)
            case Not(item):
                condition = self.condition(item, depth + 1)
                return Compiled(Kind.CONDITION, lambda scope: not condition(scope))
            case Comparison():
                return self._comparison(tree, depth)
            case Arithmetic():
                return self._arithmetic(tree, depth)
            case Concatenation():
                return self._concatenation(tree, depth)
            case Call():
                return self._call(tree, depth)

    def error(self, code: str, what: str, at: int, advice: str | None = None) -> SplError:
        return self.fragment.error(code, what, at, advice=advice)

    def one(self, tree: Expression, depth: int) -> Callable[[Scope], Single | None]:
        """A value that must not be a multi-value when it is evaluated."""
        value = self.value(tree, depth)
        return self.guarded(lambda scope: single(value(scope)), tree.at)

    def guarded(self, evaluate: Callable[[Scope], T], at: int) -> Callable[[Scope], T]:
        """Gives what is undefined at run time its place in the text."""

        def run(scope: Scope) -> T:
            try:
                return evaluate(scope)
            except UndefinedError as error:
                raise self.error("spl-undefined", str(error), at) from None

        return run

    def _logic(self, tree: Logic, depth: int) -> Compiled:
        items = [self.condition(item, depth + 1) for item in tree.items]
        combined: dict[str, Callable[[Scope], bool]] = {
            "AND": lambda scope: all(item(scope) for item in items),
            "OR": lambda scope: any(item(scope) for item in items),
            "XOR": lambda scope: sum(item(scope) for item in items) % 2 == 1,
        }
        return Compiled(Kind.CONDITION, combined[tree.operator])

    def _comparison(self, tree: Comparison, depth: int) -> Compiled:
        left, right = self.one(tree.left, depth + 1), self.one(tree.right, depth + 1)
        holds = HOLDS[tree.operator]

        def evaluate(scope: Scope) -> bool:
            first, second = left(scope), right(scope)
            return first is not None and second is not None and holds(compare(first, second, fold=False))

        return Compiled(Kind.CONDITION, evaluate)

    def _arithmetic(self, tree: Arithmetic, depth: int) -> Compiled:
        first = self.one(tree.first, depth + 1)
        rest = [(_OPERATIONS[sign], self.one(item, depth + 1)) for sign, item in tree.rest]

        def evaluate(scope: Scope) -> Value:
            total = _operand(first(scope))
            for operation, item in rest:
                operand = _operand(item(scope))
                if total is None or operand is None:
                    return None
                try:
                    total = operation(total, operand)
                except OverflowError:
                    raise UndefinedError("the result is too large a number") from None
            return total

        return Compiled(Kind.VALUE, self.guarded(evaluate, tree.at))

    def _concatenation(self, tree: Concatenation, depth: int) -> Compiled:
        items = [self.one(item, depth + 1) for item in tree.items]

        def evaluate(scope: Scope) -> Value:
            parts = [item(scope) for item in items]
            return None if None in parts else "".join(text(part) for part in parts if part is not None)

        return Compiled(Kind.VALUE, self.guarded(evaluate, tree.at))

    def _call(self, tree: Call, depth: int) -> Compiled:
        if tree.function in special.FORMS:
            return special.FORMS[tree.function](self, tree, depth + 1)
        function = FUNCTIONS.get(tree.function)
        if function is None:
            raise self.error("spl-unknown-function", f"there is no function `{tree.function}`", tree.at)
        self.arity(tree, function.least, function.most)
        self._check_pattern(tree, function)
        arguments = [(self.value if function.multi else self.one)(item, depth + 1) for item in tree.arguments]
        return Compiled(function.returns, self.guarded(_application(function, arguments), tree.at))

    def arity(self, tree: Call, least: int, most: int | None) -> None:
        """Raises SplError if a call has too few or too many arguments."""
        count = len(tree.arguments)
        if count < least or (most is not None and count > most):
            wanted = f"{least}" if most == least else f"{least} to {most or 'any number of'}"
            raise self.error("spl-syntax", f"`{tree.function}` takes {wanted} arguments, not {count}", tree.at)

    def _check_pattern(self, tree: Call, function: Function) -> None:
        """A pattern that is written out is checked even if no event ever reaches it."""
        if function.pattern is None:
            return
        match tree.arguments[function.pattern]:
            case Constant(str(pattern), at):
                try:
                    compiled_pattern(pattern)
                except UndefinedError as error:
                    raise self.error("spl-regex", str(error), at) from None


def _application(function: Function, arguments: Sequence[Callable[[Scope], Value]]) -> Callable[[Scope], Value]:
    """Calls the function; NULL in, NULL (or false) out unless the function takes NULL."""

    def evaluate(scope: Scope) -> Value:
        values = [argument(scope) for argument in arguments]
        if not function.nulls and None in values:
            return False if function.returns is Kind.CONDITION else None
        return function.apply(*values)

    return evaluate


def _operand(value: Single | None) -> Number | None:
    if value is None:
        return None
    found = numeric(value)
    if found is None:
        raise UndefinedError("arithmetic on text is not documented; use tonumber(…), or `.` to join texts")
    return found


def _quotient(left: Number, right: Number) -> Number | None:
    return left / right if right else None


def _remainder(left: Number, right: Number) -> Number | None:
    if not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) % abs(right) * (-1 if left < 0 else 1)
    return math.fmod(left, right)


_OPERATIONS: dict[str, Callable[[Number, Number], Number | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _quotient,
    "%": _remainder,
}
