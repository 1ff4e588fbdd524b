"""Regular expression trees written as PCRE: for targets that search with Perl-like engines (Splunk, Sigma, RE2).

Metacharacters are written as one-character classes and unusual characters by their codes, so that a text survives
being quoted once more by the language it is embedded in.
"""

from collections.abc import Sequence

from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text
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
from converter.languages.regex.dialect import DialectError

_LARGEST_INTERVAL = 1_000
_BOUNDARIES = {"start": "\\A", "end": "\\z", "word": "\\b", "not-word": "\\B"}


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


def write(trees: Sequence[Regexp]) -> str:
    """What some tree accepts, as one PCRE expression without anchors or flags; a group if there are several.

    `.` is meant to cover line breaks: the reader has to set the flag `s`. Raises DialectError.
    """
    if len(trees) == 1:
        return _write(trees[0], 1)
    return f"(?:{'|'.join(_write(tree, 1) for tree in trees)})"


def _write(tree: Regexp, level: int) -> str:
    """`level`: 0 takes an alternation, 1 a concatenation, 2 only an atom."""
    match tree:
        case Chars(text):
            literal = _literal(text)
            return f"(?:{literal})" if level == 2 and len(text) != 1 else literal
        case AnyChar(newline):
            return "." if newline else "[^\\n]"
        case AnyText():
            return "(?:.*)" if level == 2 else ".*"
        case NoText():
            return "(?!)"
        case CharClass((), negated):
            return "." if negated else "(?!)"
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


def _literal(text: str) -> str:
    return "".join(_ESCAPES.get(char) or _char(char) for char in text)


_ESCAPES = {char: f"[{char}]" for char in ".*+?()|${}"} | {char: f"\\{char}" for char in "\\^[]"} | {"`": "\\x60"}


def _char(char: str) -> str:
    return char if char.isprintable() else f"\\x{{{ord(char):x}}}" if ord(char) > 0xFF else f"\\x{ord(char):02x}"
