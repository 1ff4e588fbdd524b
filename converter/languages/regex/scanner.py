"""A cursor over a pattern's text, and the errors that point into it."""

from typing import NoReturn

from converter.errors import Place, RuleError

NESTING_LIMIT = 30
REPEAT_LIMIT = 2**31 - 1


class Scanner:
    """Reads a pattern character by character; positions are offsets, columns in errors are 1-based."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._depth = 0

    @property
    def more(self) -> bool:
        return self.position < len(self.text)

    def peek(self, choices: str) -> bool:
        """Whether the next character is one of these."""
        return self.more and self.text[self.position] in choices

    def ahead(self, prefix: str) -> bool:
        return self.text.startswith(prefix, self.position)

    def take(self, prefix: str) -> bool:
        """Reads the prefix if it stands here."""
        if not self.ahead(prefix):
            return False
        self.position += len(prefix)
        return True

    def next(self) -> str:
        """Reads one character, whatever it is."""
        if not self.more:
            self.fail("the pattern ends too early", expected="a character")
        char = self.text[self.position]
        self.position += 1
        return char

    def until(self, end: str) -> str:
        """Reads up to and including `end` and returns what stood before it."""
        found = self.text.find(end, self.position)
        if found < 0:
            self.fail(f"`{end}` is missing", at=len(self.text), expected=f"`{end}`")
        piece = self.text[self.position : found]
        self.position = found + len(end)
        return piece

    def digits(self) -> str:
        """Reads decimal digits, possibly none."""
        start = self.position
        while self.peek("0123456789"):
            self.position += 1
        return self.text[start : self.position]

    def number(self) -> int | None:
        """Reads a repeat count, None if there is none."""
        start = self.position
        digits = self.digits()
        if not digits:
            return None
        if len(digits) > 10 or int(digits) > REPEAT_LIMIT:
            self.fail("the number is too large", at=start, expected=f"at most {REPEAT_LIMIT}")
        return int(digits)

    def descend(self) -> None:
        """Enters a group; the limit keeps recursion bounded whatever the pattern."""
        self._depth += 1
        if self._depth > NESTING_LIMIT:
            self.fail(
                f"groups are nested more than {NESTING_LIMIT} deep",
                code="regex-nested-too-deeply",
                at=self.position - 1,
            )

    def ascend(self) -> None:
        self._depth -= 1

    def fail(
        self,
        what: str,
        *,
        code: str = "regex-syntax",
        at: int | None = None,
        expected: str | None = None,
        advice: str | None = None,
    ) -> NoReturn:
        """Raises RuleError at an offset of the pattern, by default where the cursor stands."""
        column = (self.position if at is None else at) + 1
        raise RuleError(
            code,
            f"in the regular expression: {what}",
            place=Place(None, 1, column),
            expected=expected,
            advice=advice,
            excerpt=self.text,
        )
