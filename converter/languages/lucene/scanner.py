"""Characters of a query string to tokens of Lucene's grammar."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from converter.errors import Place, RuleError, UnsupportedError
from converter.ir.pattern import ANY_ONE, ANY_RUN, AnyOne, AnyRun
from converter.ir.span import Span
from converter.languages.limits import DEEPEST_NESTING, check_text

_BLANKS = frozenset(" \t\n\r\u3000")
_ENDS_TERM = frozenset('!():^[]"{}~/') | _BLANKS
_OPERATORS = frozenset({"AND", "OR", "NOT", "&&", "||"})


@dataclass(frozen=True, slots=True)
class Term:
    """A run of term characters: what it says, characters and wildcards apart, and how it was written."""

    parts: tuple[str | AnyRun | AnyOne, ...]
    written: str

    @property
    def text(self) -> str | None:
        """The text of a term without wildcards."""
        plain = [part for part in self.parts if isinstance(part, str)]
        return "".join(plain) if len(plain) == len(self.parts) else None

    @property
    def is_operator(self) -> bool:
        return self.written in _OPERATORS

    @property
    def is_star(self) -> bool:
        return self.parts == (ANY_RUN,)


class Scanner:
    """Position and depth within one query string; every method raises RuleError for what it cannot take."""

    def __init__(self, text: str) -> None:
        check_text(text)
        self.text = text
        self.position = 0
        self._depth = 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def skip_blanks(self) -> None:
        while self.position < len(self.text) and self.text[self.position] in _BLANKS:
            self.position += 1

    @property
    def next(self) -> str:
        """The next character, empty at the end."""
        return self.text[self.position : self.position + 1]

    def take(self, char: str) -> bool:
        if self.next != char:
            return False
        self.position += 1
        return True

    def descend(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            raise self.wrong(f"groups are nested more than {DEEPEST_NESTING} deep", code="nesting-too-deep")

    def ascend(self) -> None:
        self._depth -= 1

    def term(self) -> Term | None:
        """The run of term characters and wildcards here, None if there is none: signs begin no term."""
        start, parts = self.position, list[str | AnyRun | AnyOne]()
        if self.next in {"+", "-"}:
            return None
        while (char := self.next) and char not in _ENDS_TERM:
            self.position += 1
            if char == "\\":
                parts.append(self._escaped())
            else:
                parts.append(_WILDCARDS.get(char, char))
        return Term(tuple(parts), self.text[start : self.position]) if parts else None

    def quoted(self) -> str:
        """A phrase behind its opening quote."""
        opening, found = self.position - 1, list[str]()
        while char := self.next:
            self.position += 1
            if char == '"':
                return "".join(found)
            found.append(self._escaped() if char == "\\" else char)
        raise self.wrong("the quote is not closed", at=opening)

    def expression(self) -> str:
        """A regular expression behind its opening slash. A slash behind a backslash is part of it; behind two, Lucene
        decides by what follows in the whole query."""
        opening = self.position - 1
        while char := self.next:
            if char == "/":
                found = self.text[opening + 1 : self.position]
                self.position += 1
                return found
            if self.text.startswith("\\\\/", self.position):
                raise self.unread("two backslashes before a slash in an expression: write `[\\\\]`", self.position)
            self.position += 2 if char == "\\" else 1
        raise self.wrong("the regular expression is not closed", at=opening, expected="`/`")

    def bound(self) -> str | None:
        """A bound of a range, None for the star."""
        self.skip_blanks()
        at = self.position
        if self.take('"'):
            found = self.quoted()
            if found == "*":
                raise self.unread("a literal star as a bound, which Elasticsearch takes for none", at)
            return found
        start = self.position
        while (char := self.next) and char not in _BLANKS and char not in "]}":
            self.position += 1
        written = self.text[start : self.position]
        if not written:
            raise self.wrong("a range has two bounds", expected="a value or `*`")
        return None if written == "*" else self._unescaped(start)

    def span(self, start: int) -> Span:
        place = self._place(start)
        return Span(start, self.position, place.line, place.column)

    def unread(self, what: str, at: int, code: str = "lucene-unsupported") -> UnsupportedError:
        """What Lucene takes and this reader does not."""
        return UnsupportedError(code, what, place=self._place(at), excerpt=self._line(at))

    def wrong(
        self, what: str, *, at: int | None = None, expected: str | None = None, code: str = "lucene-syntax"
    ) -> RuleError:
        """What Lucene does not take."""
        where = self.position if at is None else at
        return RuleError(code, what, place=self._place(where), expected=expected, excerpt=self._line(where))

    def _unescaped(self, start: int) -> str:
        """What stands between there and here, escapes resolved."""
        end, self.position, found = self.position, start, list[str]()
        while self.position < end:
            char = self.next
            self.position += 1
            found.append(self._escaped() if char == "\\" else char)
        return "".join(found)

    def _escaped(self) -> str:
        """The character behind a backslash; `u` begins one by its number."""
        char = self.next
        if not char:
            raise self.wrong("a backslash ends the query", at=self.position - 1)
        self.position += 1
        if char != "u":
            return char
        digits = self.text[self.position : self.position + 4]
        try:
            code = int(digits, 16) if len(digits) == 4 else -1
        except ValueError:
            code = -1
        if code < 0 or 0xD800 <= code <= 0xDFFF:
            raise self.wrong("`\\u` begins a character by four hexadecimal digits", at=self.position - 2)
        self.position += 4
        return chr(code)

    def _place(self, at: int) -> Place:
        line = bisect_right(self._lines, at)
        return Place(None, line, at - self._lines[line - 1] + 1)

    def _line(self, at: int) -> str:
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return self.text[start : end if end >= 0 else len(self.text)]


_WILDCARDS: dict[str, AnyRun | AnyOne] = {"*": ANY_RUN, "?": ANY_ONE}
