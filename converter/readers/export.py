"""Kibana's exports, responses of its API and package assets: JSON that holds rules, exceptions and what goes with them.

What an object is, its own keys decide; the order of lines means nothing (spec elastic-rules 6).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from converter.errors import Place, RuleError
from converter.losses import Note
from converter.readers.api_rule import normalised
from converter.readers.json_file import JsonFile, read_json_file
from converter.readers.json_text import JsonObject
from converter.readers.page import RULE_TYPES
from converter.readers.reading import Doubt, Reading
from converter.rule import Origin, RawRule


class Kind(StrEnum):
    """What an object of an export is."""

    RULE = "rule"
    EXCEPTION_LIST = "exception list"
    EXCEPTION_ITEM = "exception item"
    CONNECTOR = "action connector"
    SUMMARY = "summary line"
    UNKNOWN = "unknown object"


_SUMMARY_KEYS = frozenset({"exported_count", "exported_rules_count", "exported_exception_list_count"})
_RULE_KEYS = frozenset({"name", "query", "description", "saved_id", "machine_learning_job_id"})
"""One of which stands beside the type in a rule that names no id."""

_STATED_COUNTS = {
    Kind.RULE: "exported_rules_count",
    Kind.EXCEPTION_LIST: "exported_exception_list_count",
    Kind.EXCEPTION_ITEM: "exported_exception_list_item_count",
    Kind.CONNECTOR: "exported_action_connector_count",
}
_MISSING = {
    "missing_rules": Kind.RULE,
    "missing_exception_lists": Kind.EXCEPTION_LIST,
    "missing_exception_list_items": Kind.EXCEPTION_ITEM,
}
"""Where the summary lists what was asked for and not found in Kibana."""

_SHOWN = 5
"""Repeated keys that a note names."""


def kind_of(data: Mapping[str, object]) -> Kind:
    """What an object is, by its keys."""
    kind = data.get("type")
    if data.keys() & _SUMMARY_KEYS:
        return Kind.SUMMARY
    if "entries" in data and data.keys() & {"item_id", "list_id"}:
        return Kind.EXCEPTION_ITEM
    match data:
        case {"type": "action", "attributes": {"actionTypeId": _}}:
            return Kind.CONNECTOR
    if "rule_id" in data and "error" not in data:
        return Kind.RULE
    if isinstance(kind, str) and kind in RULE_TYPES and data.keys() & _RULE_KEYS:
        return Kind.RULE
    return Kind.EXCEPTION_LIST if "list_id" in data else Kind.UNKNOWN


def read_export(text: str, path: str, stem: str) -> Reading:
    """The rules of a JSON or NDJSON text, an error for each part that is none, and what is doubtful about the whole.

    `stem` names what has no name. Raises RuleError for a text that is broken as a whole or holds no rule:
    `json-syntax`, `json-nesting`, `file-encoding`, `export-too-long`, `export-without-rules`.
    """
    file = read_json_file(text, path)
    export = _Export(path, stem)
    for entry in file.entries:
        export.add(entry)
    export.check_for_rules()
    return Reading(tuple(export.rules()), doubts=(*export.doubts(), *_missing_pages(file)))


@dataclass(frozen=True, slots=True)
class _Exceptions:
    """The items of the lists that a rule refers to, those lists, and the ids of the lists that are here as a whole."""

    items: tuple[Mapping[str, object], ...]
    lists: tuple[Mapping[str, object], ...]
    known: frozenset[str]


@dataclass
class _Export:
    path: str
    stem: str
    found: list[JsonObject | RuleError] = field(default_factory=list)
    """Rules, and errors where something else stands."""
    summaries: list[JsonObject] = field(default_factory=list)
    counts: Counter[Kind] = field(default_factory=Counter)
    lists: dict[str | None, list[JsonObject]] = field(default_factory=dict)
    """Exception lists by their id: the list itself, and its items."""

    def add(self, entry: JsonObject | RuleError) -> None:
        if isinstance(entry, RuleError):
            self.found.append(entry)
            return
        kind = kind_of(entry.data)
        self.counts[kind] += 1
        match kind:
            case Kind.RULE:
                self.found.append(entry)
            case Kind.EXCEPTION_LIST | Kind.EXCEPTION_ITEM:
                name = entry.data.get("list_id")
                self.lists.setdefault(name if isinstance(name, str) else None, []).append(entry)
            case Kind.SUMMARY:
                self.summaries.append(entry)
            case Kind.UNKNOWN:
                self.found.append(_unknown(entry))
            case Kind.CONNECTOR:
                pass

    def check_for_rules(self) -> None:
        """Raises RuleError `export-without-rules` if nothing in the file is or may be a rule."""
        known = any(kind is not Kind.UNKNOWN for kind in self.counts)
        broken = any(isinstance(entry, RuleError) and entry.code != "export-entry-unknown" for entry in self.found)
        if self.found and (known or broken):
            return
        held = [_counted(self.counts[kind], kind) for kind in Kind if self.counts[kind]]
        what = f"there is no rule in this JSON, but {', '.join(held)}" if held else "there is no rule in this JSON"
        raise RuleError("export-without-rules", what, place=Place(self.path))

    def rules(self) -> Iterator[RawRule]:
        for index, entry in enumerate(self.found):
            if isinstance(entry, RuleError):
                origin = Origin(self.path, index, "json", Place(self.path, entry.place.line), entry.place.line)
                yield RawRule(origin, {"name": self.stem}, error=entry)
            else:
                yield self._rule(entry, index)

    def _rule(self, entry: JsonObject, index: int) -> RawRule:
        places = entry.places()
        encoded = entry.encoded("query")
        query = places["query"] if encoded is not None else entry.place
        exceptions = self._exceptions(entry.data)
        return RawRule(
            Origin(self.path, index, "json", query, entry.place.line, encoded=encoded),
            normalised(entry.data),
            places=places,
            exceptions=exceptions.items,
            exception_lists=exceptions.lists,
            known_lists=exceptions.known,
            notes=_repetitions(entry),
        )

    def _exceptions(self, rule: Mapping[str, object]) -> "_Exceptions":
        items: list[Mapping[str, object]] = []
        lists: list[Mapping[str, object]] = []
        known: set[str] = set()
        unknown: set[str] = set()
        for name, namespace in _references(rule):
            here = [entry.data for entry in self.lists.get(name, ()) if _shares(entry.data, namespace)]
            (known if here else unknown).add(name)
            found = [data for data in here if kind_of(data) is Kind.EXCEPTION_ITEM]
            items += sorted(found, key=lambda data: str(data.get("item_id")))
            lists += [data for data in here if kind_of(data) is Kind.EXCEPTION_LIST]
        whole = frozenset(known - unknown) if self._has_all_items else frozenset[str]()
        return _Exceptions(tuple(items), tuple(lists), whole)

    @cached_property
    def _has_all_items(self) -> bool:
        """Whether no summary says that there were other exception items than those which are here."""
        stated = self._stated().get(Kind.EXCEPTION_ITEM, 0)
        return stated <= self.counts[Kind.EXCEPTION_ITEM] and not self._missing("missing_exception_list_items")

    def doubts(self) -> Iterator[Doubt]:
        """Where the summary lines state something else than what is there."""
        if not self.summaries:
            return
        place = self.summaries[-1].place
        # A line that cannot be read has an error of its own, and may be whatever is missing.
        broken = sum(isinstance(entry, RuleError) for entry in self.found)
        for kind, stated in self._stated().items():
            if not self.counts[kind] <= stated <= self.counts[kind] + broken:
                what = f"the export's summary states {_counted(stated, kind)}, but there {_are(self.counts[kind])}"
                yield Doubt("export-incomplete", what, place)
        for key, kind in _MISSING.items():
            if missing := self._missing(key):
                what = f"the export's summary names {_counted(missing, kind)} as missing"
                yield Doubt("export-incomplete", what, place)

    def _missing(self, key: str) -> int:
        """How many things the summaries list under a key."""
        return sum(len(value) for one in self.summaries if isinstance(value := one.data.get(key), list))

    def _stated(self) -> dict[Kind, int]:
        """What all summary lines together state: exports may stand one behind the other in a file."""
        stated: Counter[Kind] = Counter()
        for summary in self.summaries:
            data = dict(summary.data)
            if "exported_exception_list_count" not in data:  # older exports count nothing but rules
                data.setdefault("exported_rules_count", data.get("exported_count"))
            for kind, key in _STATED_COUNTS.items():
                if isinstance(count := data.get(key), int):
                    stated[kind] += count
        return dict(stated)


def _references(rule: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Id and namespace of every exception list that a rule refers to, each once."""
    lists = rule.get("exceptions_list")
    found = [entry for entry in lists if isinstance(entry, dict)] if isinstance(lists, list) else []
    names = ((entry.get("list_id"), entry.get("namespace_type")) for entry in found)
    yield from dict.fromkeys((name, str(namespace or "")) for name, namespace in names if isinstance(name, str))


