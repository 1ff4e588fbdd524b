"""What stands in a JSON file: its lines or its one document, the wrappers of Elastic's APIs taken off.

One broken line of NDJSON never stops the others. A document that is broken anywhere is no document.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from converter.errors import Place, RuleError
from converter.readers.json_text import JsonElement, JsonObject, JsonScalar, JsonText, elements, object_at, whole

ENTRY_LIMIT = 50_000
"""Objects of one file. Kibana exports 10,000 at most unless it is told otherwise."""

CONTAINER_LIMIT = 2_000_000
"""Objects and lists of one file at any depth, each of which takes far more memory than its text. All of Elastic's rules
together have 150,000."""

_BYTE_ORDER_MARK = "\ufeff"
_LIST_KEYS = ("data", "rules")
"""Where responses hold rules: pages of a search, and Kibana's review of rules that could be installed."""

_BULK_RESULTS = ("created", "updated", "skipped")
"""What a bulk action did with the rules that it answers with; deleted ones are gone."""

_WRAPPERS = 4
"""How deeply wrappers stand in each other: a list of pages of package assets."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a search: the number of rules that it holds and the number that there are."""

    place: Place
    held: int
    total: int


@dataclass
class JsonFile:
    """The objects of a file in its order, an error for each part that is broken, and the pages they stood on."""

    entries: list[JsonObject | RuleError] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def add(self, element: JsonElement, depth: int = 0) -> None:
        """Takes an element's wrappers off and adds what is inside.

        Raises RuleError `export-too-long` for more objects than anybody exports.
        """
        if len(self.entries) >= ENTRY_LIMIT:
            what = f"the file holds more than {ENTRY_LIMIT} objects"
            raise element.text.error("export-too-long", what, element.start, advice="split it")
        if isinstance(element, JsonScalar):
            self._add_scalar(element, depth)
        elif element.data.get("type") == "security-rule" and isinstance(element.data.get("attributes"), dict):
            self.entries.append(_member(element, "attributes"))
        elif (key := _list_key(element)) and depth < _WRAPPERS:
            self._add_list(element, key, depth)
        elif (results := _bulk_results(element)) and depth < _WRAPPERS:
            for key in _BULK_RESULTS:
                if isinstance(results.data.get(key), list):
                    self._add_list(results, key, depth)
        else:
            self.entries.append(element)

    def _add_scalar(self, element: JsonScalar, depth: int) -> None:
        if element.text.text.startswith("[", element.start) and depth < _WRAPPERS:
            for item in elements(element.text, element.start):
                self.add(item, depth + 1)
        else:
            what = "this is no JSON object, as every part of an export is"
            self.entries.append(element.text.error("export-entry-unknown", what, element.start))

    def _add_list(self, element: JsonObject, key: str, depth: int) -> None:
        held = elements(element.text, element.offsets[key])
        for item in held:
            self.add(item, depth + 1)
        total = element.data.get("total")
        if isinstance(total, int):
            self.pages.append(Page(element.place, len(held), total))


def read_json_file(text: str, path: str) -> JsonFile:
    """The objects of a JSON or NDJSON text, wherever they stand.

    Raises RuleError for a document that is broken, and for more objects than anybody exports: `json-syntax`,
    `json-nesting`, `file-encoding`, `export-too-long`.
    """
    if text.count("{") + text.count("[") > CONTAINER_LIMIT:
        what = f"the file holds more than {CONTAINER_LIMIT} objects and lists"
        raise RuleError("export-too-long", what, place=Place(path), advice="split it")
    file = JsonFile()
    try:
        document = whole(_checked(JsonText(text, path)))
    except RuleError:
        lines = list(_lines(text, path))
        if not _is_ndjson(lines):
            raise
        for line in lines:
            if isinstance(line, RuleError):
                file.entries.append(line)
            else:
                file.add(line)
        return file
    file.add(document)
    return file


def _lines(text: str, path: str) -> Iterator[JsonElement | RuleError]:
    """What stands on each line that is not blank."""
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip(" \t\r\ufeff"):
            continue
        count += 1
        one = JsonText(line.removeprefix(_BYTE_ORDER_MARK), path, number)
        if count > ENTRY_LIMIT:
            raise one.error("export-too-long", f"the file has more than {ENTRY_LIMIT} lines", 0, advice="split it")
        try:
            yield whole(_checked(one))
        except RuleError as error:
            yield error


def _is_ndjson(lines: list[JsonElement | RuleError]) -> bool:
    """Whether the lines are meant to be read one by one: some line is an object, or the first is more than the
    beginning of a document that is laid out over several lines."""
    if any(isinstance(line, JsonObject) and line.start == 0 for line in lines):
        return True
    first = lines[0] if lines else None
    return isinstance(first, RuleError) and not (first.excerpt or "").rstrip().endswith(("{", "[", ","))


def _checked(text: JsonText) -> JsonText:
    """The text itself, if all of it was UTF-8."""
    try:
        text.text.encode("utf-8")
    except UnicodeEncodeError as error:
        what = f"byte 0x{ord(text.text[error.start]) - 0xDC00:02x} is not UTF-8"
        raise text.error("file-encoding", what, error.start, advice="save the file as UTF-8") from error
    return text


def _list_key(element: JsonObject) -> str | None:
    if element.data.keys() & {"rule_id", "type"}:
        return None
    return next((key for key in _LIST_KEYS if isinstance(element.data.get(key), list)), None)


def _bulk_results(element: JsonObject) -> JsonObject | None:
    match element.data:
        case {"attributes": {"results": {**_results}}}:
            return _member(_member(element, "attributes"), "results")
        case _:
            return None


def _member(element: JsonObject, key: str) -> JsonObject:
    """The object that is the value of a key."""
    return object_at(element.text, element.offsets[key])
