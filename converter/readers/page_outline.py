"""Saved rule pages cut into sections: head, metadata, guide, setup, query, ATT&CK table (spec: Elastic's rule pages).

A page is text that a browser or a scraper left of HTML. Headings have lost their marks, except for the word `edit`
(a link), which stands behind the heading, on a line of its own below, or glued to the front of the next line. Labels
may be glued to what stands before them. Sections come in any order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from converter.readers.page_vocabulary import folded, vocabulary

_COLONS = "::"
_HEADING_MARK = re.compile(r"#{1,6}[ \t]+")
_BULLET = re.compile(r"[ \t]*(?:[•·‣▪◦*-]|\d+[.)])(?:[ \t]+|$)")
_LABELLED = re.compile(r"(?P<label>[^::]{0,60}?)[ \t]*[::](?P<value>.*)")
_QUERY_LIKE = re.compile(
    r"\s*(?:```|/\*|//|\(*(?:not\s+)?(?:\w+|\"[^\"]*\")\s+where\b|sequence\b|sample\s+by\b"
    r"|[(\s]*(?:not\s+)?[\w@.*\"-]+\s*(?:[:=<>!]))",
    re.IGNORECASE,
)


class Section(StrEnum):
    HEAD = "head"
    METADATA = "metadata"
    NOTE = "note"
    SETUP = "setup"
    QUERY = "query"
    THREAT = "threat"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the part of one that a section has of it, with the place of its first character in the file."""

    number: int
    column: int
    text: str

    @property
    def bare(self) -> str:
        return self.text.strip()

    def after(self, count: int) -> "Line":
        return Line(self.number, self.column + count, self.text[count:])

    def item(self) -> str | None:
        """The text of a list item, None if the line is none."""
        bullet = _BULLET.match(self.text)
        return self.text[bullet.end() :].strip() if bullet else None

    def labelled(self) -> tuple[str, str] | None:
        """Label and value of `label: value`, the colon of any width, the label possibly lost."""
        found = _LABELLED.fullmatch(self.bare.replace("**", ""))
        return (found["label"].strip(), found["value"].strip()) if found else None


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines of every section, headings and edit marks taken away. `title` is None if the page has none."""

    title: str | None
    sections: dict[Section, list[Line]]


def is_page(text: str) -> bool:
    """Whether the text has enough labels of a rule page, each at the start of a line or glued to another line."""
    found = {folded(match.group()) for match in vocabulary().glued_label.finditer(text)}
    labels = {vocabulary().label(name.rstrip(":")) for name in found}
    strong = labels & vocabulary().strong
    return len(strong) > 1 or (len(strong) == 1 and len(labels) > 2)


def outline(text: str) -> Outline:
    """The sections of a page. Never raises: what is not found is missing."""
    lines = [Line(number, 1, line) for number, line in enumerate(text.split("\n"), 1)]
    marked = _uses_edit_marks(lines)
    starts = _section_starts(lines, marked)
    sections: dict[Section, list[Line]] = {section: [] for section in Section}
    current = Section.HEAD
    expects_mark = False
    seen: set[str] = set()
    for index, whole in enumerate(lines):
        if index in starts:
            current, expects_mark = starts[index], marked
            continue
        line = whole
        if expects_mark and line.bare:
            line, expects_mark = _without_edit(line), False
        for part in _parts(line, current):
            label = _label_of(part)
            if (framework := vocabulary().framework.match(part.bare)) and current is not Section.HEAD:
                current = Section.THREAT
                sections[current].append(part.after(part.text.index(part.bare) + framework.end()))
                continue
            if label and _opens_metadata(label, current, seen):
                current = Section.METADATA
            if label and current is Section.METADATA:
                seen.add(label)
            sections[current].append(part)
    title, sections[Section.HEAD] = _title(sections[Section.HEAD], marked)
    return Outline(title, sections)


def _opens_metadata(label: str, current: Section, seen: set[str]) -> bool:
    """Any label ends the head; only a telling one, not seen yet, ends a section of free text."""
    if current is Section.HEAD:
        return True
    return current is not Section.METADATA and label in vocabulary().strong and label not in seen


def _label_of(line: Line) -> str | None:
    found = line.labelled() if line.item() is None else None
    return vocabulary().label(found[0]) if found and found[0] else None


def _parts(line: Line, current: Section) -> Iterator[Line]:
    """The line cut before every label that is glued to what precedes it."""
    pattern = vocabulary().framework if current is Section.QUERY else vocabulary().glued_label
    if current not in (Section.HEAD, Section.METADATA, Section.QUERY) or line.item() is not None:
        yield line
        return
    cuts = [
        match.start()
        for match in pattern.finditer(line.text)
        if line.text[: match.start()].strip(" \t*")
        and (current is not Section.HEAD or vocabulary().label(match.group().rstrip(_COLONS)) in vocabulary().strong)
    ]
    for start, end in zip([0, *cuts], [*cuts, len(line.text)], strict=True):
        yield Line(line.number, line.column + start, line.text[start:end])


# --- headings ------------------------------------------------------------------------------------------------------


def _heading(line: Line) -> tuple[str, bool] | None:
    """A line's text as a heading and whether the edit mark is glued to its end; None for list items and blanks."""
    text = line.bare
    if not text or line.item() is not None:
        return None
    text = _HEADING_MARK.sub("", text, count=1).strip("* \t")
    for match in vocabulary().edit.finditer(text):
        if match.end() == len(text) and match.start() > 0:
            return text[: match.start()].rstrip(" ["), True
    return text.rstrip(_COLONS), False


