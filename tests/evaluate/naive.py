"""A second evaluator, as slow and plain as the specification's outline (spec eql 15): the compiled one must agree.

It shares nothing with `converter.evaluate`: values are looked up per test, patterns are matched by recursion, regular
expressions by Python's `re`.
"""

import ipaddress
import itertools
import re
from collections.abc import Iterator
from typing import Any as Anything

from converter.ir import (
    All,
    Always,
    Any,
    AnyOne,
    AnyRun,
    BooleanLiteral,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    Either,
    Equal,
    Expression,
    FieldPattern,
    FieldValue,
    IsNull,
    Like,
    Literal,
    Matcher,
    Matches,
    Negation,
    Nested,
    Network,
    Never,
    Not,
    NumberLiteral,
    Pattern,
    Phrase,
    Predicate,
    Present,
    Range,
    Regex,
    Test,
    Text,
    TextLiteral,
)
from converter.ir.regex import AnyChar, CharClass, Chars, Concat, Regexp, Repeat
from converter.ir.walk import occurrences

NUMBERS, BOOLEANS, ADDRESSES = {"n"}, {"flag"}, {"ip"}
FIELDS = ("a", "b.c", "b.d", "n", "flag", "ip", "message", "o.x", "o.y")


def holds(predicate: Predicate, document: Anything) -> bool:
    match predicate:
        case All(items):
            return all(holds(item, document) for item in items)
        case Any(items):
            return any(holds(item, document) for item in items)
        case Not(item):
            return not holds(item, document)
        case Always():
            return True
        case Never():
            return False
        case Test(FieldPattern(pattern), matchers):
            names = [name for name in FIELDS if glob(pattern, name)]
            return any(accepts(m, v, name) for name in names for v in values(document, name) for m in matchers)
        case Test(field, matchers):
            assert not isinstance(field, FieldPattern)
            return any(accepts(m, v, field.name) for v in values(document, field.name) for m in matchers)
        case Nested(path, item):
            return any(holds(item, {path: inner}) for inner in objects(document, path))
        case Compute(expression):
            return script(expression, document)


def values(document: Anything, path: str) -> list[Anything]:
    """Scalars under a path, read by the field's type; nulls and what does not fit the type are dropped."""
    found = (typed(path, value) for value in scalars(document, path))
    return [value for value in found if value is not None]


def scalars(value: Anything, path: str) -> Iterator[Anything]:
    if isinstance(value, list):
        for item in value:
            yield from scalars(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == path:
                yield from scalars(item, "")
            elif path.startswith(key + "."):
                yield from scalars(item, path.removeprefix(key + "."))


def objects(document: Anything, path: str) -> list[Anything]:
    return [item for item in scalars(document, path) if isinstance(item, dict)]


def typed(name: str, value: Anything) -> Anything:
    if value is None or isinstance(value, dict):
        return None
    if name in NUMBERS:
        return int(str(value))
    if name in BOOLEANS:
        return {"True": True, "true": True}.get(str(value), False)
    if name in ADDRESSES:
        return ipaddress.ip_address(str(value))
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def accepts(matcher: Matcher, value: Anything, name: str) -> bool:
    match matcher:
        case Present():
            return True
        case Equal(literal, ignore_case):
            wanted = typed(name, constant(literal))
            return ascii_lower(str(wanted)) == ascii_lower(str(value)) if ignore_case else wanted == value
        case Range(low, high, open_low, open_high):
            above = low is None or compare(">" if open_low else ">=", value, constant(low))
            return above and (high is None or compare("<" if open_high else "<=", value, constant(high)))
        case Like(pattern, True):
            lowered = tuple(Text(ascii_lower(part.value)) if isinstance(part, Text) else part for part in pattern)
            return glob(lowered, ascii_lower(str(value)))
        case Like(pattern):
            return glob(pattern, str(value))
        case Regex(tree, _, ignore_case):
            return re.fullmatch(python(tree, ignore_case), str(value), re.DOTALL) is not None
        case Network(block):
            return in_network(value, block)
        case Phrase(tokens):
            words = re.findall(r"\w+", str(value).lower())
            wanted_words = ["".join(part.value for part in token if isinstance(part, Text)) for token in tokens]
            count = len(wanted_words)
            return count > 0 and any(words[i : i + count] == wanted_words for i in range(len(words)))


def constant(literal: Literal | None) -> Anything:
    assert isinstance(literal, TextLiteral | NumberLiteral | BooleanLiteral | None)
    return None if literal is None else literal.value


def in_network(value: Anything, block: str) -> bool:
    """Compared as IPv6 addresses, IPv4 in its mapped place."""

    def bits(address: Anything) -> int:
        assert isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address)
        return int(address) + (0xFFFF << 32 if address.version == 4 else 0)

    network = ipaddress.ip_network(block)
    return bits(network[0]) <= bits(value) <= bits(network[-1])


