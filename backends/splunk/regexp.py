"""Regular expression trees in PCRE, for `match` and `mvfind` (spec splunk 1.2, 3 "Regex dialect")."""

from backends.splunk import escape
from converter.ir import AnyOne, AnyRun, Flavour, Pattern, Text
from converter.ir.regex import (
    Alternation,
    AnyChar,
    AnyText,
    Boundary,
    CharClass,
    Chars,
    Complement,
    Concat,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)

_LARGEST_INTERVAL = 1_000
_BOUNDARIES = {"start": "\\A", "end": "\\z", "word": "\\b", "not-word": "\\B"}


class DialectError(Exception):
    """The tree says something that PCRE cannot; the text names it."""


def from_pattern(pattern: Pattern) -> Regexp:
    """A wildcard pattern as a tree."""
    items: list[Regexp] = []
    for part in pattern:
        match part:
            case Text(value):
                items.append(Chars(value))
            case AnyRun():
                items.append(AnyText())
            case AnyOne():
                items.append(AnyChar())
    return Concat(tuple(items))


_POWERSHELL = CharClass(((0x2D, 0x2D), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)))
"""What a token of the `powershell` analyzer consists of (spec kql 5)."""


def phrase(tokens: tuple[Pattern, ...]) -> Regexp:
    """A value of a text field under the `powershell` analyzer that holds the tokens one after the other."""
    if not tokens:
        return NoText()
    gap = CharClass(_POWERSHELL.ranges, negated=True)
    items: list[Regexp] = [Alternation((Concat(()), Concat((AnyText(), gap))))]
    for position, token in enumerate(tokens):
        if position:
            items.append(Repeat(gap, 1, None))
        items += [_in_token(part) for part in token]
    return Concat((*items, Alternation((Concat(()), Concat((gap, AnyText()))))))


def _in_token(part: Text | AnyRun | AnyOne) -> Regexp:
    match part:
        case Text(value):
            return Chars(value)
        case AnyRun():
            return Repeat(_POWERSHELL, 0, None)
        case AnyOne():
            return _POWERSHELL


def whole(trees: list[Regexp], *, ignore_case: bool) -> str:
    r"""A pattern that accepts exactly what some tree accepts, as PCRE text before quoting.

    `\z` ends it: `$` would also match before a final line break.
    """
    body = "|".join(_write(tree, 0) for tree in trees) if len(trees) > 1 else _write(trees[0], 1)
    group = f"(?:{body})" if len(trees) > 1 else body
    return f"(?{'i' if ignore_case else ''}s)^{group}\\z"


def fold(tree: Regexp, flavour: Flavour) -> Regexp:
    """A tree that spells out both cases of every ASCII letter; Lucene leaves its character classes alone."""
    match tree:
        case Chars(text):
            return Concat(tuple(_both_cases(char) for char in text))
        case CharClass(ranges, negated) if flavour is not Flavour.LUCENE:
            return CharClass(ranges + tuple(_other_case(ranges)), negated)
        case Concat(items):
            return Concat(tuple(fold(item, flavour) for item in items))
        case Alternation(items):
            return Alternation(tuple(fold(item, flavour) for item in items))
        case Repeat(item, least, most):
            return Repeat(fold(item, flavour), least, most)
        case _:
            return tree


def _both_cases(char: str) -> Regexp:
    if char.isascii() and char.isalpha():
        return CharClass(((ord(char.lower()), ord(char.lower())), (ord(char.upper()), ord(char.upper()))))
    return Chars(char)


def _other_case(ranges: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    other: list[tuple[int, int]] = []
    for first, last, shift in ((0x41, 0x5A, 32), (0x61, 0x7A, -32)):
        for low, high in ranges:
            start, end = max(low, first), min(high, last)
            if start <= end:
                other.append((start + shift, end + shift))
    return other


def _write(tree: Regexp, level: int) -> str:
    """`level`: 0 takes an alternation, 1 a concatenation, 2 only an atom."""
    match tree:
        case Chars(text):
            literal = escape.regex_literal(text)
            return f"(?:{literal})" if level == 2 and len(text) != 1 else literal
        case AnyChar(newline):
            return "." if newline else "[^\\n]"
        case AnyText():
            return "(?:.*)" if level == 2 else ".*"
        case NoText():
            return "(?!)"
        case CharClass(ranges, negated):
            return _char_class(ranges, negated)
        case Repeat(item, least, most):
            return _atom(_write(item, 2) + _quantifier(least, most), level)
        case Concat(items):
            return _atom("".join(_write(item, 1) for item in items), level)
        case Alternation(items):
            text = "|".join(_write(item, 1) for item in items)
            return f"(?:{text})" if level > 0 else text
        case Interval(low, high, digits) if high - low <= _LARGEST_INTERVAL:
            return f"(?:{'|'.join(f'{number:0{digits}d}' for number in range(high, low - 1, -1))})"
        case Boundary(place) if place in _BOUNDARIES:
            return _BOUNDARIES[place]
        case Boundary(place):
            raise DialectError(f"the boundary `{place}`")
        case Interval(low, high, _):
            raise DialectError(f"the numeric range <{low}-{high}>, which has too many members to spell out")
        case Complement() | Intersection():
            raise DialectError("a complement or an intersection, which PCRE does not have")


def _atom(text: str, level: int) -> str:
    return f"(?:{text})" if level == 2 else text


def _quantifier(least: int, most: int | None) -> str:
    table: dict[tuple[int, int | None], str] = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    if (least, most) in table:
        return table[least, most]
    if most is None:
        return f"{{{least},}}"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _char_class(ranges: tuple[tuple[int, int], ...], negated: bool) -> str:
    inside = "".join(
        _class_char(low) if low == high else f"{_class_char(low)}-{_class_char(high)}" for low, high in ranges
    )
    return f"[{'^' if negated else ''}{inside}]"


def _class_char(code: int) -> str:
    char = chr(code)
    if char.isascii() and char.isalnum():
        return char
    return f"\\x{code:02x}" if code <= 0xFF else f"\\x{{{code:x}}}"
