"""Matchers in words: what one value of a field has to be, and the same denied.

Matchers of one kind become one claim, so that a list of a thousand names is one sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from converter.describe.literal import literal
from converter.describe.quoting import LONGEST_VALUE, listed, name_of, plain, quoted, quoted_pattern, unbroken
from converter.ir.literal import (
    AddressLiteral,
    BooleanLiteral,
    DateLiteral,
    Literal,
    NumberLiteral,
    TextLiteral,
    VersionLiteral,
)
from converter.ir.matcher import Equal, Flavour, Like, Matcher, Network, Phrase, Present, Range, Regex
from converter.ir.pattern import AnyRun, Pattern, Text, literal_text
from converter.ir.showregex import show_regex


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of a value, in the affirmative and denied. `presence` says nothing but that there is a value."""

    affirmed: str
    denied: str
    presence: bool = False


PRESENT = Claim("has a value", "is missing", presence=True)

_ORDER: dict[type, tuple[str, str, str, str, str, str]] = {
    NumberLiteral: ("is", "is not", "at least", "more than", "at most", "less than"),
    BooleanLiteral: ("is", "is not", "at least", "more than", "at most", "less than"),
    TextLiteral: ("sorts", "does not sort", "at or after", "after", "at or before", "before"),
    DateLiteral: ("is", "is not", "at or after", "after", "at or before", "before"),
    AddressLiteral: ("is", "is not", "at or above", "above", "at or below", "below"),
    VersionLiteral: ("is", "is not", "at or after", "after", "at or before", "before"),
}
"""Affirmed and denied verb, then the words for >=, >, <= and <."""


def claims(matchers: Sequence[Matcher]) -> list[Claim]:
    """One claim for all matchers of a kind, in the order in which the kinds appear."""
    kinds: dict[object, list[Matcher]] = {}
    for position, matcher in enumerate(matchers):
        kinds.setdefault(_kind(matcher, position), []).append(matcher)
    return [_claim(group) for group in kinds.values()]


def _kind(matcher: Matcher, position: int) -> object:
    """Matchers of equal kinds are said together; ranges stand alone."""
    match matcher:
        case Equal(_, ignore_case) | Like(_, ignore_case):
            return type(matcher), ignore_case
        case Regex(_, flavour, ignore_case):
            return Regex, flavour, ignore_case
        case Phrase(tokens, analyzer):
            return Phrase, analyzer, bool(tokens)
        case Network(block):
            return Network, _only_address(block) is None
        case Present():
            return Present
        case Range():
            return position
        case _:
            assert_never(matcher)


def _claim(group: Sequence[Matcher]) -> Claim:
    match group[0]:
        case Equal(_, ignore_case):
            return _equal([item.value for item in group if isinstance(item, Equal)], ignore_case)
        case Like(_, ignore_case):
            return _like([item.pattern for item in group if isinstance(item, Like)], ignore_case)
        case Regex(_, flavour, ignore_case):
            trees = [unbroken(show_regex(item.tree), 4 * LONGEST_VALUE) for item in group if isinstance(item, Regex)]
            verbs = ("matches the regular expression", "does not match the regular expression")
            several = ("matches one of the regular expressions", "matches none of the regular expressions")
            return _said(trees, verbs, several, _folded(ignore_case, flavour))
        case Network():
            return _network([item.block for item in group if isinstance(item, Network)])
        case Phrase(_, analyzer):
            return _phrases([item.tokens for item in group if isinstance(item, Phrase)], analyzer)
        case Range() as single:
            return _range(single)
        case Present():
            return PRESENT
        case _:
            assert_never(group[0])


def _said(values: Sequence[str], one: tuple[str, str], several: tuple[str, str], after: str = "") -> Claim:
    """`is "a"` or `is one of "a", "b"`, with their denials."""
    verbs = one if len(values) == 1 else several
    shown = listed(values)
    return Claim(f"{verbs[0]} {shown}{after}", f"{verbs[1]} {shown}{after}")


def _folded(ignore_case: bool, flavour: Flavour | None = None) -> str:
    if not ignore_case:
        return ""
    return " (ignoring case, except inside brackets)" if flavour is Flavour.LUCENE else " (ignoring case)"


def _equal(values: Sequence[Literal], ignore_case: bool) -> Claim:
    folded = ignore_case and any(isinstance(value, TextLiteral) for value in values)
    return _said([literal(value) for value in values], ("is", "is not"), ("is one of", "is none of"), _folded(folded))


