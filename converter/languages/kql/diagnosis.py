"""Syntax errors in the words of the person who wrote the query: what is there, what was expected, what to do."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from converter.errors import Place, RuleError
from converter.languages.kql.literal import BLANK


class Expected(StrEnum):
    """What may come next, in the order in which messages list it."""

    FIELD = "a field name"
    VALUE = "a value"
    LITERAL = "a literal"
    OPEN = "`(`"
    OPEN_NESTED = "`{`"
    NOT = "`not` and a blank"
    COLON = "`:`"
    OPERATOR = "`<`, `<=`, `>` or `>=`"
    AND = "`and` between blanks"
    OR = "`or` between blanks"
    CLOSE = "`)`"
    CLOSE_NESTED = "`}`"
    SPACE = "white space"
    END = "the end of the query"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A syntax error before it is worded: the text, the offset of what does not fit, and what would."""

    text: str
    offset: int
    expected: frozenset[Expected]

    @property
    def before(self) -> str:
        return self.text[: self.offset]

    @property
    def rest(self) -> str:
        return self.text[self.offset :]


def diagnose(text: str, error: UnexpectedInput) -> RuleError:
    """The error for a text that the grammar does not read."""
    mistake = Mistake(text, _offset(text, error), _expected(error))
    code, what, advice = next(found for check in _CHECKS if (found := check(mistake)))
    line, column = position(text, mistake.offset)
    return RuleError(
        code,
        what,
        place=Place(None, line, column),
        expected=_listed(mistake.expected),
        advice=advice,
        excerpt=excerpt(text, mistake.offset),
    )


def position(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def excerpt(text: str, offset: int) -> str:
    """The line that an offset lies in."""
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]


def _offset(text: str, error: UnexpectedInput) -> int:
    match error:
        case UnexpectedToken(token=Token(type=kind, start_pos=int(start))) if kind != "$END":
            return start
        case UnexpectedCharacters(pos_in_stream=int(start)):
            return start
        case _:
            return len(text)


_TERMINALS = {
    "LPAR": Expected.OPEN,
    "LBRACE": Expected.OPEN_NESTED,
    "NOT": Expected.NOT,
    "_COLON": Expected.COLON,
    "OPERATOR": Expected.OPERATOR,
    "_AND": Expected.AND,
    "_OR": Expected.OR,
    "RPAR": Expected.CLOSE,
    "RBRACE": Expected.CLOSE_NESTED,
    "$END": Expected.END,
}


def _expected(error: UnexpectedInput) -> frozenset[Expected]:
    """What the parser would accept. After a whole clause the operators are named, not the blanks around them."""
    parser: InteractiveParser = error.interactive_parser
    accepted: set[str] = parser.accepts()  # type: ignore[no-untyped-call]
    found = {_TERMINALS[name] for name in accepted if name in _TERMINALS}
    if "UNQUOTED" in accepted:
        opened = [token.type for token in parser.parser_state.value_stack if isinstance(token, Token)]
        found |= _literals(opened)
        if not (opened and opened[-1] in {"_AND", "_OR", "NOT"}):
            found.add(Expected.SPACE)
    return frozenset(found)


def _literals(opened: list[str]) -> set[Expected]:
    """What a literal would be, told by the tokens that wait for their rule to be completed."""
    for name in reversed(opened):
        match name:
            case "OPERATOR":
                return {Expected.LITERAL}
            case "_COLON":
                return {Expected.VALUE}
            case "LBRACE":
                break
    return {Expected.FIELD, Expected.VALUE}


def _listed(expected: Iterable[Expected]) -> str:
    wanted = set(expected)
    names = [item.value for item in Expected if item in wanted]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


Finding = tuple[str, str, str]
"""Code, what is wrong, what to do."""


def _unclosed_quote(mistake: Mistake) -> Finding | None:
    if not mistake.rest.startswith('"') or re.match(r'"(?:\\.|[^"\\])*+"', mistake.rest, re.DOTALL):
        return None
    advice = 'close it with `"`'
    if '\\"' in mistake.rest:
        advice += '; `\\"` is a quotation mark inside the string, so a backslash at its end is written `\\\\`'
    return "kql-quote-unclosed", "the quoted string has no end", advice


def _eql(mistake: Mistake) -> Finding | None:
    start = mistake.text.lstrip(BLANK)
    if re.match(r"(?:sequence|sample)\b[^:\"]*\[", start) or re.match(r"[A-Za-z_]\w*[ \t\r\n]+where[ \t\r\n]", start):
        return "kql-is-eql", "this is an EQL query, not KQL", "set the rule's language to eql"
    return None


def _escape(mistake: Mistake) -> Finding | None:
    if not mistake.rest.startswith("\\"):
        return None
    return (
        "kql-escape-unknown",
        f"`{mistake.rest[:2]}` is no escape sequence",
        "write a backslash as `\\\\`, or put the value in quotes and double its backslashes",
    )


