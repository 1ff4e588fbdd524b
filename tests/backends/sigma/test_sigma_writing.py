"""What is written means what was asked: random predicates, written as YAML, read back and run on random events."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sigma.rule import SigmaRule

from backends.sigma import emit
from backends.sigma.condition import Builder
from backends.sigma.detection import named
from backends.sigma.engine import SigmaEngine
from converter.backend import Artifact, TargetEvent
from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import All, Always, Any, Never, Not, Predicate, Range, Test
from converter.losses import Assumption
from converter.passes import normalise
from converter.schema.catalogue import FieldType
from tests.strategies import CATALOGUE, events, number_tests, text_tests
from tests.strategies import tests as all_tests

HEAD = "title: Example\nlogsource:\n    product: any\n"


def _sayable(test: Test) -> bool:
    """Whether Sigma has a modifier for every matcher: texts have no order, analysed fields no tokens, and a name is
    never a pattern."""
    if not hasattr(test.field, "name") or CATALOGUE[test.field.name].type is FieldType.TEXT:
        return False
    return test.field.name == "n" or not any(isinstance(matcher, Range) for matcher in test.matchers)


leaves = st.one_of(text_tests, text_tests, number_tests, all_tests).filter(_sayable)
predicates: st.SearchStrategy[Predicate] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=4).map(lambda items: All(tuple(items))),
        st.lists(inner, min_size=1, max_size=4).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=10,
)
rows = events.filter(lambda event: "" not in event.fields.get("flag", ()))
"""Elasticsearch reads an empty text in a field of booleans as false; to Sigma it is an empty text."""


def written(predicate: Predicate) -> tuple[str, list[Assumption]]:
    """The YAML text of a rule for the predicate, and its assumptions."""
    builder = Builder(CATALOGUE, fold=False)
    detection = named(builder.condition(normalise(predicate)))
    return HEAD + emit.document({"detection": detection.plain()}), builder.assumptions


def selected(text: str, event: Event) -> bool:
    target = TargetEvent(event.id, event.fields)
    return bool(SigmaEngine().run([Artifact("example", ".yml", text)], [target], now=0).items)


def _inside(event: Event, assumptions: list[Assumption]) -> bool:
    return all(
        item.allows is None or item.field is None or item.allows(event.fields.get(item.field, ()))
        for item in assumptions
    )


@given(predicates, st.lists(rows, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_the_text_selects_the_events_that_the_predicate_selects(predicate: Predicate, given_rows: list[Event]) -> None:
    if not _holds_for_some(predicate):
        return
    text, assumptions = written(predicate)
    holds = compile_predicate(predicate, CATALOGUE)
    for row in given_rows:
        if _inside(row, assumptions):
            assert selected(text, row) == holds(row), text


@given(predicates)
@settings(max_examples=200, deadline=None)
def test_pysigma_loads_whatever_is_written(predicate: Predicate) -> None:
    if not _holds_for_some(predicate):
        return
    text, _ = written(predicate)
    rule = SigmaRule.from_yaml(text)
    assert not rule.errors
    assert all(condition.parsed is not None for condition in rule.detection.parsed_condition)


@given(predicates)
def test_the_same_predicate_gives_the_same_text(predicate: Predicate) -> None:
    if _holds_for_some(predicate):
        assert written(predicate) == written(predicate)


def _holds_for_some(predicate: Predicate) -> bool:
    """Whether anything is asked: a constant is refused before it is written."""
    return not isinstance(normalise(predicate), Always | Never)
