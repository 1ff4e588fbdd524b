"""What is checked before parsing: how long a text is, how deep it nests, and where nested comments end.

LALR parsing itself does not recurse, but everything that walks a tree later does. A level is an open bracket, a `not`,
a sign or a link of an arithmetic chain; chains of `and`, `or` and lists are flat and cost nothing.
"""

import re

from converter.errors import RuleError
from converter.languages.eql.refusal import Located, refusal
from converter.languages.limits import DEEPEST_NESTING, check_text

# Strings and quoted names first, so that nothing inside them counts. Words that end an operand reset a chain.
_INTERESTING = re.compile(
    r'"""[^\r\n]*?"""(?:""?)?|"(?:[^"\\\r\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\r\n]|\\.)*\'|//[^\r\n]*'
    r"|(?P<comment>/\*)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<operator>[-+*/%]|(?<![\w.@])not(?![\w.~]))"
    r"|(?P<reset>,|(?<![\w.@])(?:and|or|where)(?![\w.~]))|(?P<unfinished>[\"'`])"
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
    check_text(text)
    nesting = _Nesting()
    pieces = []
    kept = 0
    position = 0
    while found := _INTERESTING.search(text, position):
        position = found.end()
        match found.lastgroup:
            case "comment":
                position = _end_of_comment(text, found.start())
                pieces += [text[kept : found.start()], _NOT_LINE_BREAK.sub(" ", text[found.start() : position])]
                kept = position
            case "unfinished":  # the parser stops here, with a message of its own
                break
            case str() as kind:
                nesting.see(kind)
                if nesting.depth > DEEPEST_NESTING:
                    raise _too_deep(text, found.start())
    return "".join([*pieces, text[kept:]]) if pieces else text


class _Nesting:
    """How deep the text is nested at a place: open brackets, and per bracket the operators since the last comma, `and`
    or `or`."""

    def __init__(self) -> None:
        self.depth = 0
        self._operators = [0]

    def see(self, kind: str) -> None:
        match kind:
            case "operator":
                self._operators[-1] += 1
                self.depth += 1
            case "open":
                self._operators.append(0)
                self.depth += 1
            case "close" if len(self._operators) > 1:
                self.depth -= self._operators.pop() + 1
            case _:
                self.depth -= self._operators[-1]
                self._operators[-1] = 0


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
        f"the query nests more than {DEEPEST_NESTING} levels",
        place_of(text, offset),
        advice="remove brackets, signs or negations that change nothing; chains of `and` and `or` may be of any length",
    )
