"""The Perl family's dialect: Java's whole-value match (script leaves of EQL) and PCRE's search (Sigma's `re`).

Only what a finite automaton can say is read: look-around, back references and possessive quantifiers are refused. A
lazy quantifier accepts the same texts as a greedy one and is read as such.
"""

from typing import NoReturn

from converter.ir.matcher import Flavour
from converter.ir.regex import Alternation, AnyChar, AnyText, Boundary, CharClass, Chars, Concat, Regexp, Repeat
from converter.languages.regex.classes import PERL_SPACE, complement, named_class
from converter.languages.regex.scanner import Scanner
from converter.languages.regex.tree import concat, one_of

_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "e": "\x1b", "a": "\a"}
_PLACES = {"b": "word", "B": "not-word", "A": "start", "z": "end", "Z": "end"}


def parse_java(text: str) -> Regexp:
    """The tree of a Java pattern that has to cover the whole value; `^` and `$` are anchors (spec eql 5.2)."""
    return _Reader(text, Flavour.JAVA).read()


def parse_search(text: str) -> tuple[Regexp, bool]:
    """The tree of a PCRE pattern that is searched for, and whether `(?i)` at its start asks to ignore case."""
    reader = _Reader(text, Flavour.PCRE)
    reader.flags()
    tree = reader.read()
    choices = tree.items if isinstance(tree, Alternation) else (tree,)
    return one_of(_unanchored(choice) for choice in choices), reader.ignore_case


def _unanchored(tree: Regexp) -> Regexp:
    """The pattern with any text around it, save where it is anchored."""
    items = tree.items if isinstance(tree, Concat) else (tree,)
    starts = items[:1] == (Boundary("start"),)
    ends = items[-1:] == (Boundary("end"),)
    inner = items[1 if starts else 0 : len(items) - 1 if ends else len(items)]
    return concat((*(() if starts else (AnyText(),)), *inner, *(() if ends else (AnyText(),))))


