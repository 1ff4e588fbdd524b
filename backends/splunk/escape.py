"""Escaping for SPL: values of the search language, strings of `where`, field names in both.

Spec splunk 1.2: only `\\\\` and `\\"` are escapes inside double quotes; `*` cannot be escaped in the search language; a
regular expression is unescaped as a string first and read by PCRE second; backticks start macros anywhere.
"""

import re
from decimal import Decimal

_STRING = str.maketrans({"\\": "\\\\", '"': '\\"'})
_UNSAFE = re.compile(r"[^\x20-\x7e]|`")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SEARCH_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def string(text: str) -> str:
    """A double-quoted string: the same in both languages, except that `*` is a wildcard in the search language."""
    return f'"{text.translate(_STRING)}"'


def number(value: int | float) -> str:
    """A number in both languages, without an exponent: whether SPL reads one is not documented."""
    return format(Decimal(repr(value)), "f")


def is_plain(text: str) -> bool:
    """Whether a string literal can hold the text as it is: no control character, no backtick."""
    return all(char.isprintable() and char != "`" for char in text)


def search_piece(text: str) -> tuple[str, bool]:
    """Literal text for a search value before quoting, and whether it says exactly that.

    `*` is always a wildcard; characters outside printable ASCII may be stored escaped in the raw event, where the
    index is asked, and backticks start a macro (spec splunk 1.2, 1.4): each becomes a wildcard, which is wider.
    """
    wider = _UNSAFE.sub("*", text)
    return wider, wider == text and "*" not in text


def loosened(value: str) -> str:
    """The value with its risky wildcards moved outwards: it accepts at least what the value accepts.

    The index is asked for whole words. A wildcard between two letters asks for one word that holds both ends, and an
    event whose value has a blank or a slash between them is not found ("Wildcards", Search Manual); so what is glued to
    the far side of such a wildcard goes. Words that begin with a wildcard are not looked up. Whether blanks at the ends
    of a value are compared is not documented.
    """
    return _RUNS.sub("*", _EDGES.sub("*", _GLUED.sub(r"\1*", value)))


_LETTER = r"[^\s\[\]<>(){}|!;,'\"*&?+/:=@.\-$#%\\_]"
"""A character that is no breaker (spec splunk 1.4)."""

_GLUED = re.compile(rf"(?<!\*)(?<!{_LETTER})({_LETTER}+)\*(?:{_LETTER}|\*)*{_LETTER}(?:{_LETTER}|\*)*")
_EDGES = re.compile(r"\A\s+|\s+\Z")
_RUNS = re.compile(r"\*{2,}")


def search_field(name: str) -> str:
    """A field name in the search language."""
    return name if _SEARCH_NAME.fullmatch(name) else string(name)


def where_field(name: str) -> str:
    """A field name in `where` and `eval`: a dot would be concatenation and a dash minus, so both are quoted."""
    return name if _PLAIN_NAME.fullmatch(name) else f"'{name}'"


def command_field(name: str) -> str:
    """A field name as an argument of `table`, `stats … BY`, `fields`."""
    return name if _SEARCH_NAME.fullmatch(name) else string(name)


def is_plain_field(name: str) -> bool:
    """Whether a field name can stand in every command without quotes."""
    return _SEARCH_NAME.fullmatch(name) is not None


def is_reachable(name: str) -> bool:
    """Whether a search can ask for a data field of this name (spec splunk 1.3)."""
    return name not in _RESERVED and not name.startswith("_") and _ANY_NAME.fullmatch(name) is not None


_ANY_NAME = re.compile(r"[\w.@{}:/# -]+")
_METADATA = {"index", "source", "sourcetype", "host", "linecount", "punct", "timestamp"}
_KNOWLEDGE = {"eventtype", "tag", "splunk_server", "savedsearch"}
_TIME_MODIFIERS = {"earliest", "latest", "starttime", "endtime", "timeformat"}
_WORDS = {"AND", "OR", "NOT", "IN", "BY", "AS", "CASE", "TERM"}
_RESERVED = _METADATA | _KNOWLEDGE | _TIME_MODIFIERS | _WORDS
