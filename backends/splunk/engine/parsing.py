"""Grammars are read once; what lark reports becomes an SplError at the place in the search."""

from collections.abc import Sequence

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from backends.splunk.engine.source import Fragment

DEPTH = 150  # of an expression; bounds the recursion of what walks it


def grammar(name: str, starts: Sequence[str], builder: Transformer) -> Lark:  # type: ignore[type-arg]
    """An LALR parser for `grammar/<name>.lark` that builds its tree while parsing."""
    return Lark.open(f"grammar/{name}.lark", rel_to=__file__, parser="lalr", start=list(starts), transformer=builder)


def parse(parser: Lark, fragment: Fragment, start: str) -> object:
    """The tree of a fragment. Raises SplError (`spl-syntax`) with what was met and what was expected."""
    try:
        return parser.parse(fragment.text, start=start)
    except UnexpectedInput as unexpected:
        offset = _offset(unexpected)
        met = "the end of the command" if offset is None else f"`{_met(unexpected, fragment.text[offset])}`"
        where = len(fragment.text.rstrip()) if offset is None else offset
        raise fragment.error("spl-syntax", f"{met} does not fit here", where, expected=_expected(unexpected)) from None


def _offset(unexpected: UnexpectedInput) -> int | None:
    """Where the parser stopped, None at the end of the text."""
    match unexpected:
        case UnexpectedToken(token=Token(type="$END")):
            return None
        case UnexpectedToken(token=Token(start_pos=int(offset))):
            return offset
        case UnexpectedCharacters(pos_in_stream=int(offset)):
            return offset
        case _:
            return None


def _met(unexpected: UnexpectedInput, character: str) -> str:
    match unexpected:
        case UnexpectedToken(token=token):
            return str(token)
        case _:
            return character


def _expected(unexpected: UnexpectedInput) -> str | None:
    match unexpected:
        case UnexpectedToken(expected=names) | UnexpectedCharacters(allowed=names) if names:
            return "one of " + ", ".join(sorted(name.strip("_") for name in names))
        case _:
            return None
