"""Value expressions as SQL, three-valued as SQL is: script leaves and the values of derived fields (spec osquery 6).

A column holds one value, so a script leaf has one combination to try. What the tables below do not name is not
expressible, by computation and not by a list of exceptions.
"""

from collections.abc import Callable
from functools import reduce
from ipaddress import ip_network
from typing import TYPE_CHECKING

from backends.osquery.assumption import basic_plane, no_empty_text, number_text, single_valued
from backends.osquery.operand import Operand, operand
from backends.osquery.quoting import unwritable
from backends.osquery.refusal import InexpressibleError
from backends.osquery.sql import (
    Binary,
    Case,
    Cast,
    Function,
    Is,
    Minus,
    Null,
    Number,
    Sql,
    Text,
    Truth,
    all_of,
    any_of,
)
from converter.ir import expression as x
from converter.ir import literal as lit
from converter.ir import matcher as m
from converter.ir.walk import occurrences

if TYPE_CHECKING:
    from backends.osquery.predicate import Conditions


def truth(expression: x.Expression, conditions: "Conditions") -> Sql:
    """The expression as a condition; NULL where the expression is null. Raises InexpressibleError."""
    return _Writer(conditions).sql(expression)


def shown(expression: x.Expression, conditions: "Conditions") -> Sql:
    """The expression for a result column, where an empty text may stay one."""
    return _Writer(conditions, keeps_empty=True).sql(expression)


_ARITHMETIC = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "modulo": "%"}
_NUMERIC = frozenset({*_ARITHMETIC, "length", "indexOf", "number", "negate"})
_COUNTING = frozenset({"length", "indexOf", "substring"})


class _Writer:
    def __init__(self, conditions: "Conditions", *, keeps_empty: bool = False) -> None:
        self._conditions = conditions
        self._keeps_empty = keeps_empty

    def sql(self, expression: x.Expression) -> Sql:
        match expression:
            case x.FieldValue(name):
                found = self._field(name)
                return found.sql if self._keeps_empty else found.present
            case x.Constant(literal):
                return _constant(literal)
            case x.Call():
                return self._call(expression)
            case x.Compare(operator, left, right):
                return self._compare("=" if operator == "==" else operator, left, right)
            case x.Matches(item, matchers):
                return self._matches(item, matchers)
            case x.IsNull(item):
                return Is(self.sql(item), "NULL")
            case x.Both(items):
                return all_of(tuple(self.sql(item) for item in items))
            case x.Either(items):
                return any_of(tuple(self.sql(item) for item in items))
            case x.Negation(item):
                return self._negation(item)

    def _field(self, name: str) -> Operand:
        found = operand(self._conditions.layout, name)
        self._conditions.assume(single_valued, name)
        if found.is_text:
            self._conditions.assume(no_empty_text, name)
        return found

    def _negation(self, item: x.Expression) -> Sql:
        """`NOT` of three values, without the word: it is pushed down, and a leaf is compared with FALSE."""
        match item:
            case x.Negation(inner):
                return self.sql(inner)
            case x.Both(items):
                return any_of(tuple(self._negation(inner) for inner in items))
            case x.Either(items):
                return all_of(tuple(self._negation(inner) for inner in items))
            case x.IsNull(inner):
                return Is(self.sql(inner), "NOT NULL")
            case _:
                return Binary("=", self.sql(item), Truth(False))

    def _compare(self, operator: str, left: x.Expression, right: x.Expression) -> Sql:
        numeric = self._is_numeric(left), self._is_numeric(right)
        mixed = numeric[0] is not numeric[1]
        sides = (
            self._as_number(side) if mixed and not is_number else self.sql(side)
            for side, is_number in zip((left, right), numeric, strict=True)
        )
        return Binary(operator, *sides)

    def _as_number(self, expression: x.Expression) -> Sql:
        """A text that is compared with a number: SQLite would rank every text above every number."""
        if not isinstance(expression, x.FieldValue):
            raise InexpressibleError("osquery-expression", "the output does not compare a computed text with a number")
        self._conditions.assume(number_text, expression.name)
        return Cast(self.sql(expression), "NUMERIC")

    def _is_numeric(self, expression: x.Expression) -> bool:
        match expression:
            case x.FieldValue(name):
                return not operand(self._conditions.layout, name).is_text
            case x.Constant(literal):
                return isinstance(literal, lit.NumberLiteral)
            case x.Call(function):
                return function in _NUMERIC
            case _:
                return False

    def _matches(self, item: x.Expression, matchers: tuple[m.Matcher, ...]) -> Sql:
        """NULL where the value is: tests that answer by `IS NOT NULL` are asked only of a value that is there."""
        inner = self.sql(item)
        found = self._conditions.matches(Operand(inner, not self._is_numeric(item), computed=True), matchers)
        return Case(((Is(inner, "NOT NULL"), found),))

    def _call(self, call: x.Call) -> Sql:
        if call.function in _COUNTING:
            for occurrence in occurrences(call):
                self._conditions.assume(basic_plane, occurrence.name)
        arguments = tuple(self.sql(item) for item in call.arguments)
        if call.ignore_case:
            arguments = tuple(_lower(item) for item in arguments)
        if call.function in _ARITHMETIC:
            return Binary(_ARITHMETIC[call.function], *arguments)
        if call.function == "concat" and arguments:
            return reduce(lambda left, right: Binary("||", left, right), arguments)
        if call.function == "cidrMatch":
            return self._cidr(arguments[0], call.arguments[1:])
        write = _CALLS.get((call.function, len(arguments)))
        if write is None:
            raise InexpressibleError("osquery-expression", f"the output has no form for `{call.function}`")
        return write(*arguments)

    def _cidr(self, address: Sql, blocks: tuple[x.Expression, ...]) -> Sql:
        matchers = tuple(m.Network(str(ip_network(_constant_text(block), strict=False))) for block in blocks)
        return self._conditions.matches(Operand(address, computed=True), matchers)