class _Reader:
    """One method per level of the grammar, the loosest operator first."""

    def __init__(self, text: str, flavour: Flavour) -> None:
        self.scan = Scanner(text)
        self._flavour = flavour
        self._dot_all = False
        self._lines = False
        self.ignore_case = False

    def read(self) -> Regexp:
        tree = self._union()
        if self.scan.more:
            self.scan.fail("a closing parenthesis has no opening one", advice="write `\\)` for a literal parenthesis")
        return tree

    def flags(self) -> None:
        """Reads groups of inline flags at the start of the pattern."""
        while self.scan.ahead("(?") and not self.scan.ahead("(?:"):
            end = self.scan.text.find(")", self.scan.position)
            letters = self.scan.text[self.scan.position + 2 : max(end, 0)]
            if not letters or set(letters) - set("ism"):
                return
            self.ignore_case |= "i" in letters
            self._dot_all |= "s" in letters
            self._lines |= "m" in letters
            self.scan.position = end + 1

    def _union(self) -> Regexp:
        items = [self._sequence()]
        while self.scan.take("|"):
            items.append(self._sequence())
        return one_of(items)

    def _sequence(self) -> Regexp:
        items: list[Regexp] = []
        while self.scan.more and not self.scan.peek("|)"):
            items.append(self._repeat())
        return concat(items)

    def _repeat(self) -> Regexp:
        scan = self.scan
        if scan.peek("*+?"):
            scan.fail("a quantifier has nothing to repeat", advice="write a backslash before a literal `* + ?`")
        item = self._atom()
        counts = self._quantifier()
        if counts is None:
            return item
        if scan.peek("+"):
            self._refuse("a possessive quantifier")
        scan.take("?")
        if scan.peek("*+?"):
            scan.fail("two quantifiers follow each other", advice="put the inner one into a group")
        return Repeat(item, *counts)

    def _quantifier(self) -> tuple[int, int | None] | None:
        scan = self.scan
        if scan.take("*"):
            return (0, None)
        if scan.take("+"):
            return (1, None)
        if scan.take("?"):
            return (0, 1)
        return self._counts() if scan.peek("{") else None

    def _counts(self) -> tuple[int, int | None] | None:
        """`{n}`, `{n,}`, `{n,m}`; a brace that is none of these is a literal, for PCRE."""
        scan = self.scan
        start = scan.position
        scan.next()
        least = scan.number()
        most = least
        if scan.take(","):
            most = scan.number()
        if least is None or not scan.take("}"):
            if self._flavour is Flavour.JAVA:
                scan.fail("a repeat count is missing", at=start, expected="`{n}`, `{n,}` or `{n,m}`")
            scan.position = start
            return None
        if most is not None and most < least:
            scan.fail("the repeat counts run backwards", at=start, expected="the smaller count first")
        return (least, most)

    def _atom(self) -> Regexp:
        scan = self.scan
        if scan.take("("):
            return self._group()
        if scan.take("["):
            return self._bracket()
        if scan.take("\\"):
            return self._escape()
        match scan.next():
            case ".":
                return AnyChar(newline=self._dot_all)
            case "^":
                return Boundary("line-start" if self._lines else "start")
            case "$":
                return Boundary("line-end" if self._lines else "end")
            case char:
                return Chars(char)

    def _group(self) -> Regexp:
        opening = self.scan.position - 1
        self._group_kind()
        self.scan.descend()
        item = self._union()
        if not self.scan.take(")"):
            self.scan.fail("the parenthesis is not closed", at=opening, expected="`)`")
        self.scan.ascend()
        return item

    def _group_kind(self) -> None:
        """Reads what follows `(`: groups that only group or capture are accepted."""
        scan = self.scan
        if not scan.take("?"):
            return
        if scan.take(":"):
            return
        if (scan.ahead("<") or scan.ahead("P<")) and not (scan.ahead("<=") or scan.ahead("<!")):
            scan.until(">")
            return
        if scan.peek("=!<"):
            self._refuse("look-around", at=scan.position - 2)
        self._refuse("this kind of group", at=scan.position - 2)

    def _escape(self) -> Regexp:
        scan = self.scan
        if scan.take("Q"):
            return self._quoted()
        if scan.more and scan.text[scan.position] in _PLACES:
            return Boundary(_PLACES[scan.next()])
        if scan.peek("123456789kg"):
            self._refuse("a back reference", at=scan.position - 1)
        if scan.more:
            found = named_class(scan.text[scan.position], PERL_SPACE)
            if found is not None:
                scan.next()
                return found
        return Chars(chr(self._escaped_char()))

    def _quoted(self) -> Regexp:
        text, _, _ = self.scan.text[self.scan.position :].partition("\\E")
        self.scan.position = min(self.scan.position + len(text) + 2, len(self.scan.text))
        return Chars(text)

    def _escaped_char(self) -> int:
        """The one character that an escape stands for; the backslash is read already."""
        scan = self.scan
        start = scan.position - 1
        char = scan.next()
        if char in _CONTROL:
            return ord(_CONTROL[char])
        if char == "x":
            return self._hexadecimal(scan.until("}") if scan.take("{") else self._some(2), start)
        if char == "u" and self._flavour is Flavour.JAVA:
            return self._hexadecimal(self._some(4), start)
        if char == "0":
            return 0
        if char.isascii() and char.isalnum():
            self._refuse(f"the escape `\\{char}`", at=start)
        return ord(char)

    def _some(self, count: int) -> str:
        piece = self.scan.text[self.scan.position : self.scan.position + count]
        self.scan.position += len(piece)
        return piece

    def _hexadecimal(self, digits: str, start: int) -> int:
        valid = 0 < len(digits) <= 8 and all(char in "0123456789abcdefABCDEF" for char in digits)
        value = int(digits, 16) if valid else -1
        if not 0 <= value <= 0x10FFFF:
            self.scan.fail("the escape names no character", at=start, expected="hexadecimal digits of a code point")
        return value

    def _bracket(self) -> Regexp:
        scan = self.scan
        opening = scan.position - 1
        negated = scan.take("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not scan.peek("]"):
            if not scan.more:
                scan.fail("the bracket is not closed", at=opening, expected="`]`", advice="write `\\[` for a bracket")
            ranges.extend(self._member())
            first = False
        scan.next()
        return CharClass(tuple(ranges), negated)

    def _member(self) -> tuple[tuple[int, int], ...]:
        scan = self.scan
        start = scan.position
        if scan.ahead("[:") or (self._flavour is Flavour.JAVA and (scan.peek("[") or scan.ahead("&&"))):
            self._refuse("a class inside a class")
        low = self._class_char()
        if isinstance(low, CharClass):
            return complement(low.ranges) if low.negated else low.ranges
        if not scan.ahead("-") or scan.ahead("-]"):
            return ((low, low),)
        scan.next()
        high = self._class_char()
        if isinstance(high, CharClass) or high < low:
            scan.fail("the range runs backwards", at=start, expected="the lower character first")
        return ((low, high),)

    def _class_char(self) -> int | CharClass:
        scan = self.scan
        if not scan.take("\\"):
            return ord(scan.next())
        if scan.take("b"):
            return 8
        found = named_class(scan.text[scan.position], PERL_SPACE) if scan.more else None
        if found is None:
            return self._escaped_char()
        scan.next()
        return found

    def _refuse(self, what: str, *, at: int | None = None) -> NoReturn:
        self.scan.fail(
            f"{what} is not supported",
            code="regex-unsupported",
            at=at,
            advice="write the pattern with groups, classes and quantifiers alone",
        )
