"""The words of saved rule pages, from `page_labels.toml`: labels, headings and values with all their synonyms."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every table maps a normalised spelling (`folded`) to the word it stands for."""

    labels: Mapping[str, str]
    label_patterns: tuple[tuple[re.Pattern[str], str], ...]
    strong: frozenset[str]
    headings: Mapping[str, str]
    threat_headings: frozenset[str]
    threat_parts: Mapping[str, str]
    none: frozenset[str]
    severities: Mapping[str, str]
    units: Mapping[str, str]
    licenses: Mapping[str, str]
    tag_prefixes: Mapping[str, str]
    tag_values: Mapping[str, str]
    tactics: Mapping[str, str]
    glued_label: re.Pattern[str]
    edit: re.Pattern[str]
    framework: re.Pattern[str]

    def label(self, text: str) -> str | None:
        """The metadata key that a label names."""
        key = folded(text)
        if key in self.labels:
            return self.labels[key]
        return next((name for pattern, name in self.label_patterns if pattern.fullmatch(key)), None)


def folded(text: str) -> str:
    """A spelling without the differences that do not matter: case, width of characters, blanks, Markdown emphasis."""
    return re.sub(r"[\s*_`]+", "", unicodedata.normalize("NFKC", text)).casefold()


@cache
def vocabulary() -> Vocabulary:
    table = tomllib.loads(files("converter.readers").joinpath("page_labels.toml").read_text(encoding="utf-8"))
    labels, values, tags = table["labels"], table["values"], table["tags"]
    return Vocabulary(
        labels=_spellings({name: entry["names"] for name, entry in labels.items()}),
        label_patterns=tuple(
            (re.compile(pattern), name) for name, entry in labels.items() for pattern in entry.get("patterns", ())
        ),
        strong=frozenset(name for name, entry in labels.items() if entry.get("strong")),
        headings=_spellings(table["headings"]),
        threat_headings=frozenset(folded(name) for name in table["threat"]["headings"]["names"]),
        threat_parts=_spellings({part: table["threat"][part]["names"] for part in ("name", "id", "reference")}),
        none=frozenset(folded(word) for word in values["none"]),
        severities=_spellings(values["severity"]),
        units=_spellings(values["units"]),
        licenses=_spellings(values["license"]),
        tag_prefixes=_spellings(tags["prefixes"]),
        tag_values=_spellings(tags["values"]),
        tactics=table["tactics"],
        glued_label=re.compile(
            f"(?:{_either(name for entry in labels.values() for name in entry['names'])})\\**[ \t]*[::]", re.IGNORECASE
        ),
        edit=re.compile(_either(table["edit"]["names"])),
        framework=re.compile(
            rf"(?:\*\*)?(?:{_either(table['framework']['names'])})(?:\*\*)?[ \t]*[::](?:\*\*)?[ \t]*(?=MITRE)",
            re.IGNORECASE,
        ),
    )


def _spellings(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {folded(spelling): word for word, spellings in table.items() for spelling in spellings}


def _either(names: Iterable[str]) -> str:
    """A pattern for any of the names, the longest first; blanks between words are any blanks."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in ordered)
