"""What is checked before parsing: how long a text is, how deep it nests, and where nested comments end.

LALR parsing itself does not recurse, but everything that walks a tree later does. A level is an open bracket, a `not`,
a sign or a link of an arithmetic chain; chains of `and`, `or` and lists are flat and cost nothing.
"""

import re
from typing import Final

from converter.errors import RuleError
from converter.languages.eql.refusal import Located, refusal

MAX_CHARACTERS: Final = 1 << 20
MAX_LEVELS: Final = 100

# Strings and quoted names first, so that nothing inside them counts. Keywords that end an operand reset a chain.
_INTERESTING = re.compile(
    r'"""[^\r\n]*?"""(?:""?)?|"(?:[^"\\\r\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\r\n]|\\.)*\'|//[^\r\n]*'
    r"|(?P<comment>/\*)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<prefix>[-+*/%]|(?<![\w.@])not(?![\w.~]))"
    r"|(?P<reset>,|(?<![\w.@])(?:and|or|where)(?![\w.~]))"
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_NOT_LINE_BREAK = re.compile(r"[^\r\n]")


class _At:
    """A place given by its offset."""

    def __init__(self, text: str, offset: int) -> None:
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1


def place_of(text: str, offset: int) -> Located:
    """Line and column of an offset."""
    return _At(text, offset)


def checked(text: str) -> str:
    """The text with nested block comments blanked out, every character in its place.

    Raises RuleError if it is too long, nests too deep or has a comment that does not end.
    """
    if len(text) > MAX_CHARACTERS:
        raise RuleError(
            "text-too-large",
            f"the query has {len(text):,} characters",
            expected=f"at most {MAX_CHARACTERS:,}",
        )
    levels = [0]
    position = 0
    depth = 0
    while found := _INTERESTING.search(text, position):
        position = found.end()
        match found.lastgroup:
            case "comment":
                end = _end_of_comment(text, found.start())
                text = text[: found.start()] + _NOT_LINE_BREAK.sub(" ", text[found.start() : end]) + text[end:]
                position = end
            case "open":
                levels.append(0)
                depth += 1
            case "prefix":
                levels[-1] += 1
                depth += 1
            case "close":
                depth -= levels[-1]
                if len(levels) > 1:
                    levels.pop()
                    depth -= 1
                else:
                    levels[-1] = 0
            case "reset":
                depth -= levels[-1]
                levels[-1] = 0
        if depth > MAX_LEVELS:
            raise _too_deep(text, found.start())
    return text


def _end_of_comment(text: str, start: int) -> int:
    open_comments = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        open_comments += 1 if edge.group() == "/*" else -1
        if open_comments == 0:
            return edge.end()
    raise refusal(
        "eql-comment-open",
        "a comment does not end",
        place_of(text, start),
        expected="*/",
        advice="block comments nest: every /* needs its own */",
    )


def _too_deep(text: str, offset: int) -> RuleError:
    return refusal(
        "nesting-too-deep",
        f"the query nests more than {MAX_LEVELS} levels",
        place_of(text, offset),
        advice="remove brackets, signs or negations that change nothing; chains of `and` and `or` may be of any length",
    )
