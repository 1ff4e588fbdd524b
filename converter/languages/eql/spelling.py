"""Matchers as EQL operators: `==`, `in`, `:`, `like`, `regex`, orders, `cidrMatch` (spec eql 5)."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)
from converter.ir.matcher import Equal, Flavour, Like, Matcher, Network, Phrase, Present, Range, Regex
from converter.ir.pattern import ANY_RUN, AnyOne, AnyRun, Pattern, Text
from converter.ir.regex import AnyChar, Chars, Concat, Regexp, Repeat
from converter.ir.span import Span
from converter.languages.eql import tree
from converter.languages.raised import Findings, InexpressibleError, is_instant, one_address
from converter.languages.regex.dialect import DialectError
from converter.languages.regex.notation import adapted, written
from converter.schema.catalogue import FieldInfo, FieldType

NOWHERE: Final = Span(0, 0, 1, 1)
"""The place of nodes that were not read."""

LONGEST_REGEX: Final = 1_000
"""Elasticsearch's default `index.max_regex_length`, in characters."""

_WILDCARD = re.compile(r"[*?]")


def constant(literal: Literal) -> tree.Expression:
    """The literal as EQL writes it: negative numbers are signed, dates, addresses and versions are texts."""
    match literal:
        case TextLiteral(value):
            return text(value)
        case BooleanLiteral(truth):
            return tree.Boolean(truth, NOWHERE)
        case NumberLiteral(number) if number < 0:
            return tree.Signed("-", tree.Number(-number, NOWHERE), NOWHERE)
        case NumberLiteral(number):
            return tree.Number(number, NOWHERE)
        case DateLiteral(value) | AddressLiteral(value) | VersionLiteral(value):
            return text(value)


def text(value: str) -> tree.String:
    """A text in double quotes."""
    return tree.String(value, False, NOWHERE)


def alternatives(
    value: tree.Expression, matchers: tuple[Matcher, ...], info: FieldInfo | None, findings: Findings
) -> list[tree.Expression]:
    """Conditions on one value of which one has to hold; `info` None is a computed value.

    Raises InexpressibleError for a matcher that no operator says.
    """
    conditions: list[tree.Expression] = []
    operations: list[tuple[str, tree.Expression]] = []
    for matcher in matchers:
        match matcher:
            case Range() if not is_instant(matcher):
                conditions.append(_within(value, findings.part_bounds(info, matcher)))
            case Like((Text(start), AnyRun()), ignore_case) if info is not None and _WILDCARD.search(start):
                conditions.append(tree.Call("startsWith", (value, text(start)), ignore_case, NOWHERE))
            case _:
                operations.append(_operation(matcher, info))
    return [*(_applied(value, operator, found, info) for operator, found in _lists(operations).items()), *conditions]


def _lists(operations: list[tuple[str, tree.Expression]]) -> dict[str, list[tree.Expression]]:
    """Operands by operator. Texts of an `in` list join the patterns of a `like` list, if none reads as a pattern."""
    texts = [operand for operator, operand in operations if operator == "in"]
    patterns = any(operator == "like" for operator, _ in operations)
    joins = patterns and all(isinstance(item, tree.String) and not _WILDCARD.search(item.value) for item in texts)
    lists: dict[str, list[tree.Expression]] = {}
    for operator, operand in operations:
        lists.setdefault("like" if joins and operator == "in" else operator, []).append(operand)
    return lists


def joined(every: bool, items: Iterable[tree.Expression]) -> tree.Expression:
    """All of the conditions, or some of them; a single one stands for itself."""
    found = tuple(items)
    match found:
        case ():
            return tree.Boolean(every, NOWHERE)
        case (only,):
            return only
        case _:
            return tree.And(found, NOWHERE) if every else tree.Or(found, NOWHERE)