# --- patterns ------------------------------------------------------------------------------------------------------

_SHAPES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "whole": (("is", "is not"), ("is one of", "is none of")),
    "start": (("starts with", "does not start with"), ("starts with one of", "starts with none of")),
    "end": (("ends with", "does not end with"), ("ends with one of", "ends with none of")),
    "inside": (("contains", "does not contain"), ("contains one of", "contains none of")),
    "pattern": (
        ("matches the pattern", "does not match the pattern"),
        ("matches one of the patterns", "matches none of the patterns"),
    ),
}


def _like(patterns: Sequence[Pattern], ignore_case: bool) -> Claim:
    if all(parts == (AnyRun(),) for parts in patterns):
        return PRESENT
    shapes = {_shape(parts) for parts in patterns}
    shape = shapes.pop() if len(shapes) == 1 else "pattern"
    shown = quoted_pattern if shape == "pattern" else _piece
    return _said([shown(parts) for parts in patterns], *_SHAPES[shape], _folded(ignore_case))


def _shape(parts: Pattern) -> str:
    match parts:
        case (Text(), AnyRun()):
            return "start"
        case (AnyRun(), Text()):
            return "end"
        case (AnyRun(), Text(), AnyRun()):
            return "inside"
        case _:
            return "pattern" if literal_text(parts) is None else "whole"


def _piece(parts: Pattern) -> str:
    """The text of a pattern whose wildcards the verb says."""
    return quoted("".join(part.value for part in parts if isinstance(part, Text)))


# --- addresses, words, ranges --------------------------------------------------------------------------------------


def _network(blocks: Sequence[str]) -> Claim:
    addresses = [plain(address) for block in blocks if (address := _only_address(block))]
    if addresses:
        return _said(
            addresses, ("is the address", "is not the address"), ("is one of the addresses", "is none of the addresses")
        )
    networks = [plain(block) for block in blocks]
    return _said(
        networks,
        ("is in the network", "is not in the network"),
        ("is in one of the networks", "is in none of the networks"),
    )


def _only_address(block: str) -> str | None:
    """The address of a block that holds a single one."""
    address, _, size = block.partition("/")
    return address if size == ("128" if ":" in address else "32") else None


def _phrases(phrases: Sequence[tuple[Pattern, ...]], analyzer: str) -> Claim:
    if not phrases[0]:
        return Claim("contains a phrase of no words (never so)", "does not contain a phrase of no words (always so)")
    things = "word" if all(len(tokens) == 1 for tokens in phrases) else "phrase"
    return _said(
        [quoted_pattern(_in_a_row(tokens)) for tokens in phrases],
        (f"contains the {things}", f"does not contain the {things}"),
        (f"contains one of the {things}s", f"contains none of the {things}s"),
        f" (full text, analyzer {name_of(analyzer)})",
    )


def _in_a_row(tokens: tuple[Pattern, ...]) -> Pattern:
    """The tokens with a blank between them."""
    return tuple(part for token in tokens for part in (Text(" "), *token))[1:]


def _range(matcher: Range) -> Claim:
    if isinstance(matcher.low, DateLiteral) and matcher == Range(matcher.low, matcher.low):
        return _said([literal(matcher.low)], ("falls on", "does not fall on"), ("", ""))
    bounds = list(_bounds(matcher))
    if not bounds:
        return PRESENT
    parts = []
    for verb, same in groupby(bounds, key=lambda bound: bound[:2]):
        parts.append((*verb, " and ".join(bound[2] for bound in same)))
    affirmed = " and ".join(f"{verb} {said}" for verb, _, said in parts)
    if len(bounds) == 1:
        return Claim(affirmed, f"{parts[0][1]} {parts[0][2]}")
    return Claim(f"{affirmed}, by one and the same value", f"has no value that {affirmed}")


def _bounds(matcher: Range) -> Iterator[tuple[str, str, str]]:
    """Affirmed verb, denied verb and the rest, for every bound."""
    for bound, closed, opened, is_open in (
        (matcher.low, 2, 3, matcher.open_low),
        (matcher.high, 4, 5, matcher.open_high),
    ):
        if bound is not None:
            words = _ORDER[type(bound)]
            yield words[0], words[1], f"{words[opened if is_open else closed]} {literal(bound)}"
