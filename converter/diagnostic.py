"""Diagnostics: what is said to the person at the terminal about files, rules and results (docs/cli.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from converter.errors import ConverterError, Place, window

if TYPE_CHECKING:  # every command loads this module, and most need none of these
    from converter.ir.span import Span
    from converter.losses import Loss, Note
    from converter.readers import Doubt
    from converter.result import Result
    from converter.rule import Rule
    from converter.verify import Proof

_SHOWN = 5
"""Further places of one finding that are named."""

_LONGEST = 500
"""Characters of a message on the terminal."""

_LISTED = 20
"""Findings of one code that are told of one result."""


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `excerpt` is the source line with a caret below, two lines, or None."""

    place: Place
    level: Level
    code: str
    message: str
    excerpt: str | None = None

    @property
    def path(self) -> str:
        return printable(self.place.path or "<query>")

    def __str__(self) -> str:
        """`path:line:column: level CODE message`, always one line."""
        place = f"{self.path}:{self.place.line}:{self.place.column}"
        return f"{place}: {self.level} {self.code} {printable(_shortened(self.message))}"


def of_error(error: ConverterError, level: Level = Level.ERROR) -> Diagnostic:
    return Diagnostic(error.place, level, error.code, error.message, error.caret())


def of_skipped(path: str, reason: str) -> Diagnostic:
    """A file of a folder that was passed over."""
    return Diagnostic(Place(path), Level.WARNING, "file-skipped", f"passed over: {reason}")


def of_doubt(doubt: Doubt) -> Diagnostic:
    """What is doubtful about a file as a whole."""
    return Diagnostic(doubt.place, Level.WARNING, doubt.code, doubt.message)


def of_rule(rule: Rule) -> Iterator[Diagnostic]:
    """What reading the rule found, whatever it is converted to."""
    if rule.error is not None:
        yield of_error(rule.error)
        return
    few = _Few(rule.origin.begin)
    for loss in filter(few.lets, rule.losses):
        yield _of_loss(rule, loss, loss.message)
    for note in filter(few.lets, rule.notes):
        yield _of_note(rule, note, note.message)
    yield from few.others()


def of_result(result: Result) -> Iterator[Diagnostic]:
    """What converting the rule found; findings of the rule itself are left to `of_rule`."""
    rule = result.rule
    if rule.error is not None:
        return
    target = f"{result.target}:{result.profile}"
    few = _Few(rule.origin.begin, f"{target}: ")
    known_losses, known_notes = set(rule.losses), set(rule.notes)
    for loss, others in _alike(loss for loss in result.losses if loss not in known_losses):
        if few.lets(loss):
            yield _of_loss(rule, loss, f"{target}: {loss.message}{_also(rule, others)}")
    for note in result.notes:
        if note not in known_notes and few.lets(note):
            yield _of_note(rule, note, f"{target}: {note.message}")
    yield from few.others()


def of_proof(proof: Proof) -> Iterator[Diagnostic]:
    """What a verification found: disagreements, and what no event tried."""
    result = proof.result
    place, target = result.rule.origin.begin, f"{result.target}:{result.profile}"
    for item in proof.evidence:
        if not item.holds:
            message = f"{target}: the output and the rule disagree on events, by {item.engine}"
            yield Diagnostic(place, Level.ERROR, "verification-disagrees", message)
    for what in proof.untried:
        yield Diagnostic(place, Level.ERROR, "verification-incomplete", f"{target}: {what}")


class _Few:
    """Lets the first findings of every code through and counts the others: nobody reads a thousand lines about one
    rule, and the report has them all."""

    def __init__(self, place: Place, about: str = "") -> None:
        self._place = place
        self._about = about
        self._counts: Counter[str] = Counter()

    def lets(self, finding: Loss | Note) -> bool:
        self._counts[finding.code] += 1
        return self._counts[finding.code] <= _LISTED

    def others(self) -> Iterator[Diagnostic]:
        for code, count in self._counts.items():
            if count > _LISTED:
                message = f"{self._about}{count - _LISTED} more findings of this kind; --report lists them all"
                yield Diagnostic(self._place, Level.NOTE, code, message)


def _alike(losses: Iterable[Loss]) -> Iterator[tuple[Loss, list[Loss]]]:
    """Losses that say the same of several places, as the first of them and the others: a rule that tests a field ten
    times is one thing to tell. Reports list every one."""
    groups: dict[tuple[str, str | None, str], list[Loss]] = {}
    for loss in losses:
        groups.setdefault((loss.code, loss.direction, loss.message), []).append(loss)
    for first, *others in groups.values():
        yield first, others


def _also(rule: Rule, others: list[Loss]) -> str:
    """` (also at 81:8, 86:11)`: lines and columns of further places, the first few of them."""
    places = list(dict.fromkeys(rule.origin.place(loss.span) for loss in others))
    if not places:
        return ""
    shown = ", ".join(f"{place.line}:{place.column}" for place in places[:_SHOWN])
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return f" (also at {shown}{more})"


def _of_loss(rule: Rule, loss: Loss, message: str) -> Diagnostic:
    level = Level.ERROR if loss.direction is None else Level.WARNING
    direction = f"{loss.direction}: " if loss.direction else ""
    place = rule.origin.place(loss.span)
    return Diagnostic(place, level, loss.code, f"{direction}{message}", _excerpt(rule, loss.span, place))


def _of_note(rule: Rule, note: Note, message: str) -> Diagnostic:
    return Diagnostic(rule.origin.begin, Level.NOTE, note.code, message)


def _excerpt(rule: Rule, span: Span | None, place: Place) -> str | None:
    """The line of the query that a span begins in, what precedes the query in the file left blank."""
    lines = rule.query.split("\n")
    if span is None or span.line > len(lines):
        return None
    shown, column = window(" " * (place.column - span.column) + lines[span.line - 1], place.column)
    return f"  {shown}\n  {' ' * (column - 1)}^"


def _shortened(message: str) -> str:
    """A message that quotes a long pattern or list, cut where nobody reads on; the report has all of it."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST - 3]}..."


def printable(text: str) -> str:
    """On one line and without control characters: neither a rule nor a file name drives the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
