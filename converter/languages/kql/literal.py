"""Literals from their written form: escapes decoded, wildcards kept apart, ends trimmed (spec kql 1.3, 1.4)."""

import re
from collections.abc import Iterator

from converter.errors import Place, RuleError
from converter.ir.pattern import ANY_RUN, AnyRun, Text
from converter.ir.span import Span
from converter.languages.kql.tree import Literal

SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript's `trim` removes: more than the five blanks of the grammar."""

BLANK = " \t\r\n\u00a0"
"""What separates tokens (spec kql 1.1)."""

_HALF = re.compile("[\ud800-\udfff]")

_CONTROLS = {"t": "\t", "r": "\r", "n": "\n"}

_QUOTED_ESCAPE = re.compile(r'\\(?:(?P<control>[trn])|u(?P<code>[0-9a-fA-F]{4})|(?P<plain>[\\"]))')

_UNQUOTED_ESCAPE = re.compile(
    r"\\(?:(?P<control>[trn])|(?P<plain>[\\():<>\"*{}])|u(?P<code>[0-9a-fA-F]{4})"
    r"|(?P<keyword>[oO][rR]|[aA][nN][dD]|[nN][oO][tT]))|(?P<wildcard>\*)"
)


def quoted(written: str, span: Span) -> Literal:
    """A literal from text in double quotes. RuleError if an escape makes half a character."""
    text = _QUOTED_ESCAPE.sub(_decoded, written[1:-1])
    return Literal(literal_parts([text], span), quoted=True, span=span)


def unquoted(written: str, span: Span) -> Literal:
    """A literal from bare text, trimmed as JavaScript does. RuleError if an escape makes half a character."""
    if "\\" not in written and "*" not in written:
        return Literal(literal_parts([written.strip(SPACE)], span), span=span)
    pieces = list(_pieces(written))
    if isinstance(first := pieces[0], str):
        pieces[0] = first.lstrip(SPACE)
    if isinstance(last := pieces[-1], str):
        pieces[-1] = last.rstrip(SPACE)
    return Literal(literal_parts(pieces, span), span=span)


def literal_parts(pieces: list[str | AnyRun], span: Span) -> tuple[Text | AnyRun, ...]:
    """Texts and runs as the parts of a literal, empty texts dropped; UTF-16 halves that were escaped are joined."""
    parts: list[Text | AnyRun] = []
    for piece in pieces:
        if isinstance(piece, AnyRun):
            parts.append(piece)
        elif piece:
            parts.append(Text(_whole(piece, span)))
    return tuple(parts)


def _pieces(written: str) -> Iterator[str | AnyRun]:
    """Texts and runs in turn, beginning and ending with a text, which may be empty."""
    text: list[str] = []
    end = 0
    for match in _UNQUOTED_ESCAPE.finditer(written):
        text.append(written[end : match.start()])
        end = match.end()
        if match["wildcard"]:
            yield "".join(text)
            yield ANY_RUN
            text = []
        else:
            text.append(_decoded(match))
    text.append(written[end:])
    yield "".join(text)


def _decoded(match: re.Match[str]) -> str:
    if code := match["code"]:
        return chr(int(code, 16))
    if control := match["control"]:
        return _CONTROLS[control]
    return match[0][1:]


def _whole(text: str, span: Span) -> str:
    if text.isascii() or _HALF.search(text) is None:
        return text
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise RuleError(
            "kql-half-character",
            "a \\u escape stands for one half of a surrogate pair, which is no character",
            place=Place(None, span.line, span.column),
            advice="write the character itself, or both halves of the pair one after the other",
        ) from None