def _shares(entry: Mapping[str, object], namespace: str) -> bool:
    """Whether a list or item is of the namespace, which either may leave out."""
    own = entry.get("namespace_type")
    return not own or not namespace or own == namespace


def _unknown(entry: JsonObject) -> RuleError:
    match entry.data:
        case {"error": {"message": str(message)}}:
            what = f"Kibana answered with an error and not with a rule: {message:.200}"
        case {"type": str(kind)}:
            what = f"an object of type `{kind:.40}` is no part of an export of rules"
        case _:
            what = "an object that is no rule, no exception, no connector and no summary"
    return entry.text.error("export-entry-unknown", what, entry.start)


def _repetitions(entry: JsonObject) -> tuple[Note, ...]:
    if not entry.repeated:
        return ()
    names = ", ".join(f"`{name:.40}`" for name in entry.repeated[:_SHOWN])
    return (Note("json-key-repeated", f"keys that stand twice: {names}; the last one counts, as in Kibana"),)


def _missing_pages(file: JsonFile) -> Iterator[Doubt]:
    """A search answers with pages, of which some may be all that is here."""
    if not file.pages:
        return
    held, total = sum(page.held for page in file.pages), max(page.total for page in file.pages)
    if held < total:
        what = f"the search found {total} rules, and {held} of them are on the pages that are here"
        yield Doubt("export-incomplete", what, file.pages[-1].place)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return f"{'is' if count == 1 else 'are'} {count}"
