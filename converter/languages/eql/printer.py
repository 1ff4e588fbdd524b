"""From syntax tree to text, in one canonical layout: `parse(to_text(tree)) == tree`."""

import re
from typing import Final

from converter.languages.eql.tree import (
    And,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Contained,
    Expression,
    FieldName,
    Filter,
    Match,
    Not,
    Null,
    Number,
    Or,
    Sample,
    Sequence,
    Signed,
    Stage,
    Statement,
    String,
)
from converter.languages.eql.vocabulary import KEYWORDS

WIDTH: Final = 100
_INDENT: Final = "  "

# Levels of spec eql 3, loosest first; a node is put in parentheses where a tighter one is due.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POSTFIX, _PRIMARY = range(9)

_PLAIN_NAME = re.compile(r"[A-Za-z_@][A-Za-z0-9_]*")
_CATEGORY = re.compile(r"[A-Za-z_@][A-Za-z0-9_]*")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\x9f\\u2028\\u2029\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]')
_RAW_IS_SAFE = re.compile(r'[^\r\n"]*')


def to_text(statement: Statement) -> str:
    """The query as text: short conditions on one line, long ones with an operand or a few list items a line."""
    match statement.query:
        case Filter():
            text = _filter(statement.query, "")
        case Sequence(keys, maxspan, stages, until):
            span = f" with maxspan={maxspan.count}{maxspan.unit}" if maxspan else ""
            lines = [f"sequence{_by(keys)}{span}", *(_stage(stage) for stage in stages)]
            lines += [f"until {_stage(until).lstrip()}"] if until else []
            text = "\n".join(lines)
        case Sample(keys, stages):
            text = "\n".join([f"sample{_by(keys)}", *(_stage(stage) for stage in stages)])
    return "\n".join([text, *(f"| {pipe.name} {_inline(pipe.count, _OR)}" for pipe in statement.pipes)])


def expression_text(expression: Expression) -> str:
    """One expression on one line."""
    return _inline(expression, _OR)


def field_text(field: FieldName) -> str:
    """A field as it is written: segments that are no plain names in backticks."""
    return ("?" if field.optional else "") + _name(field.name)


def string_text(value: str) -> str:
    """A text as a double-quoted literal; control and direction characters become escapes."""
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _stage(stage: Stage) -> str:
    opening = f"{_INDENT}{'!' if stage.missing else ''}["
    runs = f" with runs={stage.runs}" if stage.runs != 1 else ""
    return f"{opening}{_filter(stage.filter, _INDENT)}]{_by(stage.keys)}{runs}"


def _by(keys: tuple[FieldName, ...]) -> str:
    return f" by {', '.join(field_text(key) for key in keys)}" if keys else ""


def _filter(query: Filter, margin: str) -> str:
    head = f"{_category(query.category)} where"
    inline = f"{head} {_inline(query.condition, _OR)}"
    if len(margin) + len(inline) <= WIDTH:
        return inline
    inner = margin + _INDENT
    return f"{head}\n{inner}{_block(query.condition, inner, _OR)}"


def _category(name: str | None) -> str:
    if name is None:
        return "any"
    plain = _CATEGORY.fullmatch(name) and name not in KEYWORDS
    return name if plain else string_text(name)


def _block(expression: Expression, margin: str, level: int) -> str:
    """The expression over several lines if it does not fit on one; `margin` is what continuation lines begin with."""
    inline = _inline(expression, level)
    if len(margin) + len(inline) <= WIDTH:
        return inline
    match expression:
        case Or(items) | And(items):
            word, own = ("or", _OR) if isinstance(expression, Or) else ("and", _AND)
            if own < level:
                return _bracketed(expression, margin)
            return f" {word}\n{margin}".join(_block(item, margin, own + 1) for item in items)
        case Not(item) if level <= _NOT:
            return f"not {_block(item, margin, _NOT)}"
        case Contained(value, items) if level <= _POSTFIX:
            head = _contained_head(value, expression)
            return f"{head} ({_lines([_inline(item, _OR) for item in items], margin)})"
        case Match(value, operator, patterns) if level <= _POSTFIX:
            head = _match_head(value, operator)
            return f"{head} ({_lines([_inline(item, _OR) for item in patterns], margin)})"
        case _:
            return inline