def _section_of(line: Line) -> tuple[Section, bool] | None:
    found = _heading(line)
    if found is None or folded(found[0]) not in vocabulary().headings:
        return None
    return Section(vocabulary().headings[folded(found[0])]), found[1]


def _uses_edit_marks(lines: list[Line]) -> bool:
    """Whether the page's headings carry edit marks: one that is unmistakable (alone on its line, behind a known
    heading, before a repetition of the line above), or two that could be chance."""
    weak = 0
    previous = ""
    for index, line in enumerate(lines):
        if vocabulary().edit.fullmatch(line.bare) or (previous and _without_edit(line).bare == previous != line.bare):
            return True
        previous = line.bare or previous
        section = _section_of(line)
        if section and section[1]:
            return True
        weak += section is not None and _next_starts_with_edit(lines, index)
    return weak > 1


def _next_starts_with_edit(lines: list[Line], index: int) -> bool:
    following = next((line for line in lines[index + 1 : index + 4] if line.bare), None)
    return following is not None and vocabulary().edit.match(following.bare) is not None


def _section_starts(lines: list[Line], marked: bool) -> dict[int, Section]:
    """The line of each section's heading. Where a page marks its headings, marked ones go before bare ones."""
    candidates: dict[Section, list[tuple[int, bool]]] = {}
    for index, line in enumerate(lines):
        if found := _section_of(line):
            section, glued = found
            candidates.setdefault(section, []).append(
                (index, glued or (marked and _next_starts_with_edit(lines, index)))
            )
    return {_chosen(section, found, lines): section for section, found in candidates.items()}


def _chosen(section: Section, found: list[tuple[int, bool]], lines: list[Line]) -> int:
    with_mark = [index for index, is_marked in found if is_marked]
    indices = with_mark or [index for index, _ in found]
    if section is Section.QUERY:
        return next((index for index in indices if _query_follows(lines, index)), indices[-1])
    return indices[0]


def _query_follows(lines: list[Line], index: int) -> bool:
    """A guide may speak of a `Rule query` too; behind the real heading stands a query."""
    following = next((line for line in lines[index + 1 : index + 6] if _without_edit(line).bare), None)
    return following is not None and _QUERY_LIKE.match(_without_edit(following).text) is not None


def _without_edit(line: Line) -> Line:
    """The line behind an edit mark at its start."""
    indent = len(line.text) - len(line.text.lstrip())
    mark = vocabulary().edit.match(line.text, indent)
    return line.after(mark.end()) if mark else line


def _title(head: list[Line], marked: bool) -> tuple[str | None, list[Line]]:
    """The title, and the lines of the description: without repetitions of the title and without edit marks.

    Where the page marks headings the title is the first line with a mark: banners may stand before it.
    """
    candidates = [index for index, line in enumerate(head) if line.bare and not vocabulary().edit.fullmatch(line.bare)]
    with_mark = [
        index
        for index in candidates
        if marked and ((_heading(head[index]) or ("", False))[1] or _next_starts_with_edit(head, index))
    ]
    chosen = (with_mark or candidates)[:1]
    if not chosen:
        return None, []
    title = _title_text(head, chosen[0])
    rest = (_without_edit(line) if marked else line for line in head[chosen[0] + 1 :])
    return title, [line for line in rest if line.bare and title not in (line.bare, (_heading(line) or ("", False))[0])]


def _title_text(head: list[Line], index: int) -> str:
    """A title may end in the letters of an edit mark (`… Credit`); the mark on the next line decides."""
    whole = _HEADING_MARK.sub("", head[index].bare, count=1).strip("* \t")
    if _next_starts_with_edit(head, index):
        return whole
    found = _heading(head[index])
    return found[0] if found and found[1] else whole
