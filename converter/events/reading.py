"""Event files in: NDJSON or a JSON array, plain, gzipped or zipped, read as a stream (contracts section 4)."""

import codecs
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Never

from converter.errors import ConfigurationError, Place
from converter.events.container import DAMAGE, DEFAULT_LIMITS, Limits, Plain, plain_streams, unreadable
from converter.events.document import DEFAULT_CLOCK, Clock, event_of
from converter.events.event import Event
from converter.events.indexing import Ids, Oddities, check

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANKS = b" \t\r\n"


def read_events(
    path: str,
    clock: Clock = DEFAULT_CLOCK,
    *,
    limits: Limits = DEFAULT_LIMITS,
    indexed: bool = True,
    oddities: Oddities | None = None,
    content: IO[bytes] | None = None,
) -> Iterator[Event]:
    """The events of a file in its order, `-` for stdin; ids are `_id` or positions. The clock says when they happened.
    `content` is read in place of what the path leads to.

    `indexed` events have to be such as Elasticsearch would index; events of other systems do not. What is odd and not
    wrong is noted in `oddities`. Raises ConfigurationError, with line, for a file that is absent, not JSON, larger than
    the limits allow, or holds a document that no index would take.
    """
    ids, odd = Ids(), oddities or Oddities()
    position = -1
    for position, (line, document) in enumerate(read_documents(path, limits, content)):
        try:
            event = event_of(document, position, clock)
            if indexed:
                check(event, document, clock)
                odd.look_at(event, clock, path, line)
            if "_id" in document and (earlier := ids.earlier(event, line)) is not None:
                what = f"the id `{event.id:.80}` is that of the event on line {earlier} too: both count"
                odd.tell("events-id-repeated", what, path, line)
        except RecursionError:
            _fail("events-too-deep", "the document is nested too deeply", path, line)
        except ConfigurationError as error:
            raise error.at(Place(path, line)) from None
        yield event
    if position < 0:
        odd.tell("events-none", "the file holds no events", path)


def read_documents(
    path: str, limits: Limits = DEFAULT_LIMITS, content: IO[bytes] | None = None
) -> Iterator[tuple[int, dict[str, object]]]:
    """The JSON objects of a file, each with the line it stands on (in an array: the array's)."""
    try:
        for plain in plain_streams(path, content):
            yield from _Text(path, plain, limits).documents()
    except DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unreadable(path, f"the event file cannot be read: {reason}") from error


class _RepeatedKeyError(Exception):
    """An object states a key twice."""


class _Text:
    """One plain stream: counts lines and bytes, tells NDJSON from an array by the first character."""

    def __init__(self, path: str, plain: Plain, limits: Limits) -> None:
        self.path = path
        self.plain = plain
        self.limits = limits
        self.line = 0
        self.read = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=self._constant)

    def documents(self) -> Iterator[tuple[int, dict[str, object]]]:
        begun = False
        for raw in self._lines():
            text = raw.strip(_BLANKS)
            if text.startswith(b"[") and not begun:
                yield from self._array(self.line, raw)
            elif text:
                yield self.line, self._document(self._load(raw, self.line), self.line)
            begun = begun or bool(text)

    def _lines(self) -> Iterator[bytes]:
        while raw := self.plain.stream.readline(self.limits.line + 1):
            self.line += 1
            self.read += len(raw)
            self._check_size(len(raw))
            if self.line == 1:
                self._check_encoding(raw)
                raw = raw.removeprefix(codecs.BOM_UTF8)
            yield raw

    def _check_size(self, size: int) -> None:
        limits, packed = self.limits, self.plain.packed
        if size > limits.line:
            self._fail("events-too-large", f"one line is longer than {limits.line} bytes")
        if packed is not None and self.read > limits.expanded and self.read > limits.expansion * packed():
            self._fail("events-too-large", f"the packed file grows more than {limits.expansion}-fold")

    def _check_encoding(self, start: bytes) -> None:
        if start.startswith(_UTF_16) or b"\0" in start[:2]:
            self._fail("events-not-utf-8", "the event file is UTF-16")

    def _array(self, first: int, start: bytes) -> Iterator[tuple[int, dict[str, object]]]:
        """The objects of an array that begins on line `first` and is all that follows."""
        parts = [start]
        size = len(start)
        for raw in self._lines():
            size += len(raw)
            if size > self.limits.array:
                what = f"an array of events may have {self.limits.array} bytes; larger files are NDJSON"
                self._fail("events-too-large", what)
            parts.append(raw)
        values = self._load(b"".join(parts), first)
        for value in values if isinstance(values, list) else [values]:
            yield first, self._document(value, first)

    def _load(self, raw: bytes, first: int) -> object:
        try:
            return self._decoder.decode(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            before = raw[: error.start]
            line, column = before.count(b"\n"), error.start - before.rfind(b"\n")
            _fail("events-not-utf-8", "the event file is not UTF-8", self.path, first + line, column)
        except json.JSONDecodeError as error:
            _fail("events-not-json", _reason(error), self.path, first + error.lineno - 1, error.colno)
        except _RepeatedKeyError as error:
            _fail("events-key-repeated", f"an object has the key `{error}` twice", self.path, first)
        except ValueError:  # an integer of more digits than Python reads
            _fail("events-not-json", "a number has too many digits", self.path, first)
        except RecursionError:
            _fail("events-too-deep", "the document is nested too deeply", self.path, first)

    def _constant(self, name: str) -> Never:
        self._fail("events-not-json", f"{name} is not JSON")

    def _document(self, value: object, line: int) -> dict[str, object]:
        if not isinstance(value, dict):
            _fail("events-not-objects", "an event is a JSON object", self.path, line)
        return value

    def _fail(self, code: str, what: str) -> Never:
        _fail(code, what, self.path, self.line)


def _object(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The object, each key once: which of two values a reader keeps is its own choice, and an index keeps neither."""
    given = list(pairs)
    found = dict(given)
    if len(found) < len(given):
        ((name, _),) = Counter(name for name, _ in given).most_common(1)
        raise _RepeatedKeyError(name[:80])
    return found


def _reason(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()):
        return "the text ends inside a document: the file is cut off"
    return f"the text is not JSON: {error.msg}"


def _fail(code: str, what: str, path: str, line: int, column: int = 1) -> Never:
    raise ConfigurationError(code, what, place=Place(path, line, column))
