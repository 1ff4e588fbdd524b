"""Character classes as sorted inclusive ranges of code points: the named ones, complement and ASCII case folding."""

from collections.abc import Iterable

from converter.ir.matcher import Flavour
from converter.ir.regex import AnyChar, CharClass

Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
EVERYTHING: Ranges = ((0, LAST),)

DIGITS: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
LUCENE_SPACE: Ranges = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))
PERL_SPACE: Ranges = ((0x09, 0x0D), (0x20, 0x20))

_LINE_BREAKS = {
    Flavour.LUCENE: (),
    Flavour.JAVA: ((0x0A, 0x0A), (0x0D, 0x0D), (0x85, 0x85), (0x2028, 0x2029)),
    Flavour.PCRE: ((0x0A, 0x0A),),
}  # fmt: skip


def named_class(letter: str, space: Ranges) -> CharClass | None:
    """The class that `\\d`, `\\s`, `\\w` or their negations in capitals stand for, None for any other letter."""
    table = {"d": DIGITS, "s": space, "w": WORD}
    ranges = table.get(letter.lower())
    return None if ranges is None else CharClass(ranges, negated=letter.isupper())


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same code points as sorted ranges that neither overlap nor touch."""
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def complement(ranges: Ranges) -> Ranges:
    """All other code points; the ranges given are joined."""
    out: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            out.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        out.append((start, LAST))
    return tuple(out)


def both_cases(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges with the other case of every ASCII letter in them."""
    out = list(ranges)
    for low, high in tuple(out):
        for first, last, shift in ((0x41, 0x5A, 32), (0x61, 0x7A, -32)):
            start, end = max(low, first), min(high, last)
            if start <= end:
                out.append((start + shift, end + shift))
    return joined(out)


def code_points(item: CharClass, flavour: Flavour, *, ignore_case: bool) -> Ranges:
    """What a class accepts. Lucene folds the single characters of a class but not its ranges (spec eql 5.2)."""
    ranges = item.ranges
    if ignore_case:
        if flavour is Flavour.LUCENE:
            single = tuple((low, high) for low, high in ranges if low == high)
            ranges = ranges + both_cases(single)
        else:
            ranges = both_cases(ranges)
    ranges = joined(ranges)
    return complement(ranges) if item.negated else ranges


def any_char(item: AnyChar, flavour: Flavour) -> Ranges:
    """What a dot accepts: what counts as a line break is the dialect's business."""
    return EVERYTHING if item.newline else complement(_LINE_BREAKS[flavour])
