"""What a value means to a field of Elasticsearch: term-level and full-text queries by type (spec kql 4.3, 4.4, 5).

Every language whose rules run on Elasticsearch asks here. A value that the field's type cannot take is a search error
there and a RuleError here; it has no place yet, the caller knows it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from converter.errors import RuleError
from converter.ir import (
    AddressLiteral,
    AnyOne,
    AnyRun,
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
    Text,
    TextLiteral,
    VersionLiteral,
    literal_text,
    pattern,
)
from converter.ir.pattern import rebuild
from converter.languages.value import address, block, date, json_text, number
from converter.schema.analyzer import tokens
from converter.schema.catalogue import FieldInfo, FieldType

Scalar = str | bool | int | float

_WORD_BREAK = re.compile(r"[ \t\n\r\u3000]+")
_OPERATORS = frozenset({"AND", "OR", "NOT"})


def literal(info: FieldInfo, value: Scalar) -> Literal:
    """The value as the field's type reads it: `"5"` on a number is 5, 5 on a keyword is `"5"`."""
    match info.type:
        case FieldType.LONG | FieldType.DOUBLE:
            return NumberLiteral(number(info.name, value, whole=info.type is FieldType.LONG))
        case FieldType.BOOLEAN:
            return BooleanLiteral(_boolean(info, value))
        case FieldType.DATE:
            return DateLiteral(date(info.name, value))
        case FieldType.IP:
            return AddressLiteral(address(info.name, value))
        case FieldType.VERSION:
            return VersionLiteral(json_text(value))
        case _:
            return TextLiteral(json_text(value))


def equality(info: FieldInfo, value: Scalar, *, ignore_case: bool = False) -> Matcher:
    """A `term` query: equality; for an address lying in the block, for a date in the closed range of its precision."""
    match info.type:
        case FieldType.IP:
            return Network(block(info.name, value))
        case FieldType.DATE:
            day = literal(info, value)
            return Range(day, day)
        case _:
            return Equal(literal(info, value), ignore_case or info.folded)


def words(info: FieldInfo, value: Scalar) -> tuple[Matcher, ...]:
    """A `match` query: some token of the value occurs in a text field; on other types, equality."""
    if info.type is not FieldType.TEXT:
        return (equality(info, value),)
    analyzer = _analyzer(info)
    found = tokens(analyzer, json_text(value))
    return tuple(Phrase((pattern(token),), analyzer) for token in dict.fromkeys(found)) or (Phrase((), analyzer),)


def phrase(info: FieldInfo, value: Scalar) -> Matcher:
    """A `match_phrase` query: the tokens occur in this order, nothing between them; on other types, equality."""
    if info.type is not FieldType.TEXT:
        return equality(info, value)
    analyzer = _analyzer(info)
    return Phrase(tuple(pattern(token) for token in tokens(analyzer, json_text(value))), analyzer)


def wildcard(info: FieldInfo, parts: Pattern, *, ignore_case: bool = False) -> Matcher:
    """A `wildcard` query: the pattern covers the value, on a text field one token (then in lower case)."""
    if info.type is FieldType.TEXT:
        lowered = (Text(part.value.lower()) if isinstance(part, Text) else part for part in parts)
        return Phrase((tuple(lowered),), _analyzer(info))
    if not (info.type.is_string or info.type is FieldType.VERSION):
        raise RuleError(
            "wildcard-on-type",
            f"`{info.name}` is of type {info.type.value}, which takes no wildcards",
            advice="compare with a whole value, a range or a network",
        )
    return Like(parts, ignore_case or info.folded)


def ordered(
    info: FieldInfo,
    low: Scalar | None = None,
    high: Scalar | None = None,
    *,
    open_low: bool = False,
    open_high: bool = False,
) -> Range:
    """A `range` query: numbers, dates, addresses and versions in their order, strings in that of their UTF-8 bytes."""
    if info.folded or info.type in {FieldType.TEXT, FieldType.BOOLEAN}:
        kind = "a lower-cased copy of another field" if info.folded else f"of type {info.type.value}"
        raise RuleError(
            "range-on-type", f"`{info.name}` is {kind}, which has no useful order", advice="test its values"
        )
    return Range(
        None if low is None else literal(info, low),
        None if high is None else literal(info, high),
        open_low,
        open_high,
    )


def query_string(info: FieldInfo, chunks: Iterable[Pattern]) -> tuple[Matcher, ...]:
    """A `query_string` query on one field, cut at its blanks: the chunks are alternatives (spec kql 3.3).

    A lone star means existence; neighbouring words without wildcards are one value.
    """
    found: list[Matcher] = []
    for is_plain, run in groupby(chunks, lambda chunk: literal_text(chunk) is not None):
        if is_plain:
            found.extend(words(info, " ".join(map(_plain_word, run))))
        else:
            found.extend(Present() if chunk == (AnyRun(),) else wildcard(info, rebuild(chunk)) for chunk in run)
    return tuple(dict.fromkeys(found))


def chunks(parts: Pattern) -> Iterator[Pattern]:
    """The pieces of a pattern between its blanks."""
    chunk: list[Text | AnyRun | AnyOne] = []
    for part in parts:
        if not isinstance(part, Text):
            chunk.append(part)
            continue
        first, *others = _WORD_BREAK.split(part.value)
        if first:
            chunk.append(Text(first))
        for word in others:
            if chunk:
                yield tuple(chunk)
            chunk = [Text(word)] if word else []
    if chunk:
        yield tuple(chunk)


def _plain_word(chunk: Pattern) -> str:
    word = literal_text(chunk) or ""
    if word in _OPERATORS:
        raise RuleError(
            "query-string-operator",
            f"the word `{word}` between wildcards becomes an operator of Elasticsearch's query_string",
            advice="write the conditions separately",
        )
    return word


def _boolean(info: FieldInfo, value: Scalar) -> bool:
    match value:
        case bool():
            return value
        case "true" | "false":
            return value == "true"
        case _:
            raise RuleError(
                "value-not-a-boolean",
                f"`{info.name}` is a boolean, which cannot be {json_text(value)!r:.60}",
                expected="`true` or `false` in lower case",
            )


def _analyzer(info: FieldInfo) -> str:
    return info.analyzer or "standard"
