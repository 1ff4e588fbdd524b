"""Where things stand in a TOML text: tomllib gives values without positions, this gives positions without values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from converter.errors import Place, RuleError

NESTING_LIMIT = 100

_TOKEN = re.compile(
    r'''(?P<blank>[ \t\r\n]+|\#[^\n]*)
      | (?P<string>"""(?:[^\\]|\\.)*?"""(?:"{0,2}) | \'\'\'.*?\'\'\'(?:'{0,2}) | "(?:[^"\\\n]|\\.)*" | '[^'\n]*')
      | (?P<mark>[\[\]{}=,])
      | (?P<bare>[^\s\[\]{}=,\#"']+)''',
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def check_nesting(text: str, path: str) -> None:
    """Raises RuleError `toml-nesting` where brackets are nested too deeply for any rule (and for the parser)."""
    depth = 0
    for token in _tokens(text):
        if token.text in ("[", "{"):
            depth += 1
        elif token.text in ("]", "}"):
            depth -= 1
        elif token.kind == "bare" and token.text.count(".") > NESTING_LIMIT:
            depth = NESTING_LIMIT + 1
        if depth > NESTING_LIMIT:
            raise RuleError(
                "toml-nesting",
                f"tables and lists are nested more than {NESTING_LIMIT} levels deep",
                place=place_of(text, token.start, path),
            )


def value_offsets(text: str) -> dict[tuple[str, ...], int]:
    """For every key of a valid TOML text, by its full path, the offset at which its value begins.

    For a table this is its header, for a string its first character, behind the quotes and behind the line end that
    TOML drops. Of a key that occurs several times (arrays of tables) the first counts; values inside of lists have no
    entry.
    """
    return _Reading([token for token in _tokens(text) if token.kind != "blank"]).statements()


def place_of(text: str, offset: int, path: str) -> Place:
    """Line and column of an offset."""
    return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def line_at(text: str, offset: int) -> str:
    """The whole line an offset stands in."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _tokens(text: str) -> Iterator[_Token]:
    """Ends early at what is no TOML: the parser says what is wrong there."""
    position = 0
    while match := _TOKEN.match(text, position):
        yield _Token(match.lastgroup or "", match.group(), position)
        position = match.end()


@dataclass(slots=True)
class _Reading:
    """One walk over the tokens of a valid text."""

    tokens: list[_Token]
    next: int = 0
    found: dict[tuple[str, ...], int] = field(default_factory=dict)

    def statements(self) -> dict[tuple[str, ...], int]:
        table: tuple[str, ...] = ()
        while self.next < len(self.tokens):
            if self.tokens[self.next].text == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _header(self) -> tuple[str, ...]:
        start, brackets = self.tokens[self.next].start, 0
        while self.tokens[self.next].text == "[":
            self.next += 1
            brackets += 1
        name = self._key("]")
        self.next += brackets - 1
        self.found.setdefault(name, start)
        return name

    def _pair(self, table: tuple[str, ...]) -> None:
        name = (*table, *self._key("="))
        self._value(name)

    def _key(self, closing: str) -> tuple[str, ...]:
        """The parts of a dotted key, the token that closes it consumed."""
        parts: list[str] = []
        while self.next < len(self.tokens):
            token = self.tokens[self.next]
            self.next += 1
            if token.text == closing:
                break
            if token.kind == "string":
                parts.append(token.text[1:-1])
            else:
                parts.extend(part for part in token.text.split(".") if part)
        return tuple(parts)

    def _value(self, name: tuple[str, ...]) -> None:
        token = self.tokens[self.next]
        self.next += 1
        self.found.setdefault(name, token.start + _opening(token))
        if token.text == "[":
            self._skip_list()
        elif token.text == "{":
            self._inline_table(name)

    def _skip_list(self) -> None:
        depth = 1
        while depth:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(self.tokens[self.next].text, 0)
            self.next += 1

    def _inline_table(self, name: tuple[str, ...]) -> None:
        while self.tokens[self.next].text != "}":
            if self.tokens[self.next].text == ",":
                self.next += 1
            else:
                self._pair(name)
        self.next += 1


def _opening(token: _Token) -> int:
    """Characters of a string token before its first character."""
    if token.kind != "string":
        return 0
    if token.text.startswith(('"""', "'''")):
        return 4 if token.text[3:4] == "\n" else 3
    return 1
