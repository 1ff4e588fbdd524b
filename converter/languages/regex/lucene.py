"""Lucene's dialect, read as Lucene's own parser reads it, oddities included (spec eql 5.2).

A character that could be an operator is a literal where no operator may stand: `*a` begins with a literal star.
"""

from converter.ir.regex import (
    AnyChar,
    AnyText,
    CharClass,
    Chars,
    Complement,
    Intersection,
    Interval,
    NoText,
    Regexp,
    Repeat,
)
from converter.languages.regex.classes import LUCENE_SPACE, complement, joined, named_class
from converter.languages.regex.facts import lengths
from converter.languages.regex.scanner import REPEAT_LIMIT, Scanner
from converter.languages.regex.tree import concat, one_of

STATE_LIMIT = 10_000
"""States that Elasticsearch lets the automaton of a `regexp` query have (`max_determinized_states`)."""

_SIMPLE: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_RESERVED_LETTERS = "abcefghijklmnopqrtuvxyzABCEFGHIJKLMNOPQRTUVXYZ"


def parse_lucene(text: str, *, operators: bool = True) -> Regexp:
    """The tree of a Lucene pattern. Without `operators`, `~ & < @ #` are literal (the regexp query's `flags: NONE`)."""
    if not text:
        return Chars("")
    reader = _Reader(text, operators)
    tree = reader.union()
    if reader.scan.more:
        reader.scan.fail("a closing parenthesis has no opening one", advice="write `\\)` for a literal parenthesis")
    return tree


class _Reader:
    """One method per level of the grammar, the loosest operator first."""

    def __init__(self, text: str, operators: bool) -> None:
        self.scan = Scanner(text)
        self._operators = operators

    def union(self) -> Regexp:
        items = [self._intersection()]
        while self.scan.take("|"):
            items.append(self._intersection())
        return one_of(items)

    def _intersection(self) -> Regexp:
        items = [self._concat()]
        while self._optional("&"):
            items.append(self._concat())
        return items[0] if len(items) == 1 else Intersection(tuple(items))

    def _concat(self) -> Regexp:
        stop = ")|&" if self._operators else ")|"
        items = [self._repeat()]
        while self.scan.more and not self.scan.peek(stop):
            items.append(self._repeat())
        return concat(items)

    def _repeat(self) -> Regexp:
        item = self._complement()
        simple = False  # whether the last quantifier was one of `? * +`
        while self.scan.peek("?*+{"):
            if self.scan.take("{"):
                if isinstance(item, Repeat):
                    self.scan.descend()  # and never up again: repeats of repeats are depth too
                item, simple = self._counted(item), False
                continue
            least, most = _SIMPLE[self.scan.next()]
            if simple and isinstance(item, Repeat):
                item = _combined(item, least, most)
            else:
                item, simple = Repeat(item, least, most), True
        return item

    def _counted(self, item: Regexp) -> Regexp:
        start = self.scan.position - 1
        least = self.scan.number()
        if least is None:
            self.scan.fail("a repeat count is missing", expected="a number after `{`", advice="write `\\{` for a brace")
        most: int | None = least
        if self.scan.take(","):
            most = self.scan.number()
        if not self.scan.take("}"):
            self.scan.fail("`}` is missing after a repeat count", expected="`}`")
        if most is not None and most < least:
            return NoText()
        return self._granted(Repeat(item, least, most), start)

    def _granted(self, found: Repeat, start: int) -> Repeat:
        """The repeat, if an automaton of it has no more states than Lucene allows: one a character at least."""
        shortest, longest = lengths(found)
        if (shortest if longest is None else longest) > STATE_LIMIT:
            self.scan.fail(
                "a repeat needs more states than Lucene grants",
                code="regex-too-complex",
                at=start,
                expected=f"at most {STATE_LIMIT} characters in all repetitions",
            )
        return found

    def _complement(self) -> Regexp:
        if not self._optional("~"):
            return self._bracket() if self.scan.take("[") else self._simple()
        self.scan.descend()
        item = self._complement()
        self.scan.ascend()
        return Complement(item)

    def _bracket(self) -> Regexp:
        negated = self.scan.take("^")
        ranges = list(self._member())
        while self.scan.more and not self.scan.peek("]"):
            ranges.extend(self._member())
        if not self.scan.take("]"):
            self.scan.fail("`]` is missing", expected="`]`", advice="write `\\[` for a literal bracket")
        return CharClass(tuple(ranges), negated)

    def _member(self) -> tuple[tuple[int, int], ...]:
        named = self._named()
        if named is not None:
            return complement(joined(named.ranges)) if named.negated else named.ranges
        start = self.scan.position
        low = self._char()
        if not self.scan.take("-"):
            return ((low, low),)
        high = self._char()
        if high < low:
            self.scan.fail("the range runs backwards", at=start, expected="the lower character first")
        return ((low, high),)

    def _simple(self) -> Regexp:
        scan = self.scan
        if scan.take("."):
            return AnyChar()
        if self._optional("#"):
            return NoText()
        if self._optional("@"):
            return AnyText()
        if scan.take('"'):
            return Chars(scan.until('"'))
        if scan.take("("):
            return self._group()
        if self._optional("<"):
            return self._interval()
        return self._named() or Chars(chr(self._char()))

    def _group(self) -> Regexp:
        opening = self.scan.position - 1
        if self.scan.take(")"):
            return Chars("")
        self.scan.descend()
        item = self.union()
        if not self.scan.take(")"):
            self.scan.fail("the parenthesis is not closed", at=opening, expected="`)`")
        self.scan.ascend()
        return item

    def _interval(self) -> Regexp:
        start = self.scan.position - 1
        low, dash, high = self.scan.until(">").partition("-")
        if not (dash and _is_number(low) and _is_number(high)):
            self.scan.fail(
                "`<` begins a numeric interval",
                at=start,
                expected="`<low-high>`",
                advice="write `\\<` for a literal `<`",
            )
        digits = len(low) if len(low) == len(high) else 0
        ends = sorted((int(low), int(high)))
        return Interval(ends[0], ends[1], digits)

    def _named(self) -> CharClass | None:
        scan = self.scan
        if not scan.ahead("\\") or scan.position + 1 >= len(scan.text):
            return None
        letter = scan.text[scan.position + 1]
        found = named_class(letter, LUCENE_SPACE)
        if found is not None:
            scan.position += 2
        elif letter in _RESERVED_LETTERS:
            scan.fail(
                f"`\\{letter}` is no character class",
                expected="one of \\d \\D \\s \\S \\w \\W, or a backslash before a character that is no letter",
            )
        return found

    def _char(self) -> int:
        self.scan.take("\\")
        return ord(self.scan.next())

    def _optional(self, operator: str) -> bool:
        return self._operators and self.scan.take(operator)


def _combined(item: Repeat, least: int, most: int | None) -> Repeat:
    """`? * +` after another of them is again one of them: `.*?` is `.*`."""
    limit = 1 if item.most == most == 1 else None
    return Repeat(item.item, item.least * least, limit)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= REPEAT_LIMIT
