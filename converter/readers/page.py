"""Saved rule pages of Elastic's documentation, English or Chinese, into the API layout.

The pages state less than a rule has: what is missing is left out, or gets the default of spec elastic-rules 1.1, and a
note says so in either case. A page of a new-terms rule names neither its fields nor its history.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from converter.errors import Place, RuleError
from converter.losses import Note
from converter.readers import page_values as values
from converter.readers.page_outline import Line, Outline, Section, outline
from converter.readers.page_threat import read_threat
from converter.readers.page_vocabulary import folded, vocabulary
from converter.rule import Origin, RawRule

RULE_TYPES = frozenset(
    {"query", "saved_query", "eql", "esql", "threshold", "new_terms", "threat_match", "machine_learning"}
)

_LISTS = frozenset({"index", "references", "tags", "author"})
_SCALARS: dict[str, Callable[[str], object]] = {
    "type": lambda text: folded(text) if folded(text) in RULE_TYPES else text,
    "severity": lambda text: values.severity(text) or text,
    "risk_score": values.number,
    "interval": values.duration,
    "from": values.date_math,
    "max_signals": values.number,
    "version": values.number,
    "license": values.license_name,
}
_FENCE = "```"
_LANGUAGES = {"eql": "eql", "esql": "esql", "machine_learning": None}


def read_page(text: str, path: str) -> RawRule:
    """The rule of a saved page. Raises RuleError `page-title-missing` for a page without any title."""
    page = outline(text)
    if page.title is None:
        raise RuleError("page-title-missing", "the page has no title before its first label", place=Place(path))
    stated = _metadata(page.sections[Section.METADATA])
    query, start = _query(page.sections[Section.QUERY])
    data: dict[str, object] = {"name": page.title, "description": _paragraph(page.sections[Section.HEAD])}
    data |= stated.data
    data |= {key: text for key in ("note", "setup") if (text := _block(page.sections[Section(key)]))}
    if (kind := stated.data.get("type")) and (language := _LANGUAGES.get(str(kind), "kuery")):
        data["language"] = language
    if query:
        data["query"] = query
    if threat := read_threat(page.sections[Section.THREAT]):
        data["threat"] = threat
    notes = (*stated.notes, *_absences(data, page))
    places = {key: Place(path, line.number, line.column) for key, line in stated.lines.items()}
    place = Place(path, start.number, start.column) if start else Place(path)
    return RawRule(Origin(path, format="page", query=place), data, places=places, notes=notes)


def _paragraph(lines: Iterable[Line]) -> str:
    return " ".join(line.bare for line in lines if line.bare)


def _block(lines: list[Line]) -> str:
    """A section of free text with its line breaks, blank lines at both ends left off."""
    return "\n".join(line.text.rstrip() for line in lines).strip()


def _query(lines: list[Line]) -> tuple[str, Line | None]:
    """The query text and the line with the place where it begins; Markdown fences are no part of it."""
    filled = [index for index, line in enumerate(lines) if line.bare]
    if filled and lines[filled[0]].bare.startswith(_FENCE):
        closing = [index for index in filled[1:] if lines[index].bare == _FENCE]
        lines = lines[filled[0] + 1 : closing[0] if closing else len(lines)]
        filled = [index for index, line in enumerate(lines) if line.bare]
    if not filled:
        return "", None
    first = lines[filled[0]]
    first = first.after(len(first.text) - len(first.text.lstrip()))
    rest = (line.text for line in lines[filled[0] + 1 : filled[-1] + 1])
    return "\n".join([first.text, *rest]).rstrip(), first


# --- metadata ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Stated:
    """What the metadata block states, by API name, with the lines that state it."""

    data: dict[str, object] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def add(self, key: str, line: Line, texts: list[str]) -> None:
        """The first statement of a key counts."""
        if key in self.data or key in self.lines:
            return
        self.lines[key] = line
        if key in _LISTS:
            self.data[key] = self._list(key, texts)
        elif texts and (value := _SCALARS[key](texts[0])) is not None:
            self.data[key] = value
        elif texts:
            self.notes.append(Note("metadata-odd-value", f"`{key}` is `{texts[0]}` on the page: left out"))

    def _list(self, key: str, texts: list[str]) -> list[str]:
        if key == "references":
            return [found for text in texts if (found := values.url(text))]
        if key != "tags":
            return texts
        tags = [values.tag(text) for text in texts]
        untranslated = [f"`{tag}`" for tag, known in tags if not known]
        if untranslated:
            names = ", ".join(untranslated)
            self.notes.append(Note("tag-untranslated", f"tags that could not be put into Elastic's words: {names}"))
        return [tag for tag, _ in tags]


def _metadata(lines: list[Line]) -> _Stated:
    stated = _Stated()
    pending: tuple[str, Line, list[str]] | None = None
    for line in lines:
        if not line.bare:
            continue
        if found := _statement(line):
            if pending:
                stated.add(*pending)
            key, value = found
            pending = (key, line, (values.items(value) if key in _LISTS else [value]) if value else [])
        elif pending and (pending[0] in _LISTS or not pending[2]):
            pending[2].append(line.item() or line.bare)
    if pending:
        stated.add(*pending)
    return stated


def _statement(line: Line) -> tuple[str, str] | None:
    """The key and the value a line states; where the label is unknown or lost, its value may still tell."""
    found = line.labelled() if line.item() is None else None
    if found is None:
        return None
    label, value = found
    known = vocabulary().label(label) if label else None
    if known:
        return known, value
    if value in RULE_TYPES:
        return "type", value
    if values.date_math(value):
        return "from", value
    if not label and values.duration(value):
        return "interval", value
    return None


def _absences(data: dict[str, object], page: Outline) -> list[Note]:
    """Notes on what the page leaves out. Defaults are those of spec elastic-rules 1.1, filled in when interpreted."""
    notes = []
    unstated = [f"`{key}` ({default})" for key, default in (("interval", "5m"), ("from", "now-6m")) if key not in data]
    if unstated:
        notes.append(
            Note("schedule-default", f"the page does not state {' and '.join(unstated)}: the default is taken")
        )
    if not data.get("references"):
        notes.append(Note("references-absent", "the page names no references"))
    if "threat" not in data:
        notes.append(Note("threat-absent", "the page has no table of ATT&CK tactics and techniques"))
    if not page.sections[Section.NOTE]:
        notes.append(Note("guide-absent", "the page has no investigation guide"))
    return notes
