"""JSON texts, with the places of what stands in them: the standard library's decoder gives values without places.

Only the outermost object or list is walked here; what is inside is decoded as a whole. What JavaScript's `JSON.parse`
refuses is refused (NaN, trailing commas, control characters in strings); of equal keys the last counts, as there.
"""

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import isinf
from typing import NoReturn

from converter.errors import Place, RuleError

NESTING_LIMIT = 100
"""Levels of objects and lists in one object."""

_BLANKS = re.compile(r"[ \t\n\r]*")
_EXCERPT_LIMIT = 20_000
"""Characters of a line that an error still carries with it."""

_MISSING = {
    "Expecting ':'": "a colon behind the key",
    "Expecting ','": "a comma",
    "Expecting property": "a key in double quotes",
    "Unterminated string": "the closing quote of the text that begins here",
    "Invalid control character": "an escape for the control character",
    "Invalid \\": "an escape that JSON knows",
}
"""What the decoder's messages say is missing, by their beginnings."""

_TRAILING_COMMA = "Illegal trailing comma"
"""Python 3.13 points at the comma, earlier ones behind it."""


@dataclass(frozen=True)
class JsonText:
    """A text with the path it was read from; `first_line` is the line of the file that it begins on."""

    text: str
    path: str
    first_line: int = 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int) -> Place:
        """Line and column of an offset."""
        index = bisect_right(self._line_starts, offset) - 1
        return Place(self.path, self.first_line + index, offset - self._line_starts[index] + 1)

    def next(self, offset: int) -> int:
        """The offset of the first character from there on that is no blank."""
        found = _BLANKS.match(self.text, offset)
        return found.end() if found else offset

    def error(
        self, code: str, what: str, offset: int, *, expected: str | None = None, advice: str | None = None
    ) -> RuleError:
        """An error at an offset, with its line unless that is very long."""
        place = self.place(offset)
        start = offset - place.column + 1
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        excerpt = self.text[start:end] if end - start <= _EXCERPT_LIMIT else None
        return RuleError(code, what, place=place, expected=expected, advice=advice, excerpt=excerpt)


@dataclass(frozen=True)
class JsonObject:
    """An object of a text: its keys with their values, and the offsets at which these begin.

    `repeated` are the keys that stand twice in it or in an object inside it.
    """

    text: JsonText
    start: int
    data: dict[str, object]
    offsets: dict[str, int]
    repeated: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return self.text.place(self.start)

    def places(self) -> dict[str, Place]:
        """Where the values stand; a string's place is its first character."""
        return {key: self.text.place(offset + isinstance(self.data[key], str)) for key, offset in self.offsets.items()}

    def encoded(self, key: str) -> str | None:
        """A string as it is written, without its quotes; None for a value that is no string."""
        if not isinstance(self.data.get(key), str):
            return None
        _, end = json.JSONDecoder().raw_decode(self.text.text, self.offsets[key])
        return self.text.text[self.offsets[key] + 1 : end - 1]


@dataclass(frozen=True)
class JsonScalar:
    """Something else where an object is expected: a number, a text, a list."""

    text: JsonText
    start: int


JsonElement = JsonObject | JsonScalar


def whole(text: JsonText) -> JsonElement:
    """The one value that a text is. Raises RuleError: `json-syntax`, `json-nesting`."""
    element, end = _Reading(text).element(text.next(0))
    rest = text.next(end)
    if rest < len(text.text):
        raise text.error("json-syntax", "there is more behind the end of the JSON value", rest)
    return element


def elements(text: JsonText, start: int) -> list[JsonElement]:
    """The elements of the list that begins at an offset. Raises RuleError: `json-syntax`, `json-nesting`."""
    reading = _Reading(text)
    found = []
    for _, offset in reading.members(start):
        element, reading.end = reading.element(offset)
        found.append(element)
    return found


def object_at(text: JsonText, start: int) -> JsonObject:
    """The object that begins at an offset. Raises RuleError: `json-syntax`, `json-nesting`."""
    return _Reading(text).object_from(start)[0]


