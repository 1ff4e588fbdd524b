"""The one writer of SQL text: one precedence table, one layout. Nothing edits what it has written."""

import math
from collections.abc import Iterable

from backends.osquery.quoting import ESCAPE, identifier, string
from backends.osquery.sql import (
    And,
    Between,
    Binary,
    Case,
    Cast,
    Collated,
    Column,
    Function,
    In,
    Is,
    LeftJoin,
    Like,
    Minus,
    Null,
    Number,
    Or,
    Output,
    Select,
    Sql,
    Text,
    Truth,
)

OR, AND, EQUALITY, ORDER, SUM, PRODUCT, CONCAT, COLLATE, SIGN, ATOM = range(10)
"""How tightly a node binds, loosest first (SQLite, "Operators, and Parse-Affecting Attributes")."""

_OPERATORS = {
    "=": EQUALITY,
    "<": ORDER,
    "<=": ORDER,
    ">": ORDER,
    ">=": ORDER,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "%": PRODUCT,
    "||": CONCAT,
    "GLOB": EQUALITY,
}

WIDTH = 110
STEP = "  "


def select_text(select: Select) -> str:
    """The statement over several lines, as people write it, without a final semicolon."""
    return "\n".join(_clauses(select, _Layout(WIDTH)))


def select_line(select: Select) -> str:
    """The statement on one line (a line break inside a string literal stays)."""
    return " ".join(_clauses(select, _Layout(None)))


def expression(node: Sql) -> str:
    """An expression on one line."""
    return _Layout(None).at(node, OR, 0)


def _clauses(select: Select, layout: "_Layout") -> Iterable[str]:
    word = "SELECT DISTINCT" if select.distinct else "SELECT"
    yield layout.series(word, [layout.output(output) for output in select.outputs])
    yield f"FROM {identifier(select.table)} AS {identifier(select.alias)}"
    for join in select.joins:
        yield layout.join(join)
    yield layout.where(select.where)
    if select.order:
        yield f"ORDER BY {', '.join(expression(item) for item in select.order)}"


class _Layout:
    """Breaks what is wider than `width` at its AND, OR and IN; None breaks nothing."""

    def __init__(self, width: int | None) -> None:
        self._width = width

    def series(self, word: str, items: list[str]) -> str:
        if self._width is None:
            return f"{word} {', '.join(items)}"
        return f"{word}\n" + ",\n".join(STEP + item for item in items)

    def output(self, output: Output) -> str:
        text = self.at(output.value, OR, 1)
        name = identifier(output.name)
        same = isinstance(output.value, Column) and output.value.name == output.name
        return text if same else f"{text} AS {name}"

    def join(self, join: LeftJoin) -> str:
        return f"LEFT JOIN {identifier(join.table)} AS {identifier(join.alias)} ON {expression(join.on)}"

    def where(self, condition: Sql) -> str:
        if isinstance(condition, And) and self._width is not None:
            return f"WHERE {self._chain('AND', condition.items, 1)}"
        return f"WHERE {self.at(condition, OR, 1)}"

    def at(self, node: Sql, binding: int, indent: int) -> str:
        """The node where something that binds so tightly stands around it, parenthesised if it binds less."""
        own = _binding(node)
        flat = _flat(node)
        text = flat if own >= binding else f"({flat})"
        if self._width is None or len(text) + indent * len(STEP) <= self._width or not _breakable(node):
            return text
        if own >= binding:
            return self._broken(node, indent)
        inner = self._broken(node, indent + 1)
        return f"(\n{STEP * (indent + 1)}{inner}\n{STEP * indent})"

    def _broken(self, node: Sql, indent: int) -> str:
        """The node over several lines; the first line stands where the caller puts it."""
        match node:
            case And(items):
                return self._chain("AND", items, indent)
            case Or(items):
                return self._chain("OR", items, indent)
            case Is(value, what):
                return f"{self.at(value, EQUALITY + 1, indent)} IS {what}"
            case In(value, items):
                return (
                    f"{self.at(value, EQUALITY + 1, indent)} IN (\n{self._filled(items, indent + 1)}\n{STEP * indent})"
                )
            case _:
                return _flat(node)

    def _chain(self, word: str, items: tuple[Sql, ...], indent: int) -> str:
        operator = f"\n{STEP * indent}{word} "
        return operator.join(self.at(item, AND + 1, indent) for item in items)

    def _filled(self, items: tuple[Text | Number, ...], indent: int) -> str:
        """Literals in lines as full as the width allows."""
        lines: list[str] = []
        for item in items:
            text = _flat(item)
            if lines and len(lines[-1]) + len(text) + 3 <= (self._width or 0):
                lines[-1] += f", {text}"
            else:
                lines.append(STEP * indent + text)
        return ",\n".join(lines)


