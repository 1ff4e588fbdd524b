"""The search language: expressions of the first command, which the index can answer (spec splunk 1, column `search`).

Values ignore case, `*` is the only wildcard, OR binds tighter than AND. The writer puts every OR group and every NOT of
a group in parentheses, so that no reader has to know that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from backends.splunk import escape


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No event."""


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is `=`, `<`, `<=`, `>` or `>=`; `value` is text with live `*`, quoted by the writer."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class In:
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """The event has the field."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Search"


Search = Everything | Nothing | Compare | In | Has | And | Or | Not

_WIDTH = 100


def write(node: Search, indent: int = 0) -> str:
    """The text of an expression; long lists and groups break into lines indented by two blanks a level."""
    match node:
        case Everything():
            return ""
        case Nothing():
            return "NOT *"
        case Has(field):
            return f"{escape.search_field(field)}=*"
        case Compare(field, "=", value):
            return f"{escape.search_field(field)}={escape.string(value)}"
        case Compare(field, operator, value):
            return f"{escape.search_field(field)}{operator}{value}"
        case In(field, values):
            return f"{escape.search_field(field)} IN {_list([escape.string(value) for value in values], indent)}"
        case Not(item):
            inner = write(item, indent)
            return f"NOT {inner if isinstance(item, Compare | In | Has | Or) else f'({inner})'}"
        case And(items):
            return " ".join(write(item, indent) for item in items)
        case Or(items):
            return _group(
                [
                    write(item, indent + 1) if not isinstance(item, And) else f"({write(item, indent + 1)})"
                    for item in items
                ],
                " OR ",
                indent,
            )
        case _:
            assert_never(node)


def conjuncts(node: Search) -> tuple[Search, ...]:
    """The conditions that stand on lines of their own."""
    match node:
        case And(items):
            return items
        case Everything():
            return ()
        case _:
            return (node,)


def present(node: Search) -> Iterator[str]:
    """The fields that every event has which the expression lets pass."""
    match node:
        case Has(field) | In(field, _) | Compare(field, _, _):
            yield field
        case And(items):
            for item in items:
                yield from present(item)
        case Or(items) if items:
            yield from frozenset.intersection(*(frozenset(present(item)) for item in items))
        case _:
            return


def comparisons(node: Search) -> Iterator[Compare]:
    """All comparisons with a single value."""
    match node:
        case Compare():
            yield node
        case And(items) | Or(items):
            for item in items:
                yield from comparisons(item)
        case Not(item):
            yield from comparisons(item)
        case _:
            return


def renamed(node: Search, rename: Callable[[str], str]) -> Search:
    """The expression over fields of other names."""
    match node:
        case Compare(field) | In(field) | Has(field):
            return replace(node, field=rename(field))
        case And(items):
            return And(tuple(renamed(item, rename) for item in items))
        case Or(items):
            return Or(tuple(renamed(item, rename) for item in items))
        case Not(item):
            return Not(renamed(item, rename))
        case _:
            return node


def negated(node: Search) -> Search:
    match node:
        case Everything():
            return Nothing()
        case Nothing():
            return Everything()
        case _:
            return Not(node)


def _list(values: list[str], indent: int) -> str:
    line = f"({', '.join(values)})"
    if len(line) <= _WIDTH:
        return line
    return _broken("(", fill(values, ", "), ")", indent)


def _group(items: list[str], operator: str, indent: int) -> str:
    line = f"({operator.join(items)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    pad = "  " * (indent + 2)
    return "(\n" + f"{operator.rstrip()}\n".join(pad + item for item in items) + "\n" + "  " * (indent + 1) + ")"


def _broken(opening: str, lines: list[str], closing: str, indent: int) -> str:
    pad = "  " * (indent + 2)
    return opening + "\n" + "\n".join(pad + line for line in lines) + "\n" + "  " * (indent + 1) + closing


def fill(items: list[str], separator: str) -> list[str]:
    """Items joined into lines of at most about a hundred columns, a separator after every item but the last."""
    lines: list[str] = []
    line = ""
    for position, item in enumerate(items):
        piece = item + (separator if position + 1 < len(items) else "")
        if line and len(line) + len(piece) > _WIDTH:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line]


def both(items: list[Search]) -> Search:
    """AND, flattened; conditions that say nothing, or no more than others, fall away."""
    flat: list[Search] = []
    for item in items:
        match item:
            case Everything():
                continue
            case Nothing():
                return item
            case And(inner):
                flat.extend(inner)
            case _:
                flat.append(item)
    if not flat:
        return Everything()
    compared = {item.field for item in flat if isinstance(item, Compare | In)}
    distinct = tuple(dict.fromkeys(item for item in flat if not (isinstance(item, Has) and item.field in compared)))
    return distinct[0] if len(distinct) == 1 else And(distinct)


def either(items: list[Search]) -> Search:
    """OR, flattened; a branch without a condition makes the whole of it say nothing, a narrower branch nothing more."""
    flat: list[Search] = []
    for item in items:
        match item:
            case Everything():
                return item
            case Nothing():
                continue
            case Or(inner):
                flat.extend(inner)
            case _:
                flat.append(item)
    if not flat:
        return Nothing()
    present = {item.field for item in flat if isinstance(item, Has)}
    distinct = tuple(dict.fromkeys(i for i in flat if not (isinstance(i, Compare | In) and i.field in present)))
    return distinct[0] if len(distinct) == 1 else Or(distinct)
