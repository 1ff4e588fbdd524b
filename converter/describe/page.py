"""One page for people: what a rule is, where and when it looks, what it finds, and what was said of it on reading."""

from collections.abc import Iterator
from itertools import islice

from converter.describe.condition import condition, introduced
from converter.describe.facts import facts
from converter.describe.finding import finding
from converter.describe.legend import NUMBERED, legend
from converter.describe.outline import Item, lines, paragraph, term
from converter.describe.quoting import plain
from converter.errors import ConverterError, UnsupportedError
from converter.rule import ExceptionItem, Rule

LONGEST_SECTION = 2_000
"""Lines of a section that are shown."""

_COLUMN = 13


def page(rule: Rule) -> str:
    """The rule in words, lines of at most 100 columns where values allow it, with a line break at the end."""
    title = plain(rule.name)
    shown = [title, "=" * len(title)]
    for heading, section in _sections(rule):
        shown += _section(heading, section)
    reading = [*legend(_read(rule)), *([NUMBERED] if any("<U+" in line for line in shown) else [])]
    shown += _section("How to read this", lines(map(Item, reading)))
    return "\n".join(shown) + "\n"


def _section(heading: str, section: Iterator[str]) -> list[str]:
    """An empty line, the heading if there is one, and what stands below it; nothing of an empty section."""
    body = list(islice(section, LONGEST_SECTION + 1))
    if len(body) > LONGEST_SECTION:
        body[-1] = "  … the rest of this section is cut; --json has all of it"
    return ["", *([heading] if heading else []), *body] if body else []


def _sections(rule: Rule) -> Iterator[tuple[str, Iterator[str]]]:
    if rule.description:
        yield "", paragraph(plain(rule.description, 2_000))
    yield "", (line for word, text in facts(rule) for line in term(word, text, _COLUMN))
    if rule.error is not None:
        yield "Problem", _problem(rule.error)
    meaning = rule.stated or rule.detection
    if meaning is not None:
        yield "What it finds", _sentences(finding(meaning))
    if rule.filters:
        yield "Filters: every event has to satisfy these, too", lines(map(condition, rule.filters))
    if rule.exceptions:
        yield "Exceptions: events that one of these describes are left out", lines(map(_exception, rule.exceptions))
    yield "Remarks", lines(map(Item, _remarks(rule)))


def _sentences(items: Iterator[Item]) -> Iterator[str]:
    """Sentences without marks; what stands below them is a list."""
    for item in items:
        yield from paragraph(item.text)
        yield from lines(item.below, 4)


def _exception(item: ExceptionItem) -> Item:
    until = f", until {plain(item.expires)}" if item.expires else ""
    return introduced(f"{plain(item.name)} (list {plain(item.list_id)}{until}): events", item.predicate)


def _read(rule: Rule) -> tuple[object, ...]:
    """The nodes that the page puts into words."""
    meaning = rule.stated or rule.detection
    return (*((meaning,) if meaning else ()), *rule.filters, *(item.predicate for item in rule.exceptions))


def _problem(error: ConverterError) -> Iterator[str]:
    """What is wrong and where, with the line of the rule that it stands in."""
    what = "Refused" if isinstance(error, UnsupportedError) else "Not understood"
    yield from paragraph(f"{what} at {plain(str(error.place), 500)}: {plain(error.message, 1_000)} ({error.code})")
    if (excerpt := error.caret()) is not None:
        yield from (f"  {line}" for line in excerpt.split("\n"))


def _remarks(rule: Rule) -> Iterator[str]:
    """Losses, notes and assumptions of the reading."""
    for loss in rule.losses:
        place = rule.origin.place(loss.span)
        direction = f"{loss.direction}: " if loss.direction else ""
        yield f"Loss {loss.code} at {place.line}:{place.column}: {direction}{plain(loss.message, 500)}"
    for note in rule.notes:
        yield f"Note {note.code}: {plain(note.message, 500)}"
    for assumption in rule.assumptions:
        yield f"Assumption {assumption.code}: {plain(assumption.message, 500)}"
