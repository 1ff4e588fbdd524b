"""Predicates over target fields as SQL conditions (spec osquery 6).

The IR knows two truth values, SQL three. Every complement is written `(P) IS NOT TRUE`, which holds where P is false or
NULL; AND and OR then need no care, since the whole condition is only ever tested for being true. An empty text counts
as missing: a test that an empty text could satisfy reads `nullif(column, '')`.
"""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import assert_never

from backends.osquery import ecmascript
from backends.osquery.assumption import no_empty_text, no_mapped_address, number_text, single_bytes, single_valued
from backends.osquery.expression import truth
from backends.osquery.layout import Layout
from backends.osquery.operand import Operand, operand
from backends.osquery.quoting import glob_pattern, like_pattern, unwritable
from backends.osquery.refusal import InexpressibleError, refused_at
from backends.osquery.sql import (
    Between,
    Binary,
    Case,
    Cast,
    Function,
    In,
    Is,
    Like,
    Number,
    Sql,
    Text,
    Truth,
    all_of,
    any_of,
)
from converter.ir import literal as lit
from converter.ir import matcher as m
from converter.ir import predicate as p
from converter.ir.pattern import AnyRun, Pattern, literal_text
from converter.losses import Assumption

LONGEST_PATTERN = 50_000
"""SQLite's limit for LIKE and GLOB patterns, in bytes."""

_INTEGERS = range(-(2**63), 2**63)


@dataclass(slots=True)
class Conditions:
    """Writes the predicates of one source; `assumptions` gathers under what they are exact.

    Every method raises InexpressibleError for what SQL cannot say.
    """

    layout: Layout
    assumptions: dict[Assumption, None] = field(default_factory=dict)

    def condition(self, predicate: p.Predicate) -> Sql:
        """True exactly where the predicate holds; elsewhere false or NULL."""
        match predicate:
            case p.All(items):
                return all_of(tuple(self.condition(item) for item in items))
            case p.Any(items):
                return any_of(tuple(self.condition(item) for item in items))
            case p.Not(item):
                return self._complement(item)
            case p.Always():
                return Truth(True)
            case p.Never():
                return Truth(False)
            case p.Test():
                return self._test(predicate)
            case p.Compute(expression):
                with refused_at(None, predicate.span):
                    return truth(expression, self)
            case p.Nested(path):
                raise InexpressibleError("osquery-nested", "osquery's rows hold no objects", path, predicate.span)
            case _:
                assert_never(predicate)

    def _complement(self, item: p.Predicate) -> Sql:
        match item:
            case p.Test(p.Field(name), (m.Present(),)):
                return self._present(operand(self.layout, name), "NULL", name)
            case _:
                return Is(self.condition(item), "NOT TRUE")

    def _test(self, test: p.Test) -> Sql:
        if not isinstance(test.field, p.Field):
            raise InexpressibleError(
                "osquery-field",
                "SQL names its columns; a pattern of field names has to be resolved first",
                None,
                test.span,
            )
        name = test.field.name
        self.assume(single_valued, name)
        with refused_at(name, test.span):
            return self.matches(operand(self.layout, name), test.matchers, name)

    def matches(self, value: Operand, matchers: Iterable[m.Matcher], name: str | None = None) -> Sql:
        """Some matcher accepts the value: lists of equal texts first, the others in their order."""
        equal: dict[bool, list[Text | Number]] = {False: [], True: []}
        others: list[Sql] = []
        for matcher in matchers:
            plain = _as_equal(matcher)
            if plain is None:
                others.append(self._match(value, matcher, name))
                continue
            literal = _comparable(plain.value, value)
            if literal is not None:
                equal[plain.ignore_case and _has_letters(literal)].append(literal)
            elif value.is_text:
                self.assume(no_empty_text, name)
        exact = [_equals(value.exact, equal[False])] if equal[False] else []
        folded = [_equals(value.folded, equal[True])] if equal[True] else []
        return any_of((*exact, *folded, *others))

    def _match(self, value: Operand, matcher: m.Matcher, name: str | None) -> Sql:
        match matcher:
            case m.Like(parts, ignore_case):
                return self._wildcard(value, parts, ignore_case, name)
            case m.Regex():
                return self._regex(value, matcher, name)
            case m.Range():
                return self._range(value, matcher, name)
            case m.Network(block):
                self.assume(no_mapped_address, name)
                return _network(value, block)
            case m.Present():
                return self._present(value, "NOT NULL", name)
            case m.Equal(literal):
                return self._number_or_other(value, literal, name)
            case m.Phrase():
                raise InexpressibleError("osquery-full-text", "SQLite has no analysed text to search words in")
            case _:
                assert_never(matcher)

    def _present(self, value: Operand, what: str, name: str | None) -> Sql:
        if value.is_text:
            self.assume(no_empty_text, name)
        return Is(value.present, what)

    def _wildcard(self, value: Operand, parts: Pattern, ignore_case: bool, name: str | None) -> Sql:
        if all(isinstance(part, AnyRun) for part in parts):
            return self._present(value, "NOT NULL", name)
        if ignore_case:
            pattern, escaped = like_pattern(parts)
            return Like(value.sql, _bounded(pattern), escaped)
        return Binary("GLOB", value.sql, Text(_bounded(glob_pattern(parts))))

    def _number_or_other(self, value: Operand, literal: lit.Literal, name: str | None) -> Sql:
        match literal:
            case lit.NumberLiteral(number):
                return Binary("=", self._number(value, number, name), Number(number))
            case _:
                raise InexpressibleError("osquery-literal", f"SQL cannot compare with a {_kind(literal)}")

    def _number(self, value: Operand, number: float, name: str | None) -> Sql:
        if not value.is_text:
            return value.sql
        self.assume(number_text, name)
        return Cast(value.present, "INTEGER" if isinstance(number, int) else "REAL")

    def _regex(self, value: Operand, regex: m.Regex, name: str | None) -> Sql:
        found = ecmascript.searches(regex)
        if any(unwritable(pattern) for pattern in found.patterns):
            raise InexpressibleError("osquery-text", "the expression holds a character that SQL text cannot")
        if found.counts_bytes:
            self.assume(single_bytes, name)
        if found.accepts_empty:
            self.assume(no_empty_text, name)
        text = value.present if found.accepts_empty else value.sql
        subject = Function("lower", (text,)) if found.lowered else text
        return any_of(tuple(_regex_match(subject, pattern) for pattern in found.patterns))

    def _range(self, value: Operand, bounds: m.Range, name: str | None) -> Sql:
        low = self._bound(value, ">" if bounds.open_low else ">=", bounds.low, name)
        high = self._bound(value, "<" if bounds.open_high else "<=", bounds.high, name)
        return all_of((*low, *high))

    def _bound(self, value: Operand, operator: str, literal: lit.Literal | None, name: str | None) -> tuple[Sql, ...]:
        match literal:
            case None:
                return ()
            case lit.NumberLiteral(number):
                return (Binary(operator, self._number(value, number, name), Number(number)),)
            case lit.TextLiteral(text):
                plain = Operand(value.present if value.is_text else Cast(value.sql, "TEXT"), True, value.ignores_case)
                return (Binary(operator, plain.exact, _writable(text)),)
            case lit.AddressLiteral(text) if ":" not in text:
                self.assume(no_mapped_address, name)
                address = Number(int(ipaddress.IPv4Address(text)))
                return (Binary(operator, Function("inet_aton", (value.sql,)), address),)
            case _:
                raise InexpressibleError("osquery-literal", f"SQL cannot order by a {_kind(literal)}")

    def assume(self, make: Callable[[str], Assumption], name: str | None) -> None:
        """Notes an assumption about a column; a computed value, which has no name, needs none."""
        if name is not None:
            self.assumptions[make(name)] = None


