"""Values of a saved page's metadata, in the words of Elastic's API."""

import re
from collections.abc import Iterable, Mapping

from converter.readers.page_vocabulary import folded, vocabulary

_DURATION = re.compile(r"(?P<count>\d+)\s*(?P<unit>[^\W\d]+)")
_DATE_MATH = re.compile(r"now(?:[+-]\d+[smhdwMy])*(?:/[smhdwMy])?")
_NUMBER = re.compile(r"\d+")
_URL = re.compile(r"https?://[^\s)\]>]+")
_SEPARATORS = re.compile(r"\s*[,,、;]\s*")
_TAG = re.compile(r"(?P<prefix>[^::]+?)\s*[::]\s*(?P<value>.+)")
_UNIT_LENGTHS = range(4, 0, -1)


def severity(text: str) -> str | None:
    """low, medium, high or critical."""
    return vocabulary().severities.get(folded(text))


def number(text: str) -> int | None:
    found = _NUMBER.search(text)
    return int(found.group()) if found and len(found.group()) < 10 else None


def duration(text: str) -> str | None:
    """A duration such as `5 分钟运行一次`, `5 minutes` or `5m`, as Elastic writes it: `5m`."""
    found = _DURATION.search(text)
    if found is None:
        return None
    unit = folded(found["unit"])
    known = (vocabulary().units.get(unit[:length]) for length in _unit_lengths(unit))
    name = next((name for name in known if name), None)
    return f"{int(found['count'])}{name}" if name else None


def _unit_lengths(unit: str) -> Iterable[int]:
    """A latin unit is a whole word; a Chinese one may go on without a blank."""
    return (len(unit),) if unit.isascii() else _UNIT_LENGTHS


def date_math(text: str) -> str | None:
    """The date math in front of an explanation: `now-9m (Date Math format, …)` is `now-9m`."""
    found = _DATE_MATH.search(text)
    return found.group() if found and found.group() != "now" else None


def license_name(text: str) -> str:
    return vocabulary().licenses.get(folded(text), text)


def plain(text: str) -> str:
    return text


def url(text: str) -> str | None:
    found = _URL.search(text)
    return found.group() if found else None


def items(text: str) -> list[str]:
    """A list that stands on one line."""
    return [] if folded(text) in vocabulary().none else [item for item in _SEPARATORS.split(text) if item]


def tag(text: str) -> tuple[str, bool]:
    """A tag in Elastic's English vocabulary, and whether all of it could be translated.

    Prefixes and values that no table knows stay as the page has them; what is ASCII already needs no translation.
    """
    found = _TAG.fullmatch(text)
    if found is None:
        return _translated(text, vocabulary().tag_values)
    prefix, prefix_known = _translated(found["prefix"], vocabulary().tag_prefixes)
    value, value_known = _translated(found["value"], vocabulary().tag_values)
    return f"{prefix}: {value}", prefix_known and value_known


def _translated(word: str, table: Mapping[str, str]) -> tuple[str, bool]:
    known = table.get(folded(word))
    return (known, True) if known else (word, word.isascii())