def ascii_lower(text: str) -> str:
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def glob(pattern: Pattern, text: str) -> bool:
    if not pattern:
        return not text
    match pattern[0]:
        case AnyRun():
            return any(glob(pattern[1:], text[start:]) for start in range(len(text) + 1))
        case AnyOne():
            return bool(text) and glob(pattern[1:], text[1:])
        case Text(value):
            return text.startswith(value) and glob(pattern[1:], text[len(value) :])


def python(tree: Regexp, ignore_case: bool) -> str:
    match tree:
        case Chars(text):
            return "".join(f"[{c.lower()}{c.upper()}]" if ignore_case and c in "abAB" else re.escape(c) for c in text)
        case AnyChar():
            return "."
        case CharClass(((low, high),)):
            single = ignore_case and low == high
            return f"[{chr(low).lower()}{chr(low).upper()}]" if single else f"[{chr(low)}-{chr(high)}]"
        case Concat(items):
            return "".join(python(item, ignore_case) for item in items)
        case Repeat(item, least, most):
            return f"(?:{python(item, ignore_case)}){{{least},{'' if most is None else most}}}"
        case _:
            raise AssertionError(tree)


def script(expression: Expression, document: Anything) -> bool:
    choices = [values(document, occurrence.name) or [None] for occurrence in occurrences(expression)]
    return any(compute(expression, iter(combination)) is True for combination in itertools.product(*choices))


def compute(expression: Expression, given: Iterator[Anything]) -> Anything:
    """Operands take their values from `given` from left to right, so all of them are computed, needed or not."""
    match expression:
        case FieldValue():
            return next(given)
        case Constant(literal):
            return constant(literal)
        case Call(name, arguments, ignore_case):
            inner = [compute(argument, given) for argument in arguments]
            return None if None in inner else call(name, inner, ignore_case)
        case Compare(operator, left, right):
            one, other = compute(left, given), compute(right, given)
            return None if one is None or other is None else compare(operator, one, other)
        case Matches(value, matchers):
            found = compute(value, given)
            return None if found is None else any(accepts(matcher, found, "") for matcher in matchers)
        case IsNull(item):
            return compute(item, given) is None
        case Negation(item):
            found = compute(item, given)
            return None if found is None else not found
        case Both(items):
            every = [compute(item, given) for item in items]
            return False if False in every else None if None in every else True
        case Either(items):
            some = [compute(item, given) for item in items]
            return True if True in some else None if None in some else False


def compare(operator: str, one: Anything, other: Anything) -> bool:
    if operator == "==":
        return bool(one == other)
    return bool(one < other if operator[0] == "<" else one > other) or (operator[1:] == "=" and bool(one == other))


def units(text: Anything) -> list[bytes]:
    encoded = str(text).encode("utf-16-le", "surrogatepass")
    return [encoded[at : at + 2] for at in range(0, len(encoded), 2)]


def text_of(pieces: list[bytes]) -> str:
    return b"".join(pieces).decode("utf-16-le", "surrogatepass")


def call(name: str, arguments: list[Anything], ignore_case: bool) -> Anything:
    if ignore_case:
        arguments = [str(argument).lower() for argument in arguments]
    first, *rest = arguments
    match name, rest:
        case "length", []:
            return len(units(first))
        case "concat", _:
            return "".join(map(str, arguments))
        case "startsWith", [prefix]:
            return str(first)[: len(str(prefix))] == prefix
        case "endsWith", [suffix]:
            return not suffix or str(first)[-len(str(suffix)) :] == suffix
        case "stringContains", [sub]:
            return first != "" and sub != "" and str(sub) in str(first)
        case "indexOf", [sub]:
            source, wanted = units(first), units(sub)
            places = (at for at in range(len(source) + 1) if source[at : at + len(wanted)] == wanted)
            return next(places, None)
        case "substring", [start]:
            return text_of(units(first)[start:])
        case "substring", [start, end]:
            return text_of(units(first)[start:end])
        case _:
            raise AssertionError(name)
