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
    return f"/{_show(tree)}/"


def _show(tree: Regexp) -> str:
    match tree:
        case Chars(text):
            return "".join(map(_char, text)) or "()"
        case AnyChar(newline):
            return "." if newline else "{no line break}"
        case CharClass(ranges, negated):
            return f"[{'^' if negated else ''}{''.join(_range(low, high) for low, high in ranges)}]"
        case Concat(items):
            return "".join(_grouped(item) for item in items)
        case Alternation(items):
            return "|".join(_grouped(item) for item in items)
        case Intersection(items):
            return "&".join(_grouped(item) for item in items)
        case Repeat(item, least, most):
            return f"{_grouped(item)}{_count(least, most)}"
        case Complement(item):
            return f"~{_grouped(item)}"
        case Interval(low, high, digits):
            return f"<{low:0{digits}}-{high:0{digits}}>"
        case AnyText():
            return "@"
        case NoText():
            return "#"
        case Boundary(place):
            return f"{{{place}}}"
        case _:
            assert_never(tree)


def _grouped(tree: Regexp) -> str:
    """In parentheses unless it cannot be torn apart."""
    text = _show(tree)
    single = not isinstance(tree, Chars | Concat | Alternation | Intersection | Repeat | Complement)
    return text if single or (isinstance(tree, Chars) and len(tree.text) == 1) else f"({text})"


def _count(least: int, most: int | None) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    return known.get((least, most), f"{{{least},{'' if most is None else most}}}")


def _range(low: int, high: int) -> str:
    return _char(chr(low)) if low == high else f"{_char(chr(low))}-{_char(chr(high))}"


def _char(char: str) -> str:
    if not char.isprintable():
        return f"\\u{{{ord(char):x}}}"
    return f"\\{char}" if char in '.?*+|(){}[]"\\~&<>@#^$-/' else char