def _bracketed(expression: Expression, margin: str) -> str:
    inner = margin + _INDENT
    return f"(\n{inner}{_block(expression, inner, _OR)}\n{margin})"


def _lines(items: list[str], margin: str) -> str:
    """List items filled into lines of WIDTH, without the brackets."""
    inner = margin + _INDENT
    lines: list[str] = []
    current = inner
    for index, item in enumerate(items):
        piece = item + ("," if index < len(items) - 1 else "")
        if current != inner and len(current) + 1 + len(piece) > WIDTH:
            lines.append(current)
            current = inner
        current += piece if current == inner else " " + piece
    return "\n" + "\n".join([*lines, current]) + f"\n{margin}"


def _inline(expression: Expression, level: int) -> str:
    text, own = _flat(expression)
    return f"({text})" if own < level else text


def _flat(expression: Expression) -> tuple[str, int]:
    """The expression on one line without outer parentheses, and its level."""
    match expression:
        case Or(items):
            return " or ".join(_inline(item, _AND) for item in items), _OR
        case And(items):
            return " and ".join(_inline(item, _NOT) for item in items), _AND
        case Not(item):
            return f"not {_inline(item, _NOT)}", _NOT
        case Compare(operator, left, right):
            return f"{_inline(left, _SUM)} {operator} {_inline(right, _SUM)}", _COMPARE
        case Arithmetic(operator, left, right):
            own = _SUM if operator in "+-" else _PRODUCT
            return f"{_inline(left, own)} {operator} {_inline(right, own + 1)}", own
        case Signed(sign, item):
            return f"{sign}{_inline(item, _SIGN)}", _SIGN
        case Contained(value, items):
            listed = ", ".join(_inline(item, _OR) for item in items)
            return f"{_contained_head(value, expression)} ({listed})", _POSTFIX
        case Match(value, operator, patterns):
            listed = ", ".join(_inline(pattern, _OR) for pattern in patterns)
            return f"{_match_head(value, operator)} {listed if len(patterns) == 1 else f'({listed})'}", _POSTFIX
        case _:
            return _primary(expression), _PRIMARY


def _contained_head(value: Expression, node: Contained) -> str:
    return f"{_inline(value, _PRIMARY)} {'not ' if node.negated else ''}in{'~' if node.ignore_case else ''}"


def _match_head(value: Expression, operator: str) -> str:
    return f"{_inline(value, _PRIMARY)} {operator}"


def _primary(expression: Expression) -> str:
    match expression:
        case Null():
            return "null"
        case Boolean(value):
            return "true" if value else "false"
        case Number(value):
            return _number(value)
        case String(value, raw):
            return f'"""{value}"""' if raw and _RAW_IS_SAFE.fullmatch(value) else string_text(value)
        case FieldName():
            return field_text(expression)
        case Call(function, arguments, ignore_case):
            listed = ", ".join(_inline(argument, _OR) for argument in arguments)
            return f"{function}{'~' if ignore_case else ''}({listed})"
        case _:
            raise TypeError(f"not a primary expression: {type(expression).__name__}")


def _number(value: int | float) -> str:
    """Decimals keep a point or an exponent, so that they stay decimals; infinity is a number too large for a double."""
    return "1e999" if value == float("inf") else repr(value)


def _name(name: str) -> str:
    segments = name.split(".")
    if not all(segments):
        return _quoted(name)
    plain = (_PLAIN_NAME.fullmatch(segment) and segment not in KEYWORDS for segment in segments)
    return ".".join(segment if bare else _quoted(segment) for segment, bare in zip(segments, plain, strict=True))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return _ESCAPES.get(char) or f"\\u{{{ord(char):02x}}}"
