"""What KQL can say is said: any predicate, raised, printed, parsed and lowered again, means what it meant."""

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import (
    ANY_RUN,
    All,
    Any,
    Equal,
    Events,
    Field,
    Like,
    Matcher,
    Not,
    Pattern,
    Phrase,
    Predicate,
    Present,
    Range,
    Test,
    TextLiteral,
    pattern,
)
from converter.languages.kql import lower, to_text
from converter.languages.kql.raising import raise_
from converter.passes import normalise
from tests import strategies
from tests.languages.settled import inside, settled
from tests.strategies import CATALOGUE

_nasty = st.text(st.sampled_from('ab*?\\:(){}<>"not or\n\t\u00a0é'), max_size=6)
_texts = st.one_of(_nasty, st.sampled_from(["not x", "a or b", "and", "null", "true", " a", "C:\\temp\\new"]))


def _framed(pieces: list[str]) -> Pattern:
    """Stars at both ends, so that no blank stands there."""
    return pattern(ANY_RUN, *(part for piece in pieces for part in (piece, ANY_RUN)))


_matchers: st.SearchStrategy[Matcher] = st.one_of(
    _texts.map(lambda text: Equal(TextLiteral(text))),
    st.lists(_texts.filter(bool), min_size=1, max_size=2).map(_framed).map(Like),
    st.builds(lambda low, is_open: Range(low=TextLiteral(low), open_low=is_open), _texts, st.booleans()),
    st.just(Present()),
)
_words: st.SearchStrategy[Matcher] = st.one_of(
    st.lists(st.sampled_from(["alpha", "beta", "x1"]), max_size=3).map(
        lambda found: Phrase(tuple(map(pattern, found)), "standard")
    ),
    st.just(Phrase((pattern("al", ANY_RUN),), "standard")),
    st.just(Present()),
)


def _tests(names: st.SearchStrategy[str], matchers: st.SearchStrategy[Matcher]) -> st.SearchStrategy[Predicate]:
    several = st.lists(matchers, min_size=1, max_size=3).map(tuple)
    return st.builds(lambda name, chosen: Test(Field(name), chosen), names, several)


SAYABLE = st.one_of(
    _tests(st.sampled_from(strategies.TEXT_FIELDS), _matchers),
    _tests(st.just("message"), _words),
    _tests(st.just("n"), strategies.number_matchers),
    strategies.tests.filter(lambda test: isinstance(test.field, Field) and test.field.name in {"ip", "flag"}),
)
CONDITIONS: st.SearchStrategy[Predicate] = st.recursive(
    SAYABLE,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda items: All(tuple(items))),
        st.lists(inner, max_size=3).map(lambda items: Any(tuple(items))),
    ),
    max_leaves=6,
)


def round_trip(predicate: Predicate) -> Predicate | None:
    """What the raised text means, None if KQL cannot say the predicate."""
    raised = raise_(Events(predicate), CATALOGUE)
    if raised.tree is None:
        assert raised.losses
        assert all(loss.direction is None for loss in raised.losses)
        return None
    note(to_text(raised.tree))
    detection = lower(raised.tree, CATALOGUE).detection
    assert isinstance(detection, Events)
    return detection.predicate


@settings(max_examples=300)
@given(CONDITIONS)
def test_what_can_be_said_comes_back(predicate: Predicate) -> None:
    again = round_trip(predicate)
    assert again is not None
    assert settled(again, CATALOGUE) == settled(normalise(predicate), CATALOGUE)


@settings(max_examples=400)
@given(strategies.predicates, strategies.events)
def test_meaning_comes_back(predicate: Predicate, event: Event) -> None:
    again = round_trip(predicate)
    if again is not None and inside(raise_(Events(predicate), CATALOGUE).assumptions, event):
        assert compile_predicate(again, CATALOGUE)(event) is compile_predicate(predicate, CATALOGUE)(event)


@pytest.mark.parametrize(("kind", "least"), [(strategies.predicates, 0.25), (CONDITIONS, 1.0)])
def test_much_can_be_said(kind: st.SearchStrategy[Predicate], least: float) -> None:
    said: list[bool] = []

    @settings(max_examples=300, database=None, derandomize=True)
    @given(kind)
    def count(predicate: Predicate) -> None:
        said.append(round_trip(predicate) is not None)

    count()
    assert sum(said) >= least * len(said)
