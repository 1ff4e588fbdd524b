"""What has to hold of every answer, however broken the question: a result, or one error that helps.

Used by the tests here and by the atheris targets, so that both look for the same.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import converter
from converter.backend import backend_names
from converter.errors import ConverterError
from converter.events.document import event_of
from converter.events.event import Event
from converter.events.reading import read_events
from converter.ir.matcher import Flavour
from converter.languages.regex import compile_regex
from converter.languages.regex import parse as parse_regex
from converter.registry import all_codes
from converter.rule import Rule
from tests.fuzz.seed import EQL, EVENTS, KQL

Found = TypeVar("Found")

_VALUES = ("", "a", "ab" * 40, "a\nb\u2028", "\ud800", "\U0001f600" * 3, "1" * 30, "word WORD.exe")


def answered(question: Callable[[], Found], text: str | None = None) -> Found | None:
    """The answer, None for an error that keeps the rules: a code, one line, a place inside the text (if given)."""
    try:
        return question()
    except ConverterError as error:
        check_error(error, text)
        return None


def check_error(error: ConverterError, text: str | None = None) -> None:
    """AssertionError unless the error is one that a person can use."""
    assert error.code in _codes(), error.code
    assert error.what
    assert len(error.message.splitlines()) == 1, repr(error.message)
    assert len(error.message) < 2_000
    assert error.caret() is None or len(error.caret() or "") < 500
    if text is not None:
        lines = text.split("\n")
        assert 1 <= error.place.line <= len(lines), error
        assert 1 <= error.place.column <= len(lines[error.place.line - 1]) + 1, error


def check_query(text: str, language: str, targets: Sequence[str] | None = None) -> None:
    """A query through everything: read, run on events, converted for some targets (by default all)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")  # what places count in
    rule = answered(lambda: converter.parse(text, language), lines)
    if rule is not None:
        answered(lambda: converter.evaluate(rule, _events(), now=1.8e12))
        check_conversion(rule, backend_names() if targets is None else targets)


def check_conversion(rule: Rule, targets: Sequence[str]) -> None:
    """Converting never raises, and says nothing that is not in the registry."""
    for target in targets:
        result = converter.convert(rule, to=target)
        assert {loss.code for loss in result.losses} <= _codes()
        assert {note.code for note in result.notes} <= _codes()
        assert {assumption.code for assumption in result.assumptions} <= _codes()
        assert bool(result.artifacts) == (result.verdict in {"exact", "approximate"})
        for artifact in result.artifacts:
            artifact.text.encode("utf-8")


def check_regex(text: str, values: Sequence[str] = _VALUES) -> None:
    """A pattern under each dialect and both case rules, on some values."""
    for flavour in Flavour:
        tree = answered(lambda flavour=flavour: parse_regex(text, flavour), text.replace("\n", " "))  # type: ignore[misc]
        if tree is None:
            continue
        for ignore_case in (False, True):
            accepts = compile_regex(tree, flavour, ignore_case)
            for value in values:
                answered(lambda accepts=accepts, value=value: accepts(value))  # type: ignore[misc]


def check_container(content: bytes, suffix: str, folder: Path) -> None:
    """A file of rules: every rule is read or has an error that lies in this file."""
    path = folder / f"rule{suffix}"
    path.write_bytes(content)
    for rule in converter.load(path):
        assert {note.code for note in rule.notes} <= _codes()
        if rule.error is not None:
            check_error(rule.error)
            place = rule.error.place
            assert place.path is not None
            assert place.path.startswith(str(path))
            assert 1 <= place.line <= content.count(b"\n") + 1 or place.path != str(path), rule.error


def check_events(content: bytes, folder: Path) -> None:
    """An event file: read whole or refused, and what is read runs through rules of every kind."""
    path = folder / "events.ndjson"
    path.write_bytes(content)
    events = answered(lambda: list(read_events(str(path))))
    for rule in _rules() if events else ():
        answered(lambda rule=rule: converter.evaluate(rule, events or (), now=1.8e12))  # type: ignore[misc]


def one_target(text: str) -> list[str]:
    """A target for the text, another for its neighbours."""
    names = backend_names()
    return [names[len(text) % len(names)]]


@cache
def _codes() -> frozenset[str]:
    return frozenset(all_codes())


@cache
def _events() -> tuple[Event, ...]:
    return tuple(event_of(document, position) for position, document in enumerate(EVENTS))


@cache
def _rules() -> tuple[Rule, ...]:
    queries = (*((text, "eql") for text in EQL), *((text, "kuery") for text in KQL))
    return tuple(converter.parse(text, language) for text, language in queries)
