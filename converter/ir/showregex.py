"""Regular expression trees as one line, in Lucene's notation, boundaries named in braces."""

from typing import assert_never

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


def show_regex(tree: Regexp) -> str:
    """The tree between slashes."""
    return f"/{_show(tree, 0)}/"


def _show(tree: Regexp, inside: int) -> str:
    """The tree, in parentheses if it binds less tightly than the operator it stands inside."""
    text, tightness = _parts(tree)
    return f"({text})" if tightness < inside else text


def _parts(tree: Regexp) -> tuple[str, int]:
    """A tree's text and how tightly it binds: choice 0, intersection 1, sequence 2, repeat 3, one piece 4."""
    match tree:
        case Alternation(items):
            return "|".join(_show(item, 1) for item in items), 0
        case Intersection(items):
            return "&".join(_show(item, 2) for item in items), 1
        case Concat(items):
            return "".join(_show(item, 2) for item in items), 2
        case Chars(text):
            return "".join(map(_char, text)) or "()", 4 if len(text) < 2 else 2
        case Repeat(item, least, most):
            return f"{_show(item, 4)}{_count(least, most)}", 3
        case Complement(item):
            return f"~{_show(item, 4)}", 3
        case AnyChar(newline):
            return "." if newline else "{no line break}", 4
        case CharClass(ranges, negated):
            return f"[{'^' if negated else ''}{''.join(_range(low, high) for low, high in ranges)}]", 4
        case Interval(low, high, digits):
            return f"<{low:0{digits}}-{high:0{digits}}>", 4
        case AnyText():
            return "@", 4
        case NoText():
            return "#", 4
        case Boundary(place):
            return f"{{{place}}}", 4
        case _:
            assert_never(tree)


def _count(least: int, most: int | None) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    return known.get((least, most), f"{{{least},{'' if most is None else most}}}")


def _range(low: int, high: int) -> str:
    return _char(chr(low)) if low == high else f"{_char(chr(low))}-{_char(chr(high))}"


def _char(char: str) -> str:
    if not char.isprintable():
        return f"\\u{{{ord(char):x}}}"
    return f"\\{char}" if char in '.?*+|(){}[]"\\~&<>@#^$-/' else char
