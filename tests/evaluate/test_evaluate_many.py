"""Many detections at once find what each finds alone: over random detections and events, and over the public rules."""

from collections.abc import Sequence as Several

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import converter
from benchmarks.telemetry import documents
from converter.errors import ConverterError
from converter.evaluate import Outcome, compile_predicate, evaluate, evaluate_many
from converter.evaluate.dispatch import LAYERS_LIMIT, Dispatch
from converter.evaluate.requirement import Requirement, requirements
from converter.events.document import event_of
from converter.events.event import Event, Values
from converter.ir import (
    All,
    Any,
    Call,
    Compare,
    Compute,
    Constant,
    Detection,
    Equal,
    Events,
    Field,
    FieldValue,
    Like,
    NewTerms,
    Not,
    NumberLiteral,
    Predicate,
    Present,
    Sample,
    Sequence,
    Stage,
    Test,
    TextLiteral,
    Threshold,
    pattern,
)
from converter.rule import Scope
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType, default_catalogue
from tests import strategies
from tests.ir.show import show
from tests.shared import shared

CATALOGUE = strategies.CATALOGUE

_words = st.sampled_from(["a", "A", "ab", "Ab", "k", "\u212a", "1", "true"])
_matchers = st.one_of(
    st.builds(Equal, _words.map(TextLiteral), st.booleans()),
    st.just(Like(pattern("a"), True)),
    st.just(Present()),
    strategies.text_matchers,
)
_tests = st.builds(
    lambda name, matchers: Test(Field(name), tuple(matchers)),
    st.sampled_from(strategies.TEXT_FIELDS),
    st.lists(_matchers, min_size=1, max_size=2),
)
_division = Compare("==", Call("divide", (Constant(NumberLiteral(1)), FieldValue("n"))), Constant(NumberLiteral(1)))
_leaves = st.one_of(_tests, _tests, _tests, strategies.leaves, st.just(Compute(_division)))
_any_shape: st.SearchStrategy[Predicate] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=6,
)
_choices = st.lists(_tests, min_size=1, max_size=2).map(lambda items: Any(tuple(items)))
_like_rules = st.lists(
    st.one_of(_tests, _tests, _choices, st.just(Compute(_division)), _any_shape), min_size=2, max_size=4
).map(lambda items: All(tuple(items)))
predicates: st.SearchStrategy[Predicate] = st.one_of(_any_shape, _like_rules, _like_rules)
_stages = st.lists(st.builds(Stage, predicates, st.just((Field("b.d"),))), min_size=2, max_size=3).map(tuple)
detections: st.SearchStrategy[Detection] = st.one_of(
    st.builds(Events, predicates),
    st.builds(Sequence, _stages, st.sampled_from([None, 2])),
    st.builds(
        lambda stages, until: Sequence(stages, until=until),
        _stages,
        st.builds(Stage, predicates, st.just((Field("a"),))),
    ),
    st.builds(Sample, _stages),
    st.builds(lambda predicate: Threshold(predicate, (Field("a"),), 1), predicates),
    st.builds(lambda predicate: NewTerms(predicate, (Field("a"),), "now-5m", "now-1m"), predicates),
)


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    """A few events in no particular order, some without a time, some with a number that cannot be divided by."""
    found = []
    for position in range(draw(st.integers(0, 6))):
        fields: dict[str, Values] = dict(draw(strategies.events).fields)
        for name in strategies.TEXT_FIELDS:
            values = draw(st.lists(_words, max_size=2))
            if values:
                fields[name] = tuple(values)
        if divisor := draw(st.lists(st.integers(0, 1), max_size=1)):
            fields["n"] = tuple(divisor)
        time = draw(st.one_of(st.integers(0, 4), st.none()))
        found.append(Event(str(position), fields, {}, time))
    return found


def alone(detection: Detection, events: Several[Event]) -> Outcome:
    try:
        return Outcome(tuple(evaluate(detection, events, CATALOGUE)))
    except ConverterError as error:
        return Outcome(error=error)


def same(one: Outcome, other: Outcome) -> bool:
    return one.matches == other.matches and str(one.error) == str(other.error)


@settings(max_examples=500)
@given(st.lists(detections, min_size=1, max_size=5), streams())
def test_many_at_once_find_what_each_finds_alone(several: list[Detection], events: list[Event]) -> None:
    together = list(evaluate_many(several, events, CATALOGUE))
    assert len(together) == len(several)
    for detection, outcome in zip(several, together, strict=True):
        note(show(detection))
        assert same(outcome, alone(detection, events))


