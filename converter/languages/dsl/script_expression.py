"""Expressions in the parameters of a script, as `converter.languages.dsl.painless.EXPRESSION` evaluates them."""

from collections.abc import Sequence
from typing import Final

from converter.errors import RuleError
from converter.ir import (
    BooleanLiteral,
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Equal,
    Expression,
    FieldValue,
    IsNull,
    Like,
    Literal,
    Matcher,
    Matches,
    Negation,
    Network,
    NumberLiteral,
    Present,
    Range,
    TextLiteral,
)
from converter.ir.expression import FUNCTIONS
from converter.languages.dsl.names import wildcard_pattern
from converter.languages.dsl.shape import Json, as_list, as_object, as_scalar, as_text, check_keys, error
from converter.languages.limits import DEEPEST_CLAUSES
from converter.languages.value import block

ORDERS: Final = frozenset({"==", "<", "<=", ">", ">="})

_ARGUMENTS: Final = {
    "add": (2, 2), "subtract": (2, 2), "multiply": (2, 2), "divide": (2, 2), "modulo": (2, 2), "negate": (1, 1),
    "between": (3, 4), "cidrMatch": (2, None), "concat": (1, None), "endsWith": (2, 2), "indexOf": (2, 3),
    "length": (1, 1), "number": (1, 2), "startsWith": (2, 2), "string": (1, 1), "stringContains": (2, 2),
    "substring": (2, 3), "basename": (2, 2), "dirname": (2, 2), "extension": (2, 2), "upper": (1, 1), "lower": (1, 1),
}  # fmt: skip
"""How many arguments each function takes, at least and at most."""


def expression(node: Json, fields: Sequence[str]) -> Expression:
    """The expression that a parameter spells; `fields` are the fields by occurrence. RuleError for anything else."""
    return _Reader(fields).read(node, 0)


class _Reader:
    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = fields

    def read(self, node: Json, depth: int) -> Expression:
        if depth > DEEPEST_CLAUSES:
            raise RuleError("nesting-too-deep", f"calls are nested more than {DEEPEST_CLAUSES} deep")
        if not isinstance(node, list | tuple):
            return Constant(None if node is None else _literal(node))
        if not node:
            raise error("script", "an empty list is no expression")
        name, operands = as_text(node[0], "script"), node[1:]
        match name, operands:
            case "field", [int(index)] if 0 <= index < len(self._fields):
                return FieldValue(self._fields[index])
            case "matches", [value, *matchers]:
                return Matches(self.read(value, depth + 1), tuple(map(_matcher, matchers)))
        items = tuple(self.read(item, depth + 1) for item in operands)
        match name, items:
            case "isNull", (item,):
                return IsNull(item)
            case "not", (item,):
                return Negation(item)
            case "and", _:
                return Both(items)
            case "or", _:
                return Either(items)
            case _, (left, right) if name in ORDERS:
                return Compare(name, left, right)
            case _:
                return _call(name, items)


def _call(spelled: str, items: tuple[Expression, ...]) -> Expression:
    name = spelled.removesuffix("~")
    if name not in FUNCTIONS:
        raise error("script", f"`{spelled:.40}` is no operator and no function")
    least, most = _ARGUMENTS[name]
    if len(items) < least or (most is not None and len(items) > most):
        raise error("script", f"`{name}` is given {len(items)} arguments")
    return Call(name, items, ignore_case=name != spelled)


def _matcher(value: Json) -> Matcher:
    match as_list(value, "script"):
        case ["present"]:
            return Present()
        case ["equal", wanted]:
            return Equal(_literal(wanted))
        case ["equal~", str(wanted)]:
            return Equal(TextLiteral(wanted), ignore_case=True)
        case ["like" | "like~" as name, str(parts)]:
            return Like(wildcard_pattern(parts), ignore_case=name == "like~")
        case ["network", str(network)]:
            return Network(block("script", network))
        case ["range", bounds]:
            return _range(bounds)
        case _:
            raise error("script", "a matcher was expected")


def _range(value: Json) -> Range:
    bounds = as_object(value, "script")
    check_keys(bounds, "script", {">", ">=", "<", "<="})
    if not bounds or {">", ">="} <= bounds.keys() or {"<", "<="} <= bounds.keys():
        raise error("script", "one or two bounds were expected")
    found = {operator: _literal(bound) for operator, bound in bounds.items()}
    return Range(
        found.get(">", found.get(">=")), found.get("<", found.get("<=")), open_low=">" in found, open_high="<" in found
    )


def _literal(value: Json) -> Literal:
    match as_scalar(value, "script"):
        case bool() as truth:
            return BooleanLiteral(truth)
        case str() as text:
            return TextLiteral(text)
        case number:
            return NumberLiteral(number)
