"""Which container a text is: decided by its content, the file's suffix helping only where content alone cannot."""

import re
from enum import StrEnum

from converter.readers import archive


class Container(StrEnum):
    """A form in which rules come: `DSL` is a search body, `EXPORT` JSON or NDJSON with rules in Elastic's API layout.
    `SIGMA` is recognised in order to say that it is not read yet."""

    TOML = "toml"
    PAGE = "page"
    EQL = "eql"
    KUERY = "kuery"
    LUCENE = "lucene"
    DSL = "dsl"
    EXPORT = "export"
    SIGMA = "sigma"


LANGUAGES = {
    Container.EQL: "eql",
    Container.KUERY: "kuery",
    Container.LUCENE: "lucene",
    Container.DSL: "dsl",
}
"""Containers that are a bare query, with the language it is in."""

SUFFIXES = {
    ".toml": Container.TOML,
    ".eql": Container.EQL,
    ".kql": Container.KUERY,
    ".kuery": Container.KUERY,
    ".lucene": Container.LUCENE,
    ".ndjson": Container.EXPORT,
    ".json": Container.EXPORT,
    ".yml": Container.SIGMA,
    ".yaml": Container.SIGMA,
    ".txt": None,
    **dict.fromkeys(archive.SUFFIXES),
}
"""Suffixes of rule files. A file of another suffix in a folder is a rule only if its content says so."""

_TOML_RULE = re.compile(r"^[ \t]*\[\[?[ \t]*(?:rule|metadata)\b|^[ \t]*rule[ \t]*[.=]", re.MULTILINE)
_JSON = re.compile(r"\s*(?:\{|\[\s*[\{\]])")
_EXPORTED_RULE = re.compile(r'"(?:rule_id|type|list_id|exported_count|query)"\s*:')
_EXPORTED_RULE_LINE = re.compile(r'^\{.*"(?:rule_id|list_id|exported_count)"\s*:', re.MULTILINE)
"""A line of an export that begins with another, broken one."""
_SEARCH_BODY = re.compile(r'\s*\{\s*"(?:(?:query|aggs)"\s*:\s*\{|size"\s*:\s*\d)')
"""The first key of a search body. A rule's `query` is a text."""
_SIGMA_RULE = re.compile(r"^(?:detection|logsource)[ \t]*:", re.MULTILINE)
_EQL_QUERY = re.compile(
    r"""(?:\s|//[^\n]*(?:\n|$)|/\*.*?\*/)*
        (?: (?:\w+|"[^"\n]*") \s+ where \b
          | sequence \b [^\[\n]* \s* \[
          | sample \s+ by \b )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def may_be_export(text: str, suffix: str = "") -> bool:
    """Whether a text begins as JSON does, or its file is named so: exports are larger than anything else."""
    return SUFFIXES.get(suffix.lower()) is Container.EXPORT or _JSON.match(text) is not None


def container_of(text: str, suffix: str = "") -> Container | None:
    """The container of a text, None if it is none that is known. `suffix` is the file's, with the dot."""
    # Imported here: the page reader is the only one with tables to load.
    from converter.readers.page_outline import is_page

    named = SUFFIXES.get(suffix.lower())
    if _SEARCH_BODY.match(text):
        return Container.DSL
    if _JSON.match(text):
        return Container.EXPORT if named is Container.EXPORT or _EXPORTED_RULE.search(text) else None
    if _TOML_RULE.search(text):
        return Container.TOML
    if is_page(text):
        return Container.PAGE
    if _SIGMA_RULE.search(text):
        return Container.SIGMA
    if named in LANGUAGES or named is Container.TOML:
        return named
    if _EQL_QUERY.match(text):
        return Container.EQL
    if text.strip() and (named is Container.EXPORT or _EXPORTED_RULE_LINE.search(text)):
        return Container.EXPORT
    return None
