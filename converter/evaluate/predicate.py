"""Predicates compiled to functions of an event: two truth values, any value satisfies (spec eql 6 to 8, kql 4).

Compiled once per rule: types are looked up, patterns become string operations, lists become sets. What is left per
event is reading values and calling.
"""

from collections.abc import Callable, Container, Sequence
from typing import assert_never

from converter.evaluate.glob import compile_patterns
from converter.evaluate.objects import nested_events
from converter.evaluate.optional import without_unmapped
from converter.evaluate.script import compile_script
from converter.evaluate.typed import ValuesTest, compile_matchers
from converter.events.event import Event
from converter.ir.matcher import Matcher, Phrase
from converter.ir.predicate import (
    All,
    Always,
    Any,
    Compute,
    FieldPattern,
    Nested,
    Never,
    Not,
    Predicate,
    Test,
)
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

Holds = Callable[[Event], bool]

FIELD_CACHE_LIMIT = 10_000


def compile_predicate(
    predicate: Predicate, catalogue: Catalogue, *, now: float | None = None, mapped: Container[str] | None = None
) -> Holds:
    """A function that says whether an event satisfies the predicate.

    `now` (milliseconds) is what relative dates count from. With `mapped`, a field outside it is one that no mapping
    defines: optional ones are null, others raise EvaluationError `field-not-mapped` (spec eql 7.4). Raises
    EvaluationError for relative dates without `now`; the function raises it for what fails a search.
    """
    if mapped is not None:
        predicate = without_unmapped(predicate, mapped)
    return _Compiler(catalogue, now).compile(predicate)


class _Compiler:
    def __init__(self, catalogue: Catalogue, now: float | None) -> None:
        self._catalogue = catalogue
        self._now = now

    def compile(self, predicate: Predicate) -> Holds:
        match predicate:
            case All(items):
                return _every([self.compile(item) for item in items])
            case Any(items):
                return _some([self.compile(item) for item in items])
            case Not(item):
                return _complement(self.compile(item))
            case Always():
                return lambda _: True
            case Never():
                return lambda _: False
            case Test(field, matchers):
                if isinstance(field, FieldPattern):
                    return self._fields(compile_patterns([field.pattern]), matchers)
                return self._field(self._catalogue[field.name], matchers)
            case Compute(expression):
                return compile_script(expression, self._catalogue)
            case Nested(path, item):
                return _nested(path, self.compile(item))
            case _:
                assert_never(predicate)

    def _field(self, info: FieldInfo, matchers: Sequence[Matcher]) -> Holds:
        name = info.parent or info.name
        test = compile_matchers(info, matchers, self._now)

        def holds(event: Event) -> bool:
            values = event.fields.get(name)
            return values is not None and test(values)

        return holds

    def _fields(self, matches: Callable[[str], bool], matchers: Sequence[Matcher]) -> Holds:
        """Some field of the event, or some multi-field of the catalogue, whose name matches.

        A text field takes only phrases of its own analyzer and all other fields none: free text means tokens in the
        one and whole values in the other (spec kql 4.6).
        """
        multi_fields = [
            self._field(info, _eligible(info, matchers))
            for info in self._catalogue
            if info.parent is not None and matches(info.name)
        ]
        tests: dict[str, ValuesTest | None] = {}

        def test_of(name: str) -> ValuesTest | None:
            if not matches(name):
                return None
            info = self._catalogue[name]
            return compile_matchers(info, _eligible(info, matchers), self._now)

        def holds(event: Event) -> bool:
            for name, values in event.fields.items():
                if name not in tests:
                    if len(tests) >= FIELD_CACHE_LIMIT:
                        tests.clear()
                    tests[name] = test_of(name)
                test = tests[name]
                if test is not None and test(values):
                    return True
            return any(item(event) for item in multi_fields)

        return holds


def _eligible(info: FieldInfo, matchers: Sequence[Matcher]) -> list[Matcher]:
    if info.type is not FieldType.TEXT:
        return [matcher for matcher in matchers if not isinstance(matcher, Phrase)]
    return [matcher for matcher in matchers if not isinstance(matcher, Phrase) or matcher.analyzer == info.analyzer]


def _every(items: Sequence[Holds]) -> Holds:
    if len(items) == 1:
        return items[0]

    def holds(event: Event) -> bool:
        for item in items:  # noqa: SIM110 - a generator would cost more than the tests
            if not item(event):
                return False
        return True

    return holds


def _some(items: Sequence[Holds]) -> Holds:
    if len(items) == 1:
        return items[0]

    def holds(event: Event) -> bool:
        for item in items:  # noqa: SIM110 - a generator would cost more than the tests
            if item(event):
                return True
        return False

    return holds


def _complement(item: Holds) -> Holds:
    return lambda event: not item(event)


def _nested(path: str, item: Holds) -> Holds:
    return lambda event: any(item(inner) for inner in nested_events(event, path))