def has(event: Event, need: Requirement) -> bool:
    """Whether the event has a key of the requirement, read the plain way."""
    for field, text in need:
        values = event.fields.get(field)
        if values is not None and (text is None or any(ascii_lower(spelled(value)) == text for value in values)):
            return True
    return False


def spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def ascii_lower(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)


@settings(max_examples=1000)
@given(predicates, streams())
def test_where_a_requirement_is_missed_the_predicate_is_false_and_raises_nothing(
    predicate: Predicate, events: list[Event]
) -> None:
    note(show(predicate))
    holds = compile_predicate(predicate, CATALOGUE)
    needs = requirements(predicate, CATALOGUE)
    for event in events:
        if not all(has(event, need) for need in needs):
            assert holds(event) is False


@settings(max_examples=500)
@given(st.lists(predicates, max_size=6), streams())
def test_candidates_are_those_that_miss_no_requirement(several: list[Predicate], events: list[Event]) -> None:
    needs = [requirements(predicate, CATALOGUE)[:LAYERS_LIMIT] for predicate in several]
    dispatch = Dispatch(needs)
    for event in events:
        expected = [number for number, of_one in enumerate(needs) if all(has(event, need) for need in of_one)]
        assert list(dispatch.candidates(event)) == expected


def equal(name: str, *texts: str) -> Test:
    return Test(Field(name), tuple(Equal(TextLiteral(text)) for text in texts))


NAME_X = frozenset({("process.name", "x")})
CASES: list[tuple[Predicate, tuple[Requirement, ...]]] = [
    (equal("process.name", "X"), (NAME_X,)),
    (All((equal("process.name", "X"), Not(equal("a", "b")))), (NAME_X,)),
    (Any((equal("process.name", "X"), Not(equal("a", "b")))), ()),
    (Not(equal("process.name", "X")), ()),
    (Any(()), (frozenset(),)),
    (All(()), ()),
    (equal("process.pid", "1"), (frozenset({("process.pid", None)}),)),
    (equal("process.name.caseless", "X"), (frozenset({("process.name", None)}),)),
    (
        Any((All((equal("event.type", "start"), equal("process.name", "X"))), equal("file.name", "y"))),
        (NAME_X | {("file.name", "y")},),
    ),
    (
        All((Compute(_division), equal("process.name", "X"))),
        (),
    ),
]


@pytest.mark.parametrize(("predicate", "expected"), CASES)
def test_what_an_event_has_to_have(predicate: Predicate, expected: tuple[Requirement, ...]) -> None:
    assert requirements(predicate, default_catalogue()) == expected


def test_an_error_of_one_leaves_the_others_alone() -> None:
    fails = Events(Compute(_division))
    events = [Event("0", {"n": (0,), "a": ("x",)}, {}, 0.0)]
    first, second = evaluate_many([fails, Events(equal("a", "x"))], events, CATALOGUE)
    assert first.error is not None
    assert first.error.code == "division-by-zero"
    assert [match.ids for match in second.matches] == [("0",)]


def test_events_outside_a_scope_are_not_shown() -> None:
    events = [
        Event("0", {"a": ("x",)}, index="logs-a-1"),
        Event("1", {"a": ("x",)}, index="logs-b-1"),
        Event("2", {"a": ("x",)}),
    ]
    several = [Events(equal("a", "x"))] * 2
    scopes = [Scope(("logs-a-*",)), Scope()]
    outcomes = evaluate_many(several, events, CATALOGUE, scopes=scopes)
    assert [[match.ids[0] for match in outcome.matches] for outcome in outcomes] == [["0", "2"], ["0", "1", "2"]]


def test_texts_of_a_type_with_several_spellings_are_not_looked_up() -> None:
    catalogue = Catalogue({"v": FieldInfo("v", FieldType.BOOLEAN)})
    predicate = equal("v", "false")
    events = [Event("0", {"v": ("",)}), Event("1", {"v": (False,)}), Event("2", {"v": ("true",)})]
    (outcome,) = evaluate_many([Events(predicate)], events, catalogue)
    assert [match.ids for match in outcome.matches] == [("0",), ("1",)]


@pytest.mark.shared
def test_the_public_rules_find_at_once_what_each_finds_alone() -> None:
    rules = [rule for rule in converter.load(shared("corpus/elastic-rules")) if rule.detection is not None]
    several = [rule.detection for rule in rules if rule.detection is not None]
    events = [event_of(document, position) for position, document in enumerate(documents(200))]
    catalogue = default_catalogue()
    found = 0
    together = evaluate_many(several, events, catalogue, indicators=[])
    for detection, outcome in zip(several, together, strict=True):
        assert outcome.error is None
        assert list(outcome.matches) == evaluate(detection, events, catalogue, indicators=[])
        found += len(outcome.matches)
    assert found > 0
