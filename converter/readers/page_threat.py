"""The ATT&CK table of a saved page, flattened by the saving to a list of names, ids and addresses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from converter.readers.page_outline import Line
from converter.readers.page_values import url
from converter.readers.page_vocabulary import folded, vocabulary

FRAMEWORK = "MITRE ATT&CK"

_PART = re.compile(r"(?P<label>[^::]{1,30}?)\s*[::]\s*(?P<value>.+)")
_TACTIC = re.compile(r"TA\d{4}")
_TECHNIQUE = re.compile(r"(?P<parent>T\d{4})(?P<sub>\.\d{3})?")


@dataclass(slots=True)
class _Entry:
    name: str = ""
    id: str = ""
    reference: str | None = None

    def data(self) -> dict[str, object]:
        address = {"reference": self.reference} if self.reference else {}
        return {"id": self.id, "name": self.name, **address}


def read_threat(lines: Iterable[Line]) -> list[dict[str, object]]:
    """Entries in the API layout (spec elastic-rules 3), in page order: what an entry is, its id tells."""
    threats: list[dict[str, object]] = []
    techniques: list[dict[str, object]] = []
    below: dict[str, list[dict[str, object]]] = {}
    for entry in _entries(lines):
        found = _TECHNIQUE.fullmatch(entry.id)
        if _TACTIC.fullmatch(entry.id):
            entry.name = vocabulary().tactics.get(entry.id, entry.name)
            techniques, below = [], {}
            threats.append({"framework": FRAMEWORK, "tactic": entry.data(), "technique": techniques})
        elif found and found["sub"] and found["parent"] in below:
            below[found["parent"]].append(entry.data())
        elif found:
            below[entry.id] = []
            techniques.append({**entry.data(), "subtechnique": below[entry.id]})
    return threats


def _entries(lines: Iterable[Line]) -> list[_Entry]:
    entries: list[_Entry] = []
    for line in lines:
        text = line.item()
        text = (line.bare if text is None else text).replace("**", "")
        found = _PART.fullmatch(text)
        part = vocabulary().threat_parts.get(folded(found["label"])) if found else None
        if found is None or part is None:
            continue
        if part == "name" or not entries:
            entries.append(_Entry())
        match part:
            case "name":
                entries[-1].name = found["value"]
            case "id":
                entries[-1].id = found["value"].strip()
            case _:
                entries[-1].reference = url(found["value"])
    return [entry for entry in entries if entry.id]