def _breakable(node: Sql) -> bool:
    return isinstance(node, And | Or | In) or (isinstance(node, Is) and _breakable(node.value))


def _binding(node: Sql) -> int:
    match node:
        case Or():
            return OR
        case And():
            return AND
        case Binary(operator):
            return _OPERATORS[operator]
        case Like() | In() | Between() | Is():
            return EQUALITY
        case Collated():
            return COLLATE
        case Minus():
            return SIGN
        case Number(value) if value < 0:
            return SIGN
        case _:
            return ATOM


def _flat(node: Sql) -> str:
    """The node on one line, without parentheses of its own."""
    match node:
        case And(items):
            return " AND ".join(_inner(item, AND + 1) for item in items)
        case Or(items):
            return " OR ".join(_inner(item, AND + 1) for item in items)
        case Binary(operator, left, right):
            own = _OPERATORS[operator]
            return f"{_inner(left, max(own, ORDER))} {operator} {_inner(right, own + 1)}"
        case Like(value, pattern, escaped):
            escape = f" ESCAPE {string(ESCAPE)}" if escaped else ""
            return f"{_inner(value, EQUALITY + 1)} LIKE {string(pattern)}{escape}"
        case In(value, items):
            return f"{_inner(value, EQUALITY + 1)} IN ({', '.join(_flat(item) for item in items)})"
        case Between(value, low, high):
            return f"{_inner(value, ORDER)} BETWEEN {_inner(low, ORDER)} AND {_inner(high, ORDER)}"
        case Is(value, what):
            return f"{_inner(value, EQUALITY + 1)} IS {what}"
        case Collated(value, collation):
            return f"{_inner(value, COLLATE)} COLLATE {collation}"
        case Minus(value):
            return f"-{_inner(value, ATOM)}"
        case _:
            return _atom(node)


def _atom(node: Sql) -> str:
    match node:
        case Column(table, name):
            return f"{identifier(table)}.{identifier(name)}"
        case Text(value):
            return string(value)
        case Number(value):
            return _number(value)
        case Truth(value):
            return "TRUE" if value else "FALSE"
        case Null():
            return "NULL"
        case Function(name, arguments):
            return f"{name}({', '.join(_flat(item) for item in arguments)})"
        case Cast(value, kind):
            return f"CAST({_flat(value)} AS {kind})"
        case Case(branches, otherwise):
            when = " ".join(f"WHEN {_flat(test)} THEN {_flat(value)}" for test, value in branches)
            return f"CASE {when}{f' ELSE {_flat(otherwise)}' if otherwise is not None else ''} END"
        case _:
            raise TypeError(f"not an expression: {node!r}")


def _number(value: int | float) -> str:
    """SQLite has no name for infinity; a double that is too large becomes it."""
    if isinstance(value, float) and math.isinf(value):
        return "9e999" if value > 0 else "-9e999"
    return repr(value)


def _inner(node: Sql, binding: int) -> str:
    text = _flat(node)
    return text if _binding(node) >= binding else f"({text})"