def _as_equal(matcher: m.Matcher) -> m.Equal | None:
    """The matcher as an equality of texts, numbers or truth values that IN can hold, else None."""
    match matcher:
        case m.Like(parts, ignore_case) if (text := literal_text(parts)) is not None:
            return m.Equal(lit.TextLiteral(text), ignore_case)
        case m.Equal(lit.TextLiteral() | lit.BooleanLiteral()):
            return matcher
        case m.Equal(lit.NumberLiteral(int() as number)) if number in _INTEGERS:
            return matcher
        case _:
            return None


def _comparable(literal: lit.Literal, value: Operand) -> Text | Number | None:
    """The literal as the column stores it; None if no value of the column equals it (an empty text is missing)."""
    match literal:
        case lit.TextLiteral(text) if value.is_text:
            return _writable(text) if text or value.computed else None
        case lit.TextLiteral(text):
            return Number(int(text)) if _canonical(text) else None if _is_number(text) else _writable(text)
        case lit.NumberLiteral(number):
            return Text(str(number)) if value.is_text else Number(number)
        case lit.BooleanLiteral(truth):
            return Text(str(truth).lower()) if value.is_text else Number(int(truth))
        case _:
            raise TypeError(f"no literal for IN: {literal!r}")


def _canonical(text: str) -> bool:
    """Whether an integer column can print as this text."""
    digits = text.removeprefix("-")
    return (
        digits.isascii() and digits.isdigit() and len(digits) < 20 and str(int(text)) == text and int(text) in _INTEGERS
    )


def _is_number(text: str) -> bool:
    """Whether SQLite would take the text for a number beside an integer column."""
    try:
        float(text.strip() or "0")
    except ValueError:
        return False
    return True


def _equals(value: Sql, items: list[Text | Number]) -> Sql:
    unique = tuple(dict.fromkeys(items))
    return Binary("=", value, unique[0]) if len(unique) == 1 else In(value, unique)


def _has_letters(literal: Text | Number) -> bool:
    return isinstance(literal, Text) and any(char.isascii() and char.isalpha() for char in literal.value)


def _bounded(pattern: str) -> str:
    if len(pattern.encode("utf-8", "surrogatepass")) > LONGEST_PATTERN:
        raise InexpressibleError("osquery-pattern-length", f"SQLite's patterns have at most {LONGEST_PATTERN} bytes")
    return _writable(pattern).value


def _writable(text: str) -> Text:
    if unwritable(text):
        raise InexpressibleError("osquery-text", "the text holds a character that SQL text cannot")
    return Text(text)


def _regex_match(subject: Sql, pattern: str) -> Sql:
    return Is(Function("regex_match", (subject, Text(pattern), Number(0))), "NOT NULL")


def _network(value: Operand, block: str) -> Sql:
    """IPv4 as integers, since `in_cidr_block` leaves out the ends of a block; IPv6 behind a test for a colon, since
    anything else fails the whole query (spec osquery 5.1)."""
    network = ipaddress.ip_network(block)
    if isinstance(network, ipaddress.IPv4Network):
        low, high = int(network.network_address), int(network.broadcast_address)
        address = Function("inet_aton", (value.sql,))
        return Binary("=", address, Number(low)) if low == high else Between(address, Number(low), Number(high))
    inside = Function("in_cidr_block", (Text(block), value.sql))
    return Case(((Like(value.sql, "%:%", False), inside),), Truth(False))


def _kind(literal: lit.Literal | None) -> str:
    return type(literal).__name__.removesuffix("Literal").lower()
