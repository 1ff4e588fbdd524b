"""A raw rule's metadata as typed values: tolerant of odd ones, each of which leaves a note (spec elastic-rules 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from converter.losses import Note
from converter.rule import Order, Schedule, Scope, Suppression, Technique, Threat

_MISSING = "missing_fields_strategy"
SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(slots=True)
class Metadata:
    """Reads the keys of one rule. A value of the wrong type or outside its range counts as absent."""

    data: Mapping[str, object]
    notes: list[Note] = field(default_factory=list)

    def text(self, key: str) -> str | None:
        """A text, surrounding blanks removed; the empty text and the word `None` are absent (spec elastic-rules 6)."""
        value = self.data.get(key)
        if isinstance(value, str):
            return value.strip() or None if value.strip() != "None" else None
        if value is not None:
            self._odd(key, value, "a text")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.data.get(key)
        items = [value] if isinstance(value, str) else value
        if items is None:
            return ()
        if not isinstance(items, list):
            self._odd(key, value, "a list of texts")
            return ()
        for item in items:
            if not isinstance(item, str):
                self._odd(key, item, "a list of texts")
        return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())

    def number(self, key: str, lowest: int, highest: int | None = None) -> int | None:
        """A whole number, also one written as a text."""
        value = self.data.get(key)
        if value is None:
            return None
        read = int(value) if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10 else value
        if not isinstance(read, int) or isinstance(read, bool):
            self._odd(key, value, "a whole number")
            return None
        if read < lowest or (highest is not None and read > highest):
            self._odd(key, value, f"{lowest} to {highest}" if highest is not None else f"at least {lowest}")
            return None
        return read

    def severity(self) -> str | None:
        value = self.text("severity")
        if value is None or value.lower() in SEVERITIES:
            return value.lower() if value else None
        self._odd("severity", value, f"one of {', '.join(SEVERITIES)}")
        return None

    def scope(self) -> Scope:
        return Scope(self.texts("index"), self.text("data_view_id"))

    def schedule(self) -> Schedule:
        """The rule's schedule, with the defaults of spec elastic-rules 1.1 for what is absent."""
        default = Schedule()
        return Schedule(
            self.text("interval") or default.interval,
            self.text("from") or default.start,
            self.text("to") or default.end,
            self.number("max_signals", 1) or default.max_signals,
            self.text("timestamp_override"),
            self.data.get("timestamp_override_fallback_disabled") is not True,
        )

    def order(self) -> Order:
        """The fields of an EQL rule that are not the usual ones; an older API has another name for the category's."""
        default = Order()
        category = self.text("event_category_override") or self.text("event_category_field")
        return Order(
            self.text("timestamp_field") or default.timestamp,
            self.text("tiebreaker_field"),
            category or default.category,
        )

    def suppression(self) -> Suppression | None:
        """How alerts are grouped; None without grouping (spec elastic-rules 1.5)."""
        value = self.data.get("alert_suppression")
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._odd("alert_suppression", value, "a table")
            return None
        inner = Metadata(value, self.notes)
        return Suppression(
            inner.texts("group_by"), self._duration(value.get("duration")), value.get(_MISSING) != "doNotSuppress"
        )

    def _duration(self, value: object) -> str | None:
        match value:
            case None:
                return None
            case {"value": int(count), "unit": "s" | "m" | "h" as unit}:
                return f"{count}{unit}"
            case _:
                self._odd("alert_suppression", value, "a duration with value and unit")
                return None

    def threats(self) -> tuple[Threat, ...]:
        entries = self._tables("threat", self.data.get("threat"))
        return tuple(threat for entry in entries if (threat := self._threat(entry)))

    def _threat(self, entry: Mapping[str, object]) -> Threat | None:
        tactic = entry.get("tactic")
        if not isinstance(tactic, dict) or not isinstance(tactic.get("id"), str):
            self._odd("threat", entry, "entries with a tactic that has an id")
            return None
        techniques = self._techniques(entry.get("technique"), "subtechnique")
        framework = entry.get("framework")
        return Threat(
            framework if isinstance(framework, str) else "MITRE ATT&CK",
            tactic["id"],
            str(tactic.get("name", "")),
            _reference(tactic),
            techniques,
        )

    def _techniques(self, value: object, below: str | None) -> tuple[Technique, ...]:
        return tuple(
            Technique(
                identity,
                str(entry.get("name", "")),
                _reference(entry),
                self._techniques(entry.get(below), None) if below else (),
            )
            for entry in self._tables("threat", value)
            if isinstance(identity := entry.get("id"), str)
        )

    def _tables(self, key: str, value: object) -> list[dict[str, object]]:
        if value is None:
            return []
        if not isinstance(value, list):
            self._odd(key, value, "a list of tables")
            return []
        return [entry for entry in value if isinstance(entry, dict)]

    def _odd(self, key: str, value: object, expected: str) -> None:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
        self.notes.append(Note("metadata-odd-value", f"`{key}` is {shown}, not {expected}: it is left out"))


def _reference(entry: Mapping[str, object]) -> str | None:
    value = entry.get("reference")
    return value if isinstance(value, str) else None
