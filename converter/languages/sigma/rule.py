"""Sigma's YAML documents, and the rules they hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from converter.errors import Place, RuleError, UnsupportedError
from converter.ir import Predicate
from converter.languages.limits import LONGEST_TEXT
from converter.yamltext import Document, YamlTextError, read_documents

LOGSOURCE_KEYS = ("category", "product", "service")
"""What selects a log source; `definition` is prose."""

TAXONOMY = "sigma"
"""The vocabulary of a rule that names none."""

_OTHER_DOCUMENTS = {
    "correlation": "a correlation of several rules",
    "filter": "a filter for other rules",
    "action": "a document that changes its neighbours (`action`)",
}


@dataclass(frozen=True, slots=True)
class SigmaRule:
    """One rule. `predicate` speaks of the fields as the rule names them, `logsource` holds what selects the source."""

    predicate: Predicate
    logsource: Mapping[str, str]
    title: str | None = None
    id: str | None = None
    taxonomy: str = TAXONOMY


def read(text: str) -> list[SigmaRule]:
    """The rules of a Sigma file, in order.

    Raises RuleError `sigma-yaml` for what is no YAML (a key that stands twice included), `sigma-rule` for what is no
    Sigma rule, and UnsupportedError for correlations, filters and constructs that are not read (`sigma-document`,
    `sigma-value`).
    """
    try:
        documents = read_documents(text, LONGEST_TEXT)
    except YamlTextError as error:
        raise RuleError("sigma-yaml", error.what, place=Place(None, error.line, error.column)) from error
    if not documents:
        raise RuleError("sigma-rule", "the text holds no YAML document", expected="a Sigma rule")
    return [_Reader(document).rule() for document in documents]


class _Reader:
    """Reads one document; every error points at the key it speaks of."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._content: dict[object, object] = document.content if isinstance(document.content, dict) else {}

    def rule(self) -> SigmaRule:
        if not self._content:
            self._fail("the document is no mapping", expected="a Sigma rule")
        for key, what in _OTHER_DOCUMENTS.items():
            if key in self._content:
                raise UnsupportedError("sigma-document", f"{what} is not read", place=self._place(key))
        logsource = self._logsource()
        return SigmaRule(self._predicate(), logsource, self._text("title"), self._text("id"), self._taxonomy())

    def _predicate(self) -> Predicate:
        from converter.languages.sigma.detection import lower

        detection = self._mapping("detection")
        try:
            return lower(detection)
        except RuleError as error:
            raise error.at(self._place("detection")) from error

    def _logsource(self) -> dict[str, str]:
        written = self._mapping("logsource")
        found: dict[str, str] = {}
        for key in LOGSOURCE_KEYS:
            value = written.get(key)
            if isinstance(value, str):
                found[key] = value
            elif value is not None:
                self._fail(f"`{key}` of the log source is not a text", "logsource")
        if not found:
            self._fail("the log source is empty", "logsource", expected="a `category`, `product` or `service`")
        return found

    def _taxonomy(self) -> str:
        return self._text("taxonomy") or TAXONOMY

    def _text(self, key: str) -> str | None:
        value = self._content.get(key)
        if value is not None and not isinstance(value, str):
            self._fail(f"`{key}` is not a text", key)
        return value

    def _mapping(self, key: str) -> dict[str, object]:
        value = self._content.get(key)
        if not isinstance(value, dict):
            self._fail(f"the rule has no `{key}`" if value is None else f"`{key}` is not a mapping", key)
        for name in _keys(value):
            if not isinstance(name, str):
                self._fail(f"the key `{name}` is not a text", key, advice="put it in quotes")
        return value

    def _place(self, key: str) -> Place:
        return Place(None, self._document.key_lines.get(key, self._document.line))

    def _fail(self, what: str, key: str = "", *, expected: str | None = None, advice: str | None = None) -> NoReturn:
        raise RuleError("sigma-rule", what, place=self._place(key), expected=expected, advice=advice)


def _keys(value: object) -> Iterator[object]:
    """All keys of a mapping and of what is inside it."""
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)
