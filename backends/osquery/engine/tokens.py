"""SQL text as tokens: what the engine's static checks look at. It knows nothing of the writer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+ | --[^\n]* | /\*.*?\*/)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<symbol>\|\||<=|>=|<>|!=|==|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `string`, `quoted` (an identifier in quotes), `number`, `word` or `symbol`; `text` as written."""

    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        """Keywords are upper-case here, whatever the text has."""
        return self.kind == "word" and self.text.upper() in words

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols

    @property
    def name(self) -> str | None:
        """The identifier this token may be, lower-case, else None."""
        match self.kind:
            case "word":
                return self.text.lower()
            case "quoted":
                return self.text[1:-1].lower()
            case _:
                return None


NOTHING = Token("symbol", "")


def tokens(sql: str) -> Iterator[Token]:
    """The tokens from left to right, blanks and comments left out. Every text has tokens; SQLite judges the syntax."""
    for found in _TOKEN.finditer(sql):
        if found.lastgroup and found.lastgroup != "space":
            yield Token(found.lastgroup, found[0])
