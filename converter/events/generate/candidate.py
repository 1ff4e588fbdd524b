"""Candidate values of one field, from everything that is claimed about it."""

from collections.abc import Iterator, Sequence
from itertools import islice

from converter.events.event import Scalar
from converter.events.generate.claim import Claim
from converter.events.generate.value import accepted, instance, native
from converter.ir.expression import Constant, Expression, Matches
from converter.ir.matcher import Like, Matcher
from converter.ir.predicate import Compute
from converter.ir.walk import operands
from converter.schema.catalogue import FieldInfo

_LISTED = 24
"""Matchers of one list that are tried where any of them would do."""

_LONGEST = 40_000
"""Longest text that is made to satisfy a condition on a length."""


def candidates(info: FieldInfo, claims: Sequence[Claim], limit: int = 96) -> list[Scalar]:
    """Values that may keep the claims about this field, likeliest first, without those that speak of no value."""
    positive = [claim for claim in claims if claim.wanted and claim.about(info.name)]
    computed = computed_values(claims, info.name)
    choices = [_accepted_by(claim, info) for claim in positive]
    fillers = ["", *(value for value in computed if isinstance(value, str) and value)]
    woven = _woven(positive, choices, fillers)
    found = [*woven[:32], *_in_turn(choices), *woven[32:], *computed]
    return list(islice(dict.fromkeys(_typed(found)), limit)) if found else []


def one_each(info: FieldInfo, claims: Sequence[Claim]) -> list[list[Scalar]]:
    """For each positive claim about the field the values that it accepts."""
    return [_accepted_by(claim, info) for claim in claims if claim.wanted and claim.about(info.name)]


def _typed(values: Sequence[Scalar]) -> Iterator[Scalar]:
    """`1` and `True` are one key of a dictionary; keep both."""
    seen: set[tuple[type, Scalar]] = set()
    for value in values:
        if (type(value), value) not in seen:
            seen.add((type(value), value))
            yield value


def _matchers(claim: Claim) -> tuple[Matcher, ...]:
    return claim.matchers[:_LISTED]


def _accepted_by(claim: Claim, info: FieldInfo) -> list[Scalar]:
    return _in_turn([accepted(matcher, info) for matcher in _matchers(claim)])


def _in_turn(choices: Sequence[Sequence[Scalar]]) -> list[Scalar]:
    """First of each, then second of each."""
    longest = max(map(len, choices), default=0)
    return [choice[turn] for turn in range(longest) for choice in choices if turn < len(choice)]


def _woven(claims: Sequence[Claim], choices: Sequence[Sequence[Scalar]], fillers: Sequence[str]) -> list[Scalar]:
    """Texts that may satisfy all claims at once: one pattern's runs filled with what the others accept, and with what
    a computed condition asks for."""
    found: list[Scalar] = []
    for turn in range(min(4, max(map(len, choices), default=0))):
        texts = [str(choice[turn % len(choice)]) for choice in choices if choice]
        for filler in fillers:
            for at, claim in enumerate(claims):
                others = [text for other, text in enumerate(texts) if other != at]
                found += _around_others(claim, [*others, filler] if filler else others)
        if len(texts) > 1:
            found += [" ".join(texts), "".join(texts)]
    return found


def _around_others(claim: Claim, others: Sequence[str]) -> list[Scalar]:
    patterns = [matcher.pattern for matcher in _matchers(claim)[:4] if isinstance(matcher, Like)]
    return [instance(pattern, mark.join(others)) for pattern in patterns for mark in (" ", "")] if others else []


def computed_values(claims: Sequence[Claim], name: str) -> list[Scalar]:
    """Values that may keep the computed claims that read the field: built from the constants they mention."""
    found: list[Scalar] = []
    for claim in claims:
        if isinstance(claim.leaf, Compute) and name in claim.fields:
            constants = list(_constants(claim.leaf.expression))
            texts = [value for value in constants if isinstance(value, str)]
            numbers = [value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)]
            found += _copied(claim, claims, name) + _around_texts(texts) + _around_numbers(numbers, texts)
            found += ["sample", "", "other-7", "sample.sample", 7, 0]
    return found


def _copied(claim: Claim, claims: Sequence[Claim], name: str) -> list[Scalar]:
    """What is claimed of the other fields that the condition reads: fields are often compared with each other."""
    found: list[Scalar] = []
    for other in claim.fields:
        if other != name:
            for value in _in_turn(one_each(FieldInfo(other), claims))[:6]:
                found += [value, f"{value}xx", f"xx{value}"] if isinstance(value, str) else [value]
    return found


def _constants(expression: Expression) -> Iterator[Scalar]:
    match expression:
        case Constant(value) if value is not None:
            yield native(value)
        case Matches(value, matchers):
            yield from _constants(value)
            for matcher in matchers[:_LISTED]:
                yield from accepted(matcher, FieldInfo(""))
        case _:
            for item in operands(expression):
                yield from _constants(item)


def _around_texts(texts: Sequence[str]) -> list[Scalar]:
    around: list[Scalar] = []
    for text in texts:
        around += [text, f"{text}xx", f"xx{text}", f"xx{text}xx"]
    around += [f"xx{left}mid{right}xx" for left in texts for right in texts if left != right]
    around += [piece for text in texts for mark in texts if mark and mark != text for piece in text.split(mark)]
    return around


def _around_numbers(numbers: Sequence[int | float], texts: Sequence[str]) -> list[Scalar]:
    around: list[Scalar] = []
    for number in numbers:
        around += [number, number + 1, number - 1, str(number)]
        length = int(number)
        if 0 <= length <= _LONGEST:
            around += ["x" * size for size in (length, length + 1, max(length - 1, 0))]
            around += ["x" * length + text for text in texts]
            around += [text + "x" * length for text in texts]
    around += [left + right for left in numbers for right in numbers]
    around += [left - right for left in numbers for right in numbers]
    return around
