"""Sets of wildcard patterns and exact texts as one test on a text, by plain string operations where they suffice.

What they do not suffice for becomes a regular expression of atomic groups: each run of characters ends at the first
place where the next literal piece fits, which is always right for such patterns, so nothing is ever tried twice.
"""

import re
from collections.abc import Callable, Iterable

from converter.ir.pattern import AnyOne, AnyRun, Pattern, Text, literal_text

TextTest = Callable[[str], bool]

_FOLD = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def fold(text: str) -> str:
    """The text with ASCII capitals in lower case; other letters keep their case (architecture section 7)."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


def either(tests: Iterable[TextTest]) -> TextTest:
    """Whether some test accepts the text."""
    found = tuple(tests)
    if len(found) == 1:
        return found[0]

    def test(text: str) -> bool:
        for item in found:  # noqa: SIM110 - a generator would cost more than the tests
            if item(text):
                return True
        return False

    return test


def compile_patterns(patterns: Iterable[Pattern]) -> TextTest:
    """Whether some pattern covers the whole text, minding case."""
    shapes = _Shapes()
    for pattern in patterns:
        shapes.add(pattern)
    return shapes.test()


class _Shapes:
    """Patterns sorted by what it takes to test them."""

    def __init__(self) -> None:
        self._equal: set[str] = set()
        self._prefixes: list[str] = []
        self._suffixes: list[str] = []
        self._infixes: list[str] = []
        self._others: list[str] = []
        self._any = False

    def add(self, pattern: Pattern) -> None:
        text = literal_text(pattern)
        if text is not None:
            self._equal.add(text)
            return
        match pattern:
            case (AnyRun(),):
                self._any = True
            case (Text(text), AnyRun()):
                self._prefixes.append(text)
            case (AnyRun(), Text(text)):
                self._suffixes.append(text)
            case (AnyRun(), Text(text), AnyRun()):
                self._infixes.append(text)
            case _:
                self._others.append(_expression(pattern))

    def test(self) -> TextTest:
        if self._any:
            return _anything
        tests: list[TextTest] = []
        if self._equal:
            tests.append(_equal(self._equal))
        if self._prefixes:
            tests.append(_starts(tuple(self._prefixes)))
        if self._suffixes:
            tests.append(_ends(tuple(self._suffixes)))
        tests.extend(_holds(infix) for infix in self._infixes)
        if self._others:
            tests.append(_matches("|".join(self._others)))
        return either(tests)


def _anything(_: str) -> bool:
    return True


def _equal(texts: set[str]) -> TextTest:
    if len(texts) == 1:
        (only,) = texts
        return lambda text: text == only
    return frozenset(texts).__contains__


def _starts(prefixes: tuple[str, ...]) -> TextTest:
    return lambda text: text.startswith(prefixes)


def _ends(suffixes: tuple[str, ...]) -> TextTest:
    return lambda text: text.endswith(suffixes)


def _holds(infix: str) -> TextTest:
    return lambda text: infix in text


def _matches(expression: str) -> TextTest:
    match = re.compile(expression, re.DOTALL).match
    return lambda text: match(text) is not None


def _expression(pattern: Pattern) -> str:
    """The pattern as an expression to be matched at the start of a text; it need not reach the end if any run may."""
    pieces: list[list[str]] = [[]]
    for part in pattern:
        match part:
            case Text(text):
                pieces[-1].append(re.escape(text))
            case AnyOne():
                pieces[-1].append(".")
            case AnyRun():
                pieces.append([])
    first, *rest = ("".join(piece) for piece in pieces)
    if not rest:
        return f"{first}\\Z"
    *middle, last = rest
    found = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return f"{first}{found}" + (f".*{last}\\Z" if last else "")