def _constant(literal: lit.Literal | None) -> Sql:
    match literal:
        case None:
            return Null()
        case lit.TextLiteral(text) if not unwritable(text):
            return Text(text)
        case lit.NumberLiteral(number):
            return Number(number)
        case lit.BooleanLiteral(is_true):
            return Truth(is_true)
        case _:
            raise InexpressibleError("osquery-literal", f"SQL has no form for the constant {literal}")


def _constant_text(expression: x.Expression) -> str:
    match expression:
        case x.Constant(lit.TextLiteral(text)):
            return text
        case _:
            raise InexpressibleError("osquery-expression", "the blocks of `cidrMatch` are constant texts")


def _lower(text: Sql) -> Sql:
    """ASCII only, like SQLite's function."""
    if isinstance(text, Text):
        return Text("".join(char.lower() if char.isascii() else char for char in text.value))
    return Function("lower", (text,))


def _zero_based(position: Sql) -> Sql:
    """`instr` counts from 1 and says 0 for not found; EQL counts from 0 and says null (spec eql 9)."""
    return Binary("-", Function("nullif", (position, Number(0))), Number(1))


def _needle(text: Sql) -> Sql:
    """A text that is searched for; the empty one has rules of its own in EQL, which SQL does not share."""
    if text == Text("") or not isinstance(text, Text):
        raise InexpressibleError("osquery-expression", "the output searches for constant, non-empty texts only")
    return text


def _starts_with(source: Sql, prefix: Sql) -> Sql:
    return Binary("=", Function("substr", (source, Number(1), Function("length", (prefix,)))), prefix)


def _ends_with(source: Sql, suffix: Sql) -> Sql:
    return Binary("=", Function("substr", (source, Minus(Function("length", (_needle(suffix),))))), suffix)


def _substring(source: Sql, start: Sql, end: Sql | None = None) -> Sql:
    """Positions are constants that are not negative, or one start from the end."""
    match start, end:
        case Number(int(first)), None if first >= 0:
            return Function("substr", (source, Number(first + 1)))
        case Number(int(first)), None:
            return Function("substr", (source, Number(first)))
        case Number(int(first)), Number(int(last)) if min(first, last) >= 0:
            return Function("substr", (source, Number(first + 1), Number(max(last - first, 0))))
    raise InexpressibleError("osquery-expression", "`substring` takes constant positions from the start only")


def _after_last(text: Sql, separator: Sql) -> Sql:
    """What follows the last separator; the whole text without one (`base_posix` of the mapping data)."""
    return Function("substr", (text, Binary("+", Function("length", (_up_to_last(text, separator),)), Number(1))))


def _up_to_last(text: Sql, separator: Sql) -> Sql:
    """The text up to its last separator, that included: everything that is no separator is trimmed off the end."""
    return Function("rtrim", (text, Function("replace", (text, separator, Text("")))))


def _basename(path: Sql, separator: Sql) -> Sql:
    """The last element, NULL if the path ends in a separator."""
    return _filled(_after_last(path, separator))


def _directory(path: Sql, separator: Sql) -> Sql:
    """The text before the last separator, NULL without one; directly below the POSIX root it is the root."""
    before = Binary("-", Function("length", (_up_to_last(path, separator),)), Number(1))
    directory = _filled(Function("substr", (path, Number(1), before)))
    if separator == Text("/"):
        directory = Function("coalesce", (directory, separator))
    return Case(((Binary(">", Function("instr", (path, separator)), Number(0)), directory),))


def _extension(path: Sql, separator: Sql) -> Sql:
    """What follows the last dot of the last element, NULL without one or if nothing does."""
    name = _after_last(path, separator)
    extension = _filled(_after_last(name, Text(".")))
    return Case(((Binary(">", Function("instr", (name, Text("."))), Number(0)), extension),))


def _filled(text: Sql) -> Sql:
    return Function("nullif", (text, Text("")))


_CALLS: dict[tuple[str, int], Callable[..., Sql]] = {
    ("length", 1): lambda text: Function("length", (text,)),
    ("lower", 1): lambda text: Function("lower", (text,)),
    ("upper", 1): lambda text: Function("upper", (text,)),
    ("negate", 1): Minus,
    ("string", 1): lambda item: Cast(item, "TEXT"),
    ("indexOf", 2): lambda source, text: _zero_based(Function("instr", (source, _needle(text)))),
    ("startsWith", 2): _starts_with,
    ("endsWith", 2): _ends_with,
    ("stringContains", 2): lambda source, text: Binary(">", Function("instr", (source, _needle(text))), Number(0)),
    ("substring", 2): _substring,
    ("substring", 3): _substring,
    ("basename", 2): _basename,
    ("dirname", 2): _directory,
    ("extension", 2): _extension,
}
"""Functions by name and number of arguments."""