def _equals(mistake: Mistake) -> Finding | None:
    if not re.search(r"[=!]=?[ \t\r\n\u00a0]*$", mistake.before) and not mistake.rest.startswith("="):
        return None
    return "kql-equals-sign", "KQL has no `=`, `==` or `!=`", 'write `field: "value"`, or `not field: "value"`'


def _not_without_blank(mistake: Mistake) -> Finding | None:
    if mistake.rest.startswith("(") and re.search(r"(?:^|[\s(])not$", mistake.before, re.IGNORECASE):
        return "kql-not-needs-blank", "`not` directly before `(` is read as a value", "write `not (…)` with a blank"
    return None


def _not_misplaced(mistake: Mistake) -> Finding | None:
    if not re.match(r"not[ \t\r\n\u00a0]", mistake.rest, re.IGNORECASE):
        return None
    if re.search(r":[ \t\r\n\u00a0]*$", mistake.before):
        return "kql-not-misplaced", "`not` cannot follow `:`", "write `not field: value` or `field: (not value)`"
    if re.search(r"(?:^|[\s(])not[ \t\r\n\u00a0]+$", mistake.before, re.IGNORECASE):
        return "kql-not-misplaced", "`not` cannot follow `not`", "remove both, or write `not (not …)`"
    return (
        "kql-keyword-in-value",
        "`not` followed by a blank ends a value, even inside a word such as `cannot`",
        'put a value that contains it in quotes: `"cannot open"`',
    )


def _comparison_after_colon(mistake: Mistake) -> Finding | None:
    if mistake.rest[:1] in {"<", ">"} and re.search(r":[ \t\r\n\u00a0]*$", mistake.before):
        return "kql-comparison-after-colon", "a comparison takes no `:`", "write `field > 5`"
    return None


def _unbalanced(mistake: Mistake) -> Finding | None:
    if not mistake.rest and {Expected.CLOSE, Expected.CLOSE_NESTED} & mistake.expected:
        return "kql-unbalanced", "a bracket is not closed", "close it at the end of its group"
    if mistake.rest[:1] in {")", "}"} and Expected.END in mistake.expected and mistake.before.strip(BLANK):
        return "kql-unbalanced", f"there is no open bracket for this `{mistake.rest[0]}`", "remove it"
    return None


def _field_in_list(mistake: Mistake) -> Finding | None:
    if mistake.rest[:1] in {":", "<", ">"} and Expected.CLOSE in mistake.expected:
        return (
            "kql-reserved-character",
            f"`{mistake.rest[0]}` cannot stand here: a list holds values only",
            f"put a value that contains it in quotes, or write `\\{mistake.rest[0]}`",
        )
    return None


def _next_condition(mistake: Mistake) -> Finding | None:
    swallowed = re.search(r"[ \t\r\n\u00a0]([\w.@-]+)$", mistake.before)
    if not (swallowed and mistake.rest.startswith(":") and Expected.AND in mistake.expected):
        return None
    advice = f"join the conditions with `and` or `or` before `{swallowed[1]}`"
    if "'" in mistake.before:
        advice += "; strings take double quotes, a single quote is an ordinary character"
    return "kql-operator-missing", f"`{swallowed[1]}` was read as part of the value before it", advice


def _reserved(mistake: Mistake) -> Finding | None:
    if Expected.AND in mistake.expected and mistake.rest[:1] in set(":<>{}*"):
        return (
            "kql-reserved-character",
            f"`{mistake.rest[0]}` cannot stand in a value as it is",
            f"put the value in quotes, or write `\\{mistake.rest[0]}`",
        )
    return None


def _operator_missing(mistake: Mistake) -> Finding | None:
    if Expected.AND not in mistake.expected or not mistake.rest:
        return None
    if re.match(r"(?:and|or)[ \t\r\n\u00a0(]", mistake.rest.lstrip(BLANK), re.IGNORECASE):
        return "kql-operator-missing", "`and` and `or` need a blank on both sides", "add the blank"
    return "kql-operator-missing", "two conditions stand side by side", "join them with `and` or `or`"


def _other(mistake: Mistake) -> Finding:
    if not mistake.rest:
        return "kql-syntax", "the query ends too early", "complete the last condition"
    return "kql-syntax", f"`{mistake.rest[0]}` does not fit here", "write `field: value`, with quotes around odd values"


_CHECKS: tuple[Callable[[Mistake], Finding | None], ...] = (
    _eql,
    _unclosed_quote,
    _escape,
    _equals,
    _not_without_blank,
    _not_misplaced,
    _comparison_after_colon,
    _unbalanced,
    _field_in_list,
    _next_condition,
    _reserved,
    _operator_missing,
    _other,
)
