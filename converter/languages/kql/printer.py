"""Syntax tree to KQL text that reads back as the same tree (spec kql 7).

Every literal is written as it was read, quoted or not. Kibana's own writer is no model: some of what it writes does
not parse.
"""

import re
from typing import assert_never

from converter.ir.pattern import AnyRun
from converter.languages.kql.tree import (
    And,
    Expression,
    Literal,
    Match,
    Nested,
    Not,
    Or,
    Range,
    ValueAnd,
    ValueNot,
    ValueOr,
    Values,
)


def to_text(tree: Expression) -> str:
    """One line of KQL; `parse` gives the same tree back."""
    match tree:
        case Match(field, values):
            return _values(values) if field is None else f"{literal_text(field)}: {_values(values)}"
        case Range(field, operator, value):
            return f"{literal_text(field)} {operator} {literal_text(value)}"
        case Nested(path, item):
            return f"{literal_text(path)}: {{ {to_text(item)} }}"
        case And(items):
            return " and ".join(_grouped(item) if isinstance(item, And | Or) else to_text(item) for item in items)
        case Or(items):
            return " or ".join(_grouped(item) if isinstance(item, Or) else to_text(item) for item in items)
        case Not(item):
            return f"not {_grouped(item) if isinstance(item, And | Or | Not) else to_text(item)}"
        case _:
            assert_never(tree)


def _grouped(tree: Expression) -> str:
    return f"({to_text(tree)})"


def _values(values: Values) -> str:
    return literal_text(values) if isinstance(values, Literal) else f"({_listed(values)})"


def _listed(values: Values) -> str:
    match values:
        case Literal():
            return literal_text(values)
        case ValueAnd(items):
            return " and ".join(
                _values(item) if isinstance(item, ValueAnd | ValueOr) else _listed(item) for item in items
            )
        case ValueOr(items):
            return " or ".join(_values(item) if isinstance(item, ValueOr) else _listed(item) for item in items)
        case ValueNot(item):
            return f"not {_values(item)}"
        case _:
            assert_never(values)


def literal_text(literal: Literal) -> str:
    """A literal with its escapes, in quotes if it was read from quotes."""
    if literal.quoted:
        return f'"{_escaped(literal.text or "", _QUOTED_SPECIAL)}"'
    pieces = ("*" if isinstance(part, AnyRun) else _escaped(part.value, _UNQUOTED_SPECIAL) for part in literal.parts)
    # An unquoted literal that is empty can only come from an escaped blank that was trimmed away.
    return _KEYWORD.sub(_guarded, "".join(pieces)) or r"\t"


_QUOTED_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f-\x9f\ufeff]')
_UNQUOTED_SPECIAL = re.compile(r'[\\():<>"*{}\x00-\x1f\x7f-\x9f\ufeff]')
_CONTROLS = {"\t": r"\t", "\r": r"\r", "\n": r"\n"}

# Where a keyword would end the literal, blanks and the ends of the literal, which the writer surrounds with blanks.
_KEYWORD = re.compile(r"(?:(?<=[ \u00a0])|^)(?P<operator>and|or)(?=[ \u00a0]|$)|not(?=[ \u00a0]|$)", re.IGNORECASE)


def _escaped(text: str, special: re.Pattern[str]) -> str:
    return special.sub(lambda match: _escape(match[0]), text)


def _escape(char: str) -> str:
    return _CONTROLS.get(char) or (f"\\{char}" if char.isprintable() else f"\\u{ord(char):04x}")


def _guarded(match: re.Match[str]) -> str:
    r"""`\not` is a line break and `ot`, so the word is broken by a character escape instead."""
    word = match[0]
    return f"\\{word}" if match["operator"] else f"{word[0]}\\u{ord(word[1]):04x}{word[2]}"
