"""TOML rule files, the layout of Elastic's detection-rules repository, into the API layout (spec elastic-rules 5)."""

import re
import tomllib
from collections.abc import Mapping

from converter.errors import Place, RuleError
from converter.readers.guide import rendered, split_setup
from converter.readers.toml_source import check_nesting, line_at, place_of, value_offsets
from converter.rule import Origin, RawRule

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_VERBATIM = {"query", "note", "setup", "threat_query"}
"""Strings whose whitespace means something; everywhere else runs of it are one blank (spec elastic-rules 5.1)."""

_API_KEYS = {
    ("new_terms", "value"): "new_terms_fields",
    ("new_terms", "history_window_start", "value"): "history_window_start",
}
"""Keys that stand deeper in a TOML file than in the API."""


def read_toml(text: str, path: str) -> RawRule:
    """The one rule of a TOML file. Raises RuleError: `toml-syntax`, `toml-nesting`, `rule-table-missing`."""
    check_nesting(text, path)
    document = _parsed(text, path)
    rule = document.get("rule")
    if not isinstance(rule, dict):
        raise RuleError(
            "rule-table-missing", "the file has no [rule] table", place=Place(path), expected="a TOML rule file"
        )
    places = _places(text, path)
    origin = Origin(path, format="toml", query=places.get("query", Place(path)))
    return RawRule(origin, _api_layout(rule, document), metadata=_table(document, "metadata"), places=places)


def _places(text: str, path: str) -> dict[str, Place]:
    """Where the values of the rule's keys stand, by their names in the API."""
    return {
        _API_KEYS.get(name[1:], name[1]): place_of(text, start, path)
        for name, start in value_offsets(text).items()
        if name[0] == "rule" and (len(name) == 2 or name[1:] in _API_KEYS)
    }


def _parsed(text: str, path: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, str(error), path) from error


def _syntax_error(text: str, message: str, path: str) -> RuleError:
    found = _POSITION.search(message)
    what = _POSITION.sub("", message)
    if found and found["line"]:
        place = Place(path, int(found["line"]), int(found["column"]))
        excerpt = text.split("\n")[place.line - 1]
    else:
        place = place_of(text, len(text), path)
        excerpt = line_at(text, len(text))
    return RuleError("toml-syntax", what[:1].lower() + what[1:], place=place, excerpt=excerpt)


def _api_layout(rule: Mapping[str, object], document: Mapping[str, object]) -> dict[str, object]:
    data = {key: value if key in _VERBATIM else _one_line(value) for key, value in rule.items()}
    _spread_new_terms(data)
    if isinstance(threats := data.get("threat"), list):
        data["threat"] = [{"technique": [], **entry} if isinstance(entry, dict) else entry for entry in threats]
    if isinstance(note := data.get("note"), str):
        note = rendered(note, _table(document, "transform"))
        if "setup" not in data:
            note, setup = split_setup(note)
            data |= {"setup": setup} if setup else {}
        data["note"] = note
    return data


def _spread_new_terms(data: dict[str, object]) -> None:
    """`[rule.new_terms]` names its API keys in `field` and gives their values in `value`."""
    table = data.get("new_terms")
    if not isinstance(table, dict):
        return
    del data["new_terms"]
    data["new_terms_fields"] = table.get("value")
    starts = table.get("history_window_start")
    if isinstance(starts, list) and starts and isinstance(starts[0], dict):
        data["history_window_start"] = starts[0].get("value")


def _one_line(value: object) -> object:
    """Whitespace of a string, or of a list's strings, as single blanks; tables (filters) stay as they are."""
    match value:
        case str():
            return " ".join(value.split())
        case list():
            return [" ".join(item.split()) if isinstance(item, str) else item for item in value]
        case _:
            return value


def _table(document: Mapping[str, object], name: str) -> dict[str, object]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
