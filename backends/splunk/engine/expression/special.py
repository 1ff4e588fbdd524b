"""Functions that do not simply take values: conditions, and expressions run once per value (spec splunk 1.7, 1.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

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
from backends.splunk.engine.expression.value import Compiled, Kind, Scope, Value, packed, texts

if TYPE_CHECKING:
    from backends.splunk.engine.expression.compiler import Compiler


def _if(compiler: Compiler, call: Call, depth: int) -> Compiled:
    compiler.arity(call, 3, 3)
    condition = compiler.condition(call.arguments[0], depth)
    then, otherwise = (compiler.compile(item, depth) for item in call.arguments[1:])

    def evaluate(scope: Scope) -> Value:
        return then.evaluate(scope) if condition(scope) else otherwise.evaluate(scope)

    return Compiled(_common(compiler, call, [then, otherwise]), evaluate)


def _case(compiler: Compiler, call: Call, depth: int) -> Compiled:
    compiler.arity(call, 2, None)
    if len(call.arguments) % 2:
        raise compiler.error("spl-syntax", "`case` takes pairs of a condition and a value", call.at)
    conditions = [compiler.condition(item, depth) for item in call.arguments[::2]]
    values = [compiler.compile(item, depth) for item in call.arguments[1::2]]

    def evaluate(scope: Scope) -> Value:
        for condition, value in zip(conditions, values, strict=True):
            if condition(scope):
                return value.evaluate(scope)
        return None

    return Compiled(_common(compiler, call, values), evaluate)


def _common(compiler: Compiler, call: Call, branches: list[Compiled]) -> Kind:
    kinds = {branch.kind for branch in branches} - {Kind.EITHER}
    if len(kinds) > 1:
        raise compiler.error("spl-type", f"the branches of `{call.function}` mix conditions and values", call.at)
    return kinds.pop() if kinds else Kind.EITHER


def _null(compiler: Compiler, call: Call, depth: int) -> Compiled:
    compiler.arity(call, 0, 0)
    return Compiled(Kind.EITHER, lambda scope: None)


def _now(compiler: Compiler, call: Call, depth: int) -> Compiled:
    compiler.arity(call, 0, 0)
    # A real search starts at a whole second; here it starts at the time of the newest event.
    return Compiled(Kind.VALUE, lambda scope: int(scope.now) if scope.now == int(scope.now) else scope.now)


def _mvfilter(compiler: Compiler, call: Call, depth: int) -> Compiled:
    compiler.arity(call, 1, 1)
    condition = compiler.condition(call.arguments[0], depth)
    names = set(_fields(call.arguments[0]))
    if len(names) != 1:
        raise compiler.error("spl-syntax", "the condition of `mvfilter` must use exactly one field", call.at)
    (name,) = names

    def evaluate(scope: Scope) -> Value:
        return packed([value for value in scope.fields.get(name, ()) if condition(_binding(scope, name, value))])

    return Compiled(Kind.VALUE, evaluate)


def _mvmap(compiler: Compiler, call: Call, depth: int) -> Compiled:
    compiler.arity(call, 2, 2)
    match call.arguments[0]:
        case Field(name):
            mapped = compiler.value(call.arguments[1], depth)
        case _:
            raise compiler.error("spl-syntax", "the first argument of `mvmap` must be a field", call.at)

    def evaluate(scope: Scope) -> Value:
        values = scope.fields.get(name, ())
        return packed([text for value in values for text in texts(mapped(_binding(scope, name, value)))])

    return Compiled(Kind.VALUE, evaluate)


def _binding(scope: Scope, name: str, value: str) -> Scope:
    return Scope({**scope.fields, name: (value,)}, scope.now)


def _fields(tree: Expression) -> Iterator[str]:
    match tree:
        case Constant():
            children: tuple[Expression, ...] = ()
        case Field(name):
            yield name
            children = ()
        case Not(item):
            children = (item,)
        case Comparison(left, _, right):
            children = (left, right)
        case Arithmetic(first, rest):
            children = (first, *(item for _, item in rest))
        case Call(_, children) | Logic(_, children) | Concatenation(children):
            pass
    for child in children:
        yield from _fields(child)


FORMS: dict[str, Callable[[Compiler, Call, int], Compiled]] = {
    "if": _if,
    "case": _case,
    "null": _null,
    "now": _now,
    "mvfilter": _mvfilter,
    "mvmap": _mvmap,
}
