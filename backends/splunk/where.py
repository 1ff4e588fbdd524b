"""The language of `where` and `eval`: exact expressions over fields (spec splunk 1, column `where`).

Comparisons with a missing field are never true and NOT of them is not to be relied on: no tree built here applies NOT
to anything that can be null (spec splunk 1.6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from backends.splunk import escape, search


@dataclass(frozen=True, slots=True)
class FieldName:
    name: str


@dataclass(frozen=True, slots=True)
class String:
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Where", ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is `==`, `!=`, `<`, `<=`, `>`, `>=`, `.` (concatenation), or one of arithmetic."""

    operator: str
    left: "Where"
    right: "Where"


@dataclass(frozen=True, slots=True)
class In:
    value: "Where"
    items: tuple["Where", ...]


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Where", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Where", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Where"


Where = FieldName | String | Number | Call | Binary | In | And | Or | Not

TRUE = Call("true", ())
FALSE = Call("false", ())

_OR, _AND, _NOT, _COMPARE, _CONCAT, _ATOM = range(6)
"""How tightly an operator binds; the only precedence table of this language."""

LOOSEST_CONJUNCT = _NOT
"""The level at which a condition can stand beside AND."""


def write(node: Where, level: int = _OR, indent: int = 0) -> str:
    """The text of an expression; `level` is the loosest binding the surroundings take without parentheses."""
    match node:
        case FieldName(name):
            return escape.where_field(name)
        case String(text):
            return escape.string(text)
        case Number(value):
            return _wrap(escape.number(value), _ATOM if value >= 0 else _CONCAT, level)
        case Call(function, arguments):
            return f"{function}({', '.join(write(item, indent=indent) for item in arguments)})"
        case Binary(".", left, right):
            return _wrap(f"{write(left, _CONCAT)}.{write(right, _CONCAT)}", _CONCAT, level)
        case Binary("+" | "-" | "*" | "/" | "%" as operator, left, right):
            # How arithmetic and concatenation bind beside each other is not documented.
            return _wrap(f"{write(left, _ATOM)}{operator}{write(right, _ATOM)}", _CONCAT, level)
        case Binary(operator, left, right):
            return _wrap(f"{write(left, _CONCAT)}{operator}{write(right, _CONCAT)}", _COMPARE, level)
        case In(value, items):
            return _wrap(
                f"{write(value, _CONCAT)} IN ({_in_list([write(item) for item in items], indent)})", _COMPARE, level
            )
        case Not(item):
            return _wrap(f"NOT {write(item, _ATOM, indent)}", _NOT, level)
        case And(items):
            return _chain(items, "AND", _AND, level, indent)
        case Or(items):
            return _chain(items, "OR", _OR, level, indent)
        case _:
            assert_never(node)


def _wrap(text: str, binds: int, level: int) -> str:
    return f"({text})" if binds < level else text


def _chain(items: tuple[Where, ...], word: str, binds: int, level: int, indent: int) -> str:
    # Groups of the other operator are always bracketed: the two languages of SPL disagree about precedence.
    written = [write(item, _NOT, indent + 1) for item in items]
    line = f" {word} ".join(written)
    if len(line) > 100 or "\n" in line:
        pad = "\n" + "  " * (indent + 2)
        line = f"{pad}{word} ".join(written)
    return _wrap(line, binds, level)


def _in_list(items: list[str], indent: int) -> str:
    line = ", ".join(items)
    if len(line) <= 100:
        return line
    pad = "\n" + "  " * (indent + 2)
    return pad + pad.join(search.fill(items, ", ")) + "\n" + "  " * (indent + 1)


def fields(node: Where) -> Iterator[str]:
    """The fields an expression reads, in order of appearance and with repetitions."""
    match node:
        case FieldName(name):
            yield name
        case Call(_, items) | And(items) | Or(items):
            for item in items:
                yield from fields(item)
        case Binary(_, left, right):
            yield from fields(left)
            yield from fields(right)
        case In(item, _) | Not(item):
            yield from fields(item)
        case String() | Number():
            return
        case _:
            assert_never(node)


def without_guards(node: Where, present: frozenset[str]) -> Where:
    """The expression for events that surely have the fields: tests whether one is missing fall away."""
    match node:
        case Call("isnull", (FieldName(name),)) if name in present:
            return FALSE
        case And(items):
            return both([without_guards(item, present) for item in items])
        case Or(items):
            return either([without_guards(item, present) for item in items])
        case _:
            return node


def both(items: list[Where]) -> Where:
    """AND, flattened, constants folded."""
    flat: list[Where] = []
    for item in items:
        if item == FALSE:
            return FALSE
        if isinstance(item, And):
            flat.extend(item.items)
        elif item != TRUE:
            flat.append(item)
    if not flat:
        return TRUE
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else And(distinct)


def either(items: list[Where]) -> Where:
    """OR, flattened, constants folded."""
    flat: list[Where] = []
    for item in items:
        if item == TRUE:
            return TRUE
        if isinstance(item, Or):
            flat.extend(item.items)
        elif item != FALSE:
            flat.append(item)
    if not flat:
        return FALSE
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else Or(distinct)
