"""What is known about the place where parsing stopped: the words around it and what would have been accepted."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from converter.languages.eql.limits import place_of
from converter.languages.eql.refusal import Located

_WORD: Final = re.compile(
    r"(?P<blank>[ \t\r\n]+|//[^\r\n]*|/\*.*?(?:\*/|\Z))"
    r'|"""[^\r\n]*?"""(?:""?)?|"(?:[^"\\\r\n]|\\.)*"?|`[^`]*`?|\'[^\'\r\n]*\'?'
    r"|[A-Za-z_@][A-Za-z0-9_.]*~?|[0-9][0-9.]*|!\[|==|!=|<=|>=|&&|\|\||.",
    re.DOTALL,
)
_CLOSING: Final = {")": "(", "]": "["}
_OPENING: Final = {"(": ")", "[": "]", "![": "]"}


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the text that means something, with its place."""

    text: str
    start: int

    @property
    def is_operand_end(self) -> bool:
        """Whether a condition can end with it."""
        return self.text[-1:].isalnum() or self.text[-1:] in set("\"'`)_")


class Trouble:
    """One failed parse. `found` is None at the end of the text."""

    def __init__(self, text: str, error: UnexpectedInput) -> None:
        self.text = text
        self.expected = _expected(error)
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        self.offset = len(text.rstrip()) if at_end else _offset(error)
        self.unreadable = isinstance(error, UnexpectedCharacters)
        self.words = [Word(found.group(), found.start()) for found in _WORD.finditer(text) if not found.group("blank")]
        self.before = [word for word in self.words if word.start < self.offset]
        rest = [word for word in self.words if word.start >= self.offset]
        self.found = rest[0] if rest else None
        self.after = rest[1:]

    @property
    def place(self) -> Located:
        return place_of(self.text, self.offset)

    def previous(self, distance: int = 1) -> str:
        """The word before the place, or the one `distance` words before it; empty if there is none."""
        return self.before[-distance].text if len(self.before) >= distance else ""

    @property
    def here(self) -> str:
        """The word at the place; empty at the end."""
        return self.found.text if self.found else ""

    @property
    def next(self) -> str:
        return self.after[0].text if self.after else ""

    @cached_property
    def open_brackets(self) -> list[Word]:
        """The brackets that are open at the place, outermost first."""
        stack: list[Word] = []
        for word in self.before:
            if word.text in _OPENING:
                stack.append(word)
            elif word.text in _CLOSING and stack:
                stack.pop()
        return stack

    def closes(self) -> bool:
        """Whether the word at the place closes the innermost bracket."""
        return bool(self.open_brackets) and _OPENING[self.open_brackets[-1].text] == self.here


def _offset(error: UnexpectedInput) -> int:
    offset: object = error.pos_in_stream
    return offset if isinstance(offset, int) else 0


def _expected(error: UnexpectedInput) -> frozenset[str]:
    """Names of terminals; the underscore that keeps a keyword out of the tree says nothing here."""
    match error:
        case UnexpectedToken():
            return frozenset(name.lstrip("_") for name in error.expected)
        case UnexpectedCharacters():
            return frozenset(name.lstrip("_") for name in error.allowed or ())
        case _:
            return frozenset()
