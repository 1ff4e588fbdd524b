"""Grammars are read once; what lark reports becomes an SplError at the place in the search."""

from collections.abc import Sequence

from lark import Lark, Transformer
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
        offset = -1 if unexpected.pos_in_stream is None else unexpected.pos_in_stream
        where = offset if 0 <= offset < len(fragment.text) and not _at_end(unexpected) else len(fragment.text)
        met = f"`{_met(unexpected, fragment.text[where])}`" if where < len(fragment.text) else "the end of the command"
        raise fragment.error("spl-syntax", f"{met} does not fit here", where, expected=_expected(unexpected)) from None


def _at_end(unexpected: UnexpectedInput) -> bool:
    match unexpected:
        case UnexpectedToken(token=token):
            return bool(token.type == "$END")
        case _:
            return False


def _met(unexpected: UnexpectedInput, character: str) -> str:
    match unexpected:
        case UnexpectedToken(token=token):
            return str(token) or character
        case _:
            return character


def _expected(unexpected: UnexpectedInput) -> str | None:
    match unexpected:
        case UnexpectedToken(expected=names) | UnexpectedCharacters(allowed=names) if names:
            return "one of " + ", ".join(sorted(name.strip("_") for name in names))
        case _:
            return None
