"""Texts broken in the ways that people, editors and attackers break them, as hypothesis strategies.

A mutation is a list of operations on the pieces of a text (words, blanks, signs); each is two numbers that say where,
so that what fails shrinks to few operations.
"""

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

_PIECE = re.compile(r"\w+|\s+|[^\w\s]")

HOSTILE = (
    *("\0", "\x1b[31m", "\u202e", "\u2066", "\ufeff", "\u00a0", "\u2028", "\x85", "\ud800", "\udfff", "\U0001f600"),
    *("\r", "\n", "\t", "\v", "'", '"', '"""', "`", "\\", "\\u", "\\u{110000}", "/*", "*/", "//", "(", ")", "[", "]"),
    *("{", "}", "![", "|", ",", ":", "?", "*", "~", "<", ">=", "=", "==", "!=", "+", "-", "%", ".", "..", "@", "#"),
    *("and", "or", "not", "in", "in~", "like", "regex", "where", "sequence", "sample", "by", "with", "runs", "until"),
    *(
        "maxspan",
        "null",
        "true",
        "any",
        "head",
        "now-1d/d",
        "2024-02-30",
        "10.0.0.0/33",
        "::/200",
        "cidrMatch",
        "length",
    ),
    *("0", "-1", "99999999999999999999", "1e999", "0x1f", "9" * 400, "١", "ſ", "İ"),
)
"""What is inserted: signs and words of the languages, and characters that readers stumble over."""

Operation = Callable[[list[str], int, int], None]


def _delete(pieces: list[str], at: int, other: int) -> None:
    del pieces[at : at + 1 + other % 4]


def _repeat(pieces: list[str], at: int, other: int) -> None:
    pieces[at:at] = pieces[at : at + 1 + other % 8] * (1 + other % 3)


def _swap(pieces: list[str], at: int, other: int) -> None:
    other %= len(pieces)
    pieces[at], pieces[other] = pieces[other], pieces[at]


def _insert(pieces: list[str], at: int, other: int) -> None:
    pieces.insert(at, HOSTILE[other % len(HOSTILE)])


def _replace(pieces: list[str], at: int, other: int) -> None:
    pieces[at] = HOSTILE[other % len(HOSTILE)]


def _truncate(pieces: list[str], at: int, other: int) -> None:
    del pieces[at:]


def _nest(pieces: list[str], at: int, other: int) -> None:
    opening, closing = (("(", ")"), ("[", "]"), ("{", "}"), ("not ", ""))[other % 4]
    depth = 1 + other % 70
    pieces[at] = opening * depth + pieces[at] + closing * depth


def _flip(pieces: list[str], at: int, other: int) -> None:
    piece = pieces[at]
    place = other % len(piece)
    pieces[at] = piece[:place] + chr(ord(piece[place]) ^ (1 << other % 7)) + piece[place + 1 :]


_OPERATIONS: tuple[Operation, ...] = (_delete, _repeat, _swap, _insert, _replace, _truncate, _nest, _flip)


def mutated(seeds: Sequence[str], most: int = 4) -> st.SearchStrategy[str]:
    """A seed after some operations, at times none."""
    place = st.integers(0, 1 << 16)
    operations = st.lists(st.tuples(st.sampled_from(_OPERATIONS), place, place), max_size=most)
    return st.builds(_apply, st.sampled_from(list(seeds)), operations)


def _apply(text: str, operations: list[tuple[Operation, int, int]]) -> str:
    pieces = _PIECE.findall(text)
    for operation, at, other in operations:
        if pieces:
            operation(pieces, at % len(pieces), other)
            pieces = [piece for piece in pieces if piece]
    return "".join(pieces)


def mutated_bytes(seeds: Sequence[bytes], most: int = 6) -> st.SearchStrategy[bytes]:
    """A seed with bytes changed, cut out, put in, or missing at the end."""
    change = st.tuples(st.integers(0, 1 << 20), st.integers(0, 16), st.binary(max_size=3))
    return st.builds(_apply_bytes, st.sampled_from(list(seeds)), st.lists(change, max_size=most), st.booleans())


def _apply_bytes(content: bytes, changes: list[tuple[int, int, bytes]], cut: bool) -> bytes:
    for where, length, put in changes:
        at = where % (len(content) + 1)
        content = content[:at] + put + content[at + length :]
    return content[: changes[0][0] % (len(content) + 1)] if cut and changes else content