def _operation(matcher: Matcher, info: FieldInfo | None) -> tuple[str, tree.Expression]:
    """The operator that says a matcher, with its operand; matchers of one operator become one list."""
    name = info.name if info else None
    match matcher:
        case Equal(TextLiteral(value), True) if info is None or _is_text(info):
            return ("in~" if _WILDCARD.search(value) else ":"), text(value)
        case Equal(value):
            return "in", constant(value)
        case Like(parts, ignore_case):
            return _like(parts, ignore_case, info)
        case Regex(tree_, flavour, ignore_case):
            return _regex(tree_, flavour, ignore_case, info)
        case Range(DateLiteral(value)):
            return "in", text(value)
        case Network(block) if info is not None and (info.type is FieldType.IP or not info.known):
            return "cidrMatch", text(block)
        case Network(block):
            raise InexpressibleError(
                "eql-network", f"{block} is looked for in {name or 'a computed value'}, which is no IP address", name
            )
        case Phrase():
            raise InexpressibleError(
                "eql-analysed-text", f"`{name}` is searched for words, EQL compares whole values", name
            )
        case Present():
            return "like", text("*")
        case _:
            raise TypeError(f"a range of one instant was expected: {matcher}")


def _applied(
    value: tree.Expression, operator: str, operands: list[tree.Expression], info: FieldInfo | None
) -> tree.Expression:
    match operator, operands:
        case "in", [only]:
            return tree.Compare("==", value, only, NOWHERE)
        case "in" | "in~", _:
            return tree.Contained(value, tuple(operands), operator == "in~", False, NOWHERE)
        case "cidrMatch", [tree.String(block)] if info is not None and info.known and (address := one_address(block)):
            return tree.Compare("==", value, text(address), NOWHERE)
        case "cidrMatch", _:
            return tree.Call("cidrMatch", (value, *operands), False, NOWHERE)
        case _:
            patterns = tuple(operand for operand in operands if isinstance(operand, tree.String))
            return tree.Match(value, operator, patterns, NOWHERE)


def _is_text(info: FieldInfo) -> bool:
    return info.type.is_string or info.type is FieldType.TEXT


def _within(value: tree.Expression, bounds: tuple[Range, ...]) -> tree.Expression:
    items = tuple(comparison for bound in bounds for comparison in _comparisons(value, bound))
    return items[0] if len(items) == 1 else tree.And(items, NOWHERE)


def _comparisons(value: tree.Expression, bound: Range) -> Iterator[tree.Expression]:
    if bound.low is not None:
        yield tree.Compare(">" if bound.open_low else ">=", value, constant(bound.low), NOWHERE)
    if bound.high is not None:
        yield tree.Compare("<" if bound.open_high else "<=", value, constant(bound.high), NOWHERE)


def _like(parts: Pattern, ignore_case: bool, info: FieldInfo | None) -> tuple[str, tree.Expression]:
    """A wildcard pattern, or a regular expression where it holds a literal `*` or `?`: patterns have no escape."""
    if any(isinstance(part, Text) and _WILDCARD.search(part.value) for part in parts):
        return _regex(Concat(tuple(map(_piece, parts))), Flavour.LUCENE, ignore_case, info)
    pattern = "".join(part.value if isinstance(part, Text) else _SIGNS[type(part)] for part in parts)
    return (":" if ignore_case else "like"), text(pattern)


_SIGNS: Final = {AnyRun: "*", AnyOne: "?"}


def _piece(part: Text | AnyRun | AnyOne) -> Regexp:
    if isinstance(part, Text):
        return Chars(part.value)
    return Repeat(AnyChar(), 0, None) if part == ANY_RUN else AnyChar()


def _regex(pattern: Regexp, flavour: Flavour, ignore_case: bool, info: FieldInfo | None) -> tuple[str, tree.Expression]:
    """Lucene's dialect on a field, Java's on a computed value."""
    name = info.name if info else None
    dialect = Flavour.LUCENE if info else Flavour.JAVA
    adapted_pattern, folds = adapted(pattern, flavour, ignore_case, dialect)
    try:
        found = written(adapted_pattern, dialect)
    except DialectError as error:
        raise InexpressibleError("eql-regex-dialect", f"the pattern needs {error}", name) from error
    if len(found) > LONGEST_REGEX:
        what = f"the pattern has {len(found)} characters, Elasticsearch takes {LONGEST_REGEX} by default"
        raise InexpressibleError("eql-regex-length", what, name)
    raw = "\\" in found and found.isprintable()
    return ("regex~" if folds else "regex"), tree.String(found, raw, NOWHERE)