@dataclass
class _Reading:
    """Decodes values of one text. `members` walks one level: its caller sets `end` behind each member's value."""

    text: JsonText
    end: int = 0
    offset: int = 0
    repeated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._pairs, parse_constant=self._constant, parse_float=self._number
        )

    def element(self, start: int) -> tuple[JsonElement, int]:
        if self.text.text.startswith("{", start):
            return self.object_from(start)
        return JsonScalar(self.text, start), self.value(start)[1]

    def object_from(self, start: int) -> tuple[JsonObject, int]:
        """The object and the offset behind it."""
        inside = _Reading(self.text)
        data: dict[str, object] = {}
        offsets: dict[str, int] = {}
        for key, offset in inside.members(start):
            if key in data:
                inside.repeated.append(key)
            data[key], inside.end = inside.value(offset)
            offsets[key] = offset
        end = inside.end
        if _depth(data) > NESTING_LIMIT:
            raise self._too_deep(start)
        self._check_characters(data, start, end)
        return JsonObject(self.text, start, data, offsets, tuple(dict.fromkeys(inside.repeated))), end

    def members(self, start: int) -> Iterator[tuple[str, int]]:
        """Key (of a list's elements: nothing) and offset of every member of the object or list at an offset. After the
        last, `end` is the offset behind it."""
        text = self.text.text
        closing = "}" if text.startswith("{", start) else "]"
        position = self.text.next(start + 1)
        if text.startswith(closing, position):
            self.end = position + 1
            return
        while True:
            key = ""
            if closing == "}":
                key, position = self._key(position)
            yield key, position
            position = self.text.next(self.end)
            if text.startswith(closing, position):
                break
            if not text.startswith(",", position):
                self._expected(f"a comma or `{closing}`", position)
            position = self.text.next(position + 1)
        self.end = position + 1

    def _key(self, position: int) -> tuple[str, int]:
        if not self.text.text.startswith('"', position):
            self._expected("a key in double quotes", position)
        key, end = self.value(position)
        colon = self.text.next(end)
        if not self.text.text.startswith(":", colon):
            self._expected("a colon behind the key", colon)
        return str(key), self.text.next(colon + 1)

    def value(self, start: int) -> tuple[object, int]:
        """The value at an offset, and the offset behind it."""
        self.offset = start
        try:
            value, end = self._decoder.raw_decode(self.text.text, start)
        except json.JSONDecodeError as error:
            trailing = error.msg.startswith(_TRAILING_COMMA)
            self._expected(_missing(error), self.text.next(error.pos + 1) if trailing else error.pos)
        except ValueError as error:  # an integer of more digits than Python reads
            raise self.text.error("json-syntax", "a number has too many digits", start) from error
        except RecursionError as error:
            raise self._too_deep(start) from error
        return value, end

    def _expected(self, what: str, position: int) -> NoReturn:
        text = self.text.text
        if position >= len(text):
            raise self.text.error("json-syntax", "the JSON ends too early: it is cut off", len(text))
        if text[position] in "]}" and text[max(0, position - 80) : position].rstrip().endswith(","):
            raise self.text.error("json-syntax", "JSON has no comma before a closing bracket", position)
        raise self.text.error("json-syntax", "this is no JSON", position, expected=what)

    def _pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            self.repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return found

    def _constant(self, name: str) -> NoReturn:
        raise self.text.error("json-syntax", f"{name} is no JSON", self.offset)

    def _number(self, digits: str) -> float:
        number = float(digits)
        if isinf(number):
            raise self.text.error("json-syntax", "a number is too large", self.offset)
        return number

    def _too_deep(self, start: int) -> RuleError:
        what = f"objects and lists are nested more than {NESTING_LIMIT} levels deep"
        return self.text.error("json-nesting", what, start)

    def _check_characters(self, data: object, start: int, end: int) -> None:
        """Escapes can write half of a character, which no other text can hold."""
        text = self.text.text
        if text.find("\\ud", start, end) < 0 and text.find("\\uD", start, end) < 0:
            return
        try:
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as error:
            what = f"the escape \\u{ord(error.object[error.start]):04x} is half of a character"
            raise self.text.error("json-syntax", what, start) from error


def _depth(value: object) -> int:
    """Levels of objects and lists, counted without recursion."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            item
            for parent in level
            for item in (parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ())
            if isinstance(item, dict | list)
        ]
    return deepest


def _missing(error: json.JSONDecodeError) -> str:
    """What the decoder misses, in words that are the same for every version of Python."""
    return next((words for start, words in _MISSING.items() if error.msg.startswith(start)), "a value")
