"""Matchers as KQL values, by the type of the field that they test (spec kql 3.2, 4, 5, 7)."""

import re
from typing import Final

from converter.ir import (
    AddressLiteral,
    AnyOne,
    BooleanLiteral,
    DateLiteral,
    Equal,
    Like,
    Literal,
    Matcher,
    Network,
    NumberLiteral,
    Pattern,
    Phrase,
    Present,
    Range,
    Regex,
    Text,
    TextLiteral,
    VersionLiteral,
    literal_text,
)
from converter.ir.pattern import ANY_RUN
from converter.languages import mapping
from converter.languages.kql import tree as kql
from converter.languages.kql.literal import SPACE
from converter.languages.raised import InexpressibleError, one_address
from converter.schema.analyzer import tokens
from converter.schema.catalogue import FieldInfo, FieldType

EXISTENCE: Final = kql.Literal((ANY_RUN,))
"""The lone star as a value."""

_PLAIN_NAME = re.compile(r"[\w.@-]+")
_RESERVED: Final = frozenset({"and", "or", "not", "null", "true", "false"})
_LETTER = re.compile(r"[A-Za-z]")


def field_name(name: str) -> kql.Literal:
    """A field by its name, in quotes where the bare name would read as something else."""
    plain = _PLAIN_NAME.fullmatch(name) and name.lower() not in _RESERVED
    return kql.Literal((Text(name),), quoted=not plain)


def constant(literal: Literal) -> kql.Literal:
    """A constant: texts in quotes, numbers and truth values bare."""
    match literal:
        case BooleanLiteral(truth):
            return kql.Literal((Text("true" if truth else "false"),))
        case NumberLiteral(number):
            return kql.Literal((Text(repr(number)),))
        case TextLiteral(text) | DateLiteral(text) | AddressLiteral(text) | VersionLiteral(text):
            return _quoted(text)


def value(matcher: Matcher, info: FieldInfo) -> kql.Literal:
    """The value that says a matcher, which is no range but that of one instant.

    Raises InexpressibleError if none does.
    """
    match matcher:
        case Present():
            return EXISTENCE
        case Phrase(wanted, analyzer):
            return _phrase(wanted, analyzer, info)
        case Regex():
            raise InexpressibleError("kql-regex", "KQL has no regular expressions", info.name)
        case _ if info.type is FieldType.TEXT:
            what = f"`{info.name}` is analysed text, whose words KQL compares, not the whole value"
            raise InexpressibleError("kql-analysed-text", what, info.name)
        case Equal(literal, ignore_case):
            _check_case(ignore_case and isinstance(literal, TextLiteral), [_text_of(literal)], info)
            return constant(literal)
        case Like(parts, ignore_case):
            _check_case(ignore_case, [part.value for part in parts if isinstance(part, Text)], info)
            return _wildcard(parts, info)
        case Network(block) if info.type is FieldType.IP or not info.known:
            return _quoted(one_address(block) or block)
        case Network(block):
            what = f"{block} is looked for in `{info.name}`, which is no IP address"
            raise InexpressibleError("kql-network", what, info.name)
        case Range(DateLiteral() as day):
            return constant(day)
        case _:
            raise TypeError(f"a range of one instant was expected: {matcher}")


def _text_of(literal: Literal) -> str:
    return literal.value if isinstance(literal, TextLiteral) else ""


def _check_case(ignore_case: bool, texts: list[str], info: FieldInfo) -> None:
    """Case counts in KQL, save in a lower-cased multi-field, whose values and queries are folded alike."""
    if ignore_case and not info.folded and any(map(_LETTER.search, texts)):
        what = f"`{info.name}` is compared in any case, KQL minds the case"
        raise InexpressibleError("kql-ignore-case", what, info.name)


def _wildcard(parts: Pattern, info: FieldInfo) -> kql.Literal:
    literal = _bare(parts, info)
    split = info.type not in {FieldType.KEYWORD, FieldType.CONSTANT_KEYWORD, FieldType.WILDCARD}
    if split and len(list(mapping.chunks(literal.parts))) > 1:
        what = f"a pattern with blanks falls apart on `{info.name}`, which is of type {info.type.value}"
        raise InexpressibleError("kql-blank", what, info.name)
    return literal


def _bare(parts: Pattern, info: FieldInfo) -> kql.Literal:
    """A pattern as an unquoted literal. A pattern without wildcards is a whole value."""
    kept = tuple(part for part in parts if not isinstance(part, AnyOne))
    if len(kept) < len(parts):
        what = "a pattern asks for exactly one character somewhere, for which KQL has no wildcard"
        raise InexpressibleError("kql-one-character", what, info.name)
    whole = literal_text(parts)
    if whole is not None:
        return _quoted(whole)
    first, last = kept[0], kept[-1]
    trimmed = (isinstance(first, Text) and first.value[0] in SPACE) or (
        isinstance(last, Text) and last.value[-1] in SPACE
    )
    if trimmed:
        raise InexpressibleError("kql-blank", "a pattern begins or ends with a blank, which KQL cuts off", info.name)
    return kql.Literal(kept)


def _phrase(wanted: tuple[Pattern, ...], analyzer: str, info: FieldInfo) -> kql.Literal:
    """Words in quotes are found next to each other; a pattern of one word stands without."""
    if info.type is not FieldType.TEXT or info.analyzer != analyzer:
        what = f"words are looked for in `{info.name}`, which is not analysed so"
        raise InexpressibleError("kql-analysed-text", what, info.name)
    words = [literal_text(token) for token in wanted]
    if all(word is not None for word in words):
        text = " ".join(word or "" for word in words)
        if tokens(analyzer, text) == tuple(words):
            return _quoted(text)
    elif len(wanted) == 1 and wanted[0] != (ANY_RUN,):
        return _wildcard(wanted[0], info)
    raise InexpressibleError("kql-phrase", "KQL cannot write this sequence of words", info.name)


def _quoted(text: str) -> kql.Literal:
    return kql.Literal((Text(text),) if text else (), quoted=True)
