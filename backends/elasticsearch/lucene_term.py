"""Matchers as terms of a query string, by the type of the field (spec elasticsearch-target 2, 3; tried on OpenSearch).

Exact values stand in quotes, where nothing but quotes and backslashes needs an escape. What matches in any case is a
regular expression with a class for every letter: query strings fold nothing themselves.
"""

import re
from typing import Final

from backends.elasticsearch.regexp import LONGEST
from converter.ir import (
    ANY_RUN,
    AddressLiteral,
    AnyRun,
    BooleanLiteral,
    DateLiteral,
    Equal,
    Flavour,
    Like,
    Literal,
    Matcher,
    Network,
    NumberLiteral,
    Pattern,
    Phrase,
    Present,
    Range,
    Regex,
    Text,
    TextLiteral,
    VersionLiteral,
    literal_text,
)
from converter.ir.regex import AnyChar, Chars, Concat, Regexp, Repeat
from converter.languages.raised import InexpressibleError, one_address
from converter.languages.regex.dialect import DialectError
from converter.languages.regex.folding import folded
from converter.languages.regex.notation import adapted, written
from converter.schema.analyzer import tokens
from converter.schema.catalogue import FieldInfo, FieldType

_SPECIAL: Final = str.maketrans({char: f"\\{char}" for char in '+-=&|><!(){}[]^"~*?:\\/ \t\n\r\u3000'})
_LETTER: Final = re.compile(r"[A-Za-z]")
_OPERATORS: Final = frozenset({"AND", "OR", "NOT", "TO"})


def escaped(text: str) -> str:
    """A text outside quotes: a field's name, or a piece of a wildcard pattern."""
    return f"\\{text}" if text in _OPERATORS else text.translate(_SPECIAL)


def term(matcher: Matcher, info: FieldInfo) -> str:
    """What stands behind the field's colon. Raises InexpressibleError for what no term says."""
    match matcher:
        case Present():
            return "*"
        case Phrase(wanted, analyzer):
            return _phrase(wanted, analyzer, info)
        case _ if info.type is FieldType.TEXT:
            what = f"`{info.name}` is analysed text, whose words are compared, not the whole value"
            raise InexpressibleError("lucene-analysed-text", what, info.name)
        case Equal(TextLiteral(text), True) if not info.folded and _LETTER.search(text):
            return _expression(Chars(text), Flavour.LUCENE, True, info)
        case Equal(value):
            return _exact(value)
        case Like(parts, True) if not info.folded and any(map(_has_letter, parts)):
            return _expression(Concat(tuple(map(_piece, parts))), Flavour.LUCENE, True, info)
        case Like(parts):
            return _wildcard(parts)
        case Regex(tree, flavour, ignore_case):
            return _expression(tree, flavour, ignore_case, info)
        case Network(block):
            return _network(block, info)
        case Range(low, high, open_low, open_high):
            opening, closing = "{" if open_low else "[", "}" if open_high else "]"
            return f"{opening}{_bound(low, info)} TO {_bound(high, info)}{closing}"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _exact(value: Literal) -> str:
    match value:
        case BooleanLiteral(truth):
            return "true" if truth else "false"
        case _:
            return quoted(_text_of(value))


def _text_of(value: Literal) -> str:
    match value:
        case BooleanLiteral(truth):
            return "true" if truth else "false"
        case NumberLiteral(number):
            return repr(number)
        case TextLiteral(text) | DateLiteral(text) | AddressLiteral(text) | VersionLiteral(text):
            return text


def _bound(value: Literal | None, info: FieldInfo) -> str:
    """A bound in quotes. Lucene loses an empty one, a star is none to Elasticsearch, and a backslash before the closing
    quote is taken for an escape (tried)."""
    if value is None:
        return "*"
    text = _text_of(value)
    if text in {"", "*"} or text.endswith("\\"):
        raise InexpressibleError("lucene-bound", f"query strings have no bound {text!r}", info.name)
    return quoted(text)


def _wildcard(parts: Pattern) -> str:
    whole = literal_text(parts)
    if whole is not None:
        return quoted(whole)
    return "".join(
        part.value.translate(_SPECIAL) if isinstance(part, Text) else _SIGNS[isinstance(part, AnyRun)] for part in parts
    )


_SIGNS: Final = {True: "*", False: "?"}


def _has_letter(part: object) -> bool:
    return isinstance(part, Text) and _LETTER.search(part.value) is not None


def _piece(part: object) -> Regexp:
    if isinstance(part, Text):
        return Chars(part.value)
    return Repeat(AnyChar(), 0, None) if part == ANY_RUN else AnyChar()


def _expression(tree: Regexp, flavour: Flavour, ignore_case: bool, info: FieldInfo) -> str:
    """A regular expression between slashes. One that ends in a backslash would hide the closing slash."""
    if not info.type.is_string:
        what = f"`{info.name}` is of type {info.type.value}, which takes no regular expressions"
        raise InexpressibleError("lucene-regex", what, info.name)
    adapted_tree, folds = adapted(tree, flavour, ignore_case, Flavour.LUCENE)
    try:
        text = written(folded(adapted_tree, Flavour.LUCENE) if folds else adapted_tree, Flavour.LUCENE)
    except DialectError as error:
        raise InexpressibleError("elasticsearch-regex-dialect", f"the pattern needs {error}", info.name) from error
    text = text.replace("/", "\\/")
    if text.endswith("\\\\"):
        text = text.removesuffix("\\\\") + "[\\\\]"
    if len(text) > LONGEST:
        what = f"the pattern has {len(text)} characters, Elasticsearch takes {LONGEST} by default"
        raise InexpressibleError("elasticsearch-regex-length", what, info.name)
    return f"/{text}/"


def _network(block: str, info: FieldInfo) -> str:
    if info.known and info.type is not FieldType.IP:
        what = f"{block} is looked for in `{info.name}`, which is no IP address"
        raise InexpressibleError("lucene-network", what, info.name)
    return quoted(one_address(block) or block)


def _phrase(wanted: tuple[Pattern, ...], analyzer: str, info: FieldInfo) -> str:
    if info.type is not FieldType.TEXT or info.analyzer != analyzer:
        what = f"words are looked for in `{info.name}`, which is not analysed so"
        raise InexpressibleError("lucene-analysed-text", what, info.name)
    words = [literal_text(token) for token in wanted]
    if all(word is not None for word in words):
        text = " ".join(word or "" for word in words)
        if tokens(analyzer, text) == tuple(words):
            return quoted(text)
    elif len(wanted) == 1 and wanted[0] != (ANY_RUN,):
        return _wildcard(wanted[0])
    raise InexpressibleError("lucene-phrase", "query strings cannot write this sequence of words", info.name)
