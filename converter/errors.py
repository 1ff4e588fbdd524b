"""One hierarchy of errors, each with a code, a place and advice, written for the person who must fix the rule."""

from dataclasses import dataclass
from functools import partial
from typing import Self


@dataclass(frozen=True, slots=True)
class Place:
    """Where a diagnostic points: a path as the user wrote it (`-` is stdin, None is text without a file), 1-based
    line and column, both 1 if only the file is known."""

    path: str | None
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path or '<query>'}:{self.line}:{self.column}"


class ConverterError(Exception):
    """Base of everything this program raises on purpose.

    `code` is an entry of `converter/codes/errors.toml`; `what` says what is wrong, `expected` what was expected and
    `advice` what to do, each optional but the first; `excerpt` is the source line the place points into.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        place: Place | None = None,
        expected: str | None = None,
        advice: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.place = place or Place(None)
        self.expected = expected
        self.advice = advice
        self.excerpt = excerpt

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between processes (`--jobs`) whole, not as their text alone."""
        parts = {key: getattr(self, key) for key in ("place", "expected", "advice", "excerpt")}
        return partial(type(self), **parts), (self.code, self.what)

    @property
    def message(self) -> str:
        """One line: what, what was expected, what to do. Control characters of the rule's text are escaped."""
        parts = [self.what]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.advice:
            parts.append(self.advice)
        return _printable("; ".join(parts))

    def __str__(self) -> str:
        return f"{self.place}: error {self.code} {self.message}"

    def at(self, place: Place) -> Self:
        """The same error at another place: a query's position turned into a position in the rule's file."""
        return type(self)(
            self.code,
            self.what,
            place=place,
            expected=self.expected,
            advice=self.advice,
            excerpt=self.excerpt,
        )

    def caret(self) -> str | None:
        """The excerpt with a caret under the column, two lines, or None without an excerpt."""
        if self.excerpt is None:
            return None
        shown, column = window(self.excerpt, self.place.column)
        return f"  {shown}\n  {' ' * (column - 1)}^"


class RuleError(ConverterError):
    """A rule, or a file that should hold rules, cannot be understood. The other rules go on."""


class UnsupportedError(RuleError):
    """A rule that is understood, and that asks for something which is not converted: refused, not an error."""


class EngineError(ConverterError):
    """An engine cannot run one output: its form is not one that it reads, or it refuses the text. The other outputs go
    on, and this one counts as unproved."""


class ConfigurationError(ConverterError):
    """Wrong usage, options or configuration: nothing is converted (exit code 3)."""


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def window(line: str, column: int, width: int = 100) -> tuple[str, int]:
    """At most `width` characters of a line around a 1-based column, and the column inside the cut text.

    Control characters are shown as blanks, so that a hostile rule cannot drive the terminal.
    """
    first = max(0, min(column - 1 - width // 2, len(line) - width))
    cut = line[first : first + width]
    return "".join(char if char.isprintable() else " " for char in cut), column - first
