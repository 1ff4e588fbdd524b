"""Tests on the values of string fields: exact texts, patterns, regular expressions, order, blocks, phrases.

A keyword field holds the JSON text of whatever scalar a document states: `true`, `4625`, `1.0` (spec kql 4.3).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import assert_never

from converter.evaluate.address import in_blocks, read_address
from converter.evaluate.glob import TextTest, compile_patterns, either, fold
from converter.events.event import Scalar
from converter.ir.literal import BooleanLiteral, Literal, NumberLiteral
from converter.ir.matcher import Equal, Like, Matcher, Network, Phrase, Present, Range, Regex
from converter.ir.pattern import ANY_RUN, Pattern, Text, literal_text
from converter.languages.regex import compile_regex
from converter.schema.analyzer import tokens

cached_tokens = lru_cache(maxsize=128)(tokens)
"""A rule asks the same long script text for many phrases."""


def json_text(value: Scalar) -> str:
    """The text that a keyword field holds of a JSON scalar."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return value if isinstance(value, str) else repr(value)


def literal_as_text(literal: Literal) -> str:
    """A literal as a keyword field would hold it."""
    match literal:
        case NumberLiteral(value) | BooleanLiteral(value):
            return json_text(value)
        case _:
            return literal.text if hasattr(literal, "text") else literal.value


def compile_text_matchers(matchers: Sequence[Matcher]) -> TextTest:
    """Whether some matcher accepts a text. All exact texts and patterns of one case rule become one test."""
    patterns: dict[bool, list[Pattern]] = {False: [], True: []}
    phrases: dict[str, list[tuple[Pattern, ...]]] = {}
    blocks: list[str] = []
    tests: list[TextTest] = []
    for matcher in matchers:
        match matcher:
            case Equal(value, ignore_case):
                patterns[ignore_case].append((Text(literal_as_text(value)),))
            case Like(pattern, ignore_case):
                patterns[ignore_case].append(pattern)
            case Present():
                patterns[False].append((ANY_RUN,))
            case Phrase(wanted, analyzer):
                phrases.setdefault(analyzer, []).append(wanted)
            case Network(block):
                blocks.append(block)
            case Regex(tree, flavour, ignore_case):
                tests.append(compile_regex(tree, flavour, ignore_case))
            case Range():
                tests.append(_range(matcher))
            case _:
                assert_never(matcher)
    tests.extend(_phrases(wanted, analyzer) for analyzer, wanted in phrases.items())
    if blocks:
        tests.append(_networks(blocks))
    if patterns[True]:
        tests.insert(0, _folding(compile_patterns([_folded(pattern) for pattern in patterns[True]])))
    if patterns[False]:
        tests.insert(0, compile_patterns(patterns[False]))
    return either(tests)


def _networks(blocks: list[str]) -> TextTest:
    inside = in_blocks(blocks)

    def test(text: str) -> bool:
        address = read_address(text)
        return address is not None and inside(address)

    return test


def _folded(pattern: Pattern) -> Pattern:
    return tuple(Text(fold(part.value)) if isinstance(part, Text) else part for part in pattern)


def _folding(test: TextTest) -> TextTest:
    return lambda text: test(fold(text))


def _range(matcher: Range) -> TextTest:
    """Order by code point, which is the order of UTF-8 bytes (spec kql 4.5)."""
    low = None if matcher.low is None else literal_as_text(matcher.low)
    high = None if matcher.high is None else literal_as_text(matcher.high)
    open_low, open_high = matcher.open_low, matcher.open_high

    def test(text: str) -> bool:
        above = low is None or text > low or (text == low and not open_low)
        return above and (high is None or text < high or (text == high and not open_high))

    return test


def _phrases(phrases: list[tuple[Pattern, ...]], analyzer: str) -> TextTest:
    """Consecutive tokens; no tokens never match (spec kql 5). Phrases of plain words are looked up by their length, so
    that many of them cost a text no more than few."""
    plain: dict[int, set[tuple[str | None, ...]]] = {}
    others: list[tuple[TextTest, ...]] = []
    for phrase in phrases:
        words = tuple(literal_text(part) for part in phrase)
        if None in words:
            others.append(tuple(compile_patterns([part]) for part in phrase))
        elif words:
            plain.setdefault(len(words), set()).add(words)

    def test(text: str) -> bool:
        found = cached_tokens(analyzer, text)
        for length, wanted in plain.items():
            if any(found[start : start + length] in wanted for start in range(len(found) - length + 1)):
                return True
        return any(_follow(tests, found) for tests in others)

    return test


def _follow(tests: tuple[TextTest, ...], found: tuple[str, ...]) -> bool:
    """Whether neighbouring tokens satisfy the tests, one each."""
    return any(
        all(accepts(found[start + offset]) for offset, accepts in enumerate(tests))
        for start in range(len(found) - len(tests) + 1)
    )
