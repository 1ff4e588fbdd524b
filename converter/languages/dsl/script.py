"""Scripts are recognised, not interpreted: only texts that stand in this registry are read, by their parameters.

An expression in parameters is JSON: a scalar is a constant, a list starts with the name of an operator (`==`, `length`,
`and`, ...), `["field", 0]` is the first of `fields`. Each occurrence of a field has an entry there.
"""

from collections.abc import Callable
from typing import Final

from converter.ir import Compare, Compute, Constant, FieldValue, NumberLiteral, Predicate
from converter.ir.expression import Call
from converter.languages.dsl import painless
from converter.languages.dsl.context import Context
from converter.languages.dsl.script_expression import ORDERS, expression
from converter.languages.dsl.shape import (
    Json,
    Object,
    as_flag,
    as_list,
    as_object,
    as_scalar,
    as_text,
    check_keys,
    error,
)


def script(body: Json, _context: Context) -> Predicate:
    """A `script` clause whose source is known. RuleError `dsl-script-unknown` for any other."""
    clause = as_object(body, "script")
    check_keys(clause, "script", {"script"})
    inner = as_object(clause.get("script"), "script")
    check_keys(inner, "script", {"source", "lang", "params"})
    source = as_text(inner.get("source"), "script")
    if inner.get("lang", "painless") != "painless" or source not in SCRIPTS:
        raise error("script", "this script is not among those that can be read", "dsl-script-unknown")
    return SCRIPTS[source](as_object(inner.get("params", {}), "script"))


def _any_expression(params: Object) -> Predicate:
    check_keys(params, "script", {"fields", "expression"})
    fields = [as_text(name, "script") for name in as_list(params.get("fields"), "script")]
    return Compute(expression(params.get("expression"), fields))


def _length(params: Object) -> Predicate:
    """The length of a field's values compared with a number."""
    check_keys(params, "script", {"field", "operator", "length"})
    operator, length = as_text(params.get("operator"), "script"), as_scalar(params.get("length"), "script")
    if operator not in ORDERS or type(length) is not int:
        raise error("script", "an operator and a whole number were expected")
    return Compute(Compare(operator, Call("length", (_field(params, "field"),)), Constant(NumberLiteral(length))))


def _two_texts(params: Object) -> Predicate:
    """A relation between the values of two fields."""
    check_keys(params, "script", {"field", "other", "relation", "ignore_case"})
    relation = as_text(params.get("relation"), "script")
    ignore_case = as_flag(params.get("ignore_case"), "script")
    sides = _field(params, "field"), _field(params, "other")
    match relation:
        case "equals" if not ignore_case:
            return Compute(Compare("==", *sides))
        case "startsWith" | "endsWith" | "stringContains":
            return Compute(Call(relation, sides, ignore_case))
        case _:
            raise error("script", f"the relation `{relation:.40}` is not supported")


def _field(params: Object, key: str) -> FieldValue:
    return FieldValue(as_text(params.get(key), "script"))


SCRIPTS: Final[dict[str, Callable[[Object], Predicate]]] = {
    painless.LENGTH: _length,
    painless.TWO_TEXTS: _two_texts,
    painless.EXPRESSION: _any_expression,
}
"""What each known source means, given its parameters."""
