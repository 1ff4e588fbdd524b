"""Bare query text: a rule that is nothing but its query."""

from converter.errors import Place, RuleError
from converter.rule import Origin, RawRule

TYPES = {"eql": "eql", "kuery": "query", "lucene": "query", "dsl": "query"}
"""The languages of bare queries, with the type of rule that a query in it makes."""


def read_text(text: str, language: str, name: str = "query", path: str | None = None) -> RawRule:
    """A query as a rule of that name. `path` is the file it stands in, if there is one.

    Raises RuleError `language-unknown` for a language that is not one of `TYPES`.
    """
    if language not in TYPES:
        raise RuleError(
            "language-unknown", f"queries in `{language}` cannot be read", expected=f"one of {', '.join(TYPES)}"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    leading = text[: len(text) - len(text.lstrip())]
    place = Place(path, leading.count("\n") + 1, len(leading) - leading.rfind("\n"))
    data = {"name": name, "type": TYPES[language], "language": language, "query": text.strip()}
    return RawRule(Origin(path or "<query>", format=language, query=place), data)
