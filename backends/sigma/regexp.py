"""Regular expressions for the modifier `re`, which searches (spec sigma 2.6, 5.2): the dialect is what RE2 takes."""

from dataclasses import replace

from converter.ir.matcher import Flavour
from converter.ir.regex import Alternation, AnyChar, AnyText, Chars, Concat, NoText, Regexp, Repeat
from converter.languages.regex import folded, has_letter_class, pcre
from converter.languages.regex.dialect import DialectError

MOST_REPEATS = 1_000
"""RE2's limit for a repeat count, and for the product of nested ones."""

_LONGEST_REPEAT = 10 * MOST_REPEATS
"""Larger counts are not split: the pattern would outgrow the memory that engines grant one."""


def whole(tree: Regexp) -> str:
    """A pattern that, searched under the flag `s`, accepts exactly what the tree accepts. Raises DialectError.

    It is anchored at both ends, save where any text may stand: `.*x.*` means the same searched and anchored, which
    some engines do to a pattern unasked.
    """
    items = tree.items if isinstance(tree, Concat) else (tree,)
    start = "" if items and _is_open(items[0]) else "^"
    end = "" if items and _is_open(items[-1]) else "$"
    return f"{start}{pcre.write([_within_limits(tree, MOST_REPEATS)])}{end}"


def minding_case(tree: Regexp) -> tuple[tuple[str, ...], str]:
    """The modifiers and the pattern of a tree."""
    return ("re", "s"), whole(tree)


def ignoring_case(tree: Regexp, flavour: Flavour) -> tuple[tuple[str, ...], str]:
    """The modifiers and the pattern of a tree whose letters match in either case: the flag `i` where it says the same,
    classes of both cases where classes mind case or letters beyond ASCII would be folded too."""
    if has_letter_class(tree) or not _is_ascii(tree):
        return ("re", "s"), whole(folded(tree, flavour))
    return ("re", "i", "s"), whole(tree)


def _is_open(edge: Regexp) -> bool:
    """Whether more text at this edge changes nothing."""
    match edge:
        case AnyText() | Repeat(AnyChar(newline=True), _, None):
            return True
        case _:
            return False


def _is_ascii(tree: Regexp) -> bool:
    match tree:
        case Chars(text):
            return text.isascii()
        case Concat(items) | Alternation(items):
            return all(_is_ascii(item) for item in items)
        case Repeat(item):
            return _is_ascii(item)
        case _:
            return True


def _within_limits(tree: Regexp, limit: int) -> Regexp:
    """The tree with counts above RE2's limit written as several; `limit` is what repeats around it leave."""
    match tree:
        case NoText():
            raise DialectError("a pattern that no text satisfies")
        case Concat(items):
            return Concat(tuple(_within_limits(item, limit) for item in items))
        case Alternation(items):
            return Alternation(tuple(_within_limits(item, limit) for item in items))
        case Repeat(item, least, most):
            count = max(least, most or 0)
            inside = _within_limits(item, limit // max(count, 1))
            if count <= limit:
                return replace(tree, item=inside)
            if limit < MOST_REPEATS or count > _LONGEST_REPEAT or inside != item:
                raise DialectError(f"a repeat count of {count}")
            return Concat(tuple(_pieces(item, least, most)))
        case _:
            return tree


def _pieces(item: Regexp, least: int, most: int | None) -> list[Regexp]:
    """`{least,most}` as repeats within the limit, one after the other."""
    full, rest = divmod(least, MOST_REPEATS)
    pieces: list[Regexp] = [Repeat(item, MOST_REPEATS, MOST_REPEATS)] * full
    if most is None:
        return [*pieces, Repeat(item, rest, None)]
    optional, last = divmod(most - least, MOST_REPEATS)
    pieces += [Repeat(item, rest, rest)] * (rest > 0)
    pieces += [Repeat(item, 0, MOST_REPEATS)] * optional
    return [*pieces, *[Repeat(item, 0, last)] * (last > 0)]
