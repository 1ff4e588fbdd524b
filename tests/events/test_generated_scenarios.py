"""What holds of all generated scenarios, whatever the detection: over random predicates, keys, spans and mappings."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from converter.evaluate.failure import EvaluationError
from converter.evaluate.predicate import compile_predicate
from converter.events.generate import NOW, Generated, Limits, generate
from converter.events.generate.scenario import Draft, Planned, mutation
from converter.ir import (
    All,
    Detection,
    Equal,
    Field,
    IndicatorEntry,
    IndicatorMatch,
    NewTerms,
    Predicate,
    Sample,
    Sequence,
    Stage,
    Test,
    TextLiteral,
    Threshold,
)
from converter.schema.catalogue import FieldInfo
from tests.events.scenarios import alone
from tests.strategies import CATALOGUE, predicates

KINDS = CATALOGUE.extended([FieldInfo("kind"), FieldInfo("k"), FieldInfo("l"), FieldInfo("other.k")])
FEW = Limits(leaves=6, matchers=3, close=4, near=2, events=160, varied=40, streams=6)
random_rules = settings(
    max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)

keys = st.lists(st.sampled_from(["k", "l", "a", "n", "ip", "flag"]), min_size=1, max_size=2, unique=True)
spans = st.one_of(st.none(), st.sampled_from([0, 1, 5, 1000, 90_000_000]))


def kind(word: str) -> Predicate:
    return Test(Field("kind"), (Equal(TextLiteral(word)),))


def fields(names: list[str], optional: bool) -> tuple[Field, ...]:
    return tuple(Field(name, optional) for name in names)


@st.composite
def stages(draw: st.DrawFn, names: tuple[Field, ...], number: int) -> Stage:
    """A stage of its own kind, with a random predicate beside."""
    predicate = All((kind(f"kind {number}"), draw(predicates)))
    return Stage(predicate, names, draw(st.sampled_from([1, 1, 2])), draw(st.sampled_from([False, False, True])))


@st.composite
def sequences(draw: st.DrawFn) -> Sequence:
    names = fields(draw(st.one_of(st.just([]), keys)), draw(st.booleans()))
    drawn = [draw(stages(names, number)) for number in range(draw(st.integers(1, 3)))]
    span = draw(spans)
    until = draw(st.one_of(st.none(), stages(names, 9).map(lambda stage: Stage(stage.predicate, names))))
    positive = (Stage(kind("last"), names),)
    return Sequence((*drawn, *positive), span, until)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    names = fields(draw(keys), draw(st.booleans()))
    drawn = [draw(stages(names, number)) for number in range(draw(st.integers(1, 3)))]
    return Sample(tuple(Stage(stage.predicate, names) for stage in drawn))


thresholds = st.builds(
    lambda predicate, names, at_least, distinct, start: Threshold(
        predicate, fields(names, False), at_least, distinct, start=start
    ),
    predicates,
    st.one_of(st.just([]), keys),
    st.integers(1, 4),
    st.one_of(st.none(), st.tuples(st.sampled_from(["b.c", "n", "kind"]).map(Field), st.integers(1, 3))),
    st.sampled_from([None, "now-6m"]),
)
new_terms = st.builds(
    lambda predicate, names: NewTerms(predicate, fields(names, False), "now-5d", "now-9m"), predicates, keys
)
entries = st.builds(
    IndicatorEntry,
    st.sampled_from(["k", "a", "n", "ip", "message"]).map(Field),
    st.sampled_from(["k", "other.k", "n"]).map(Field),
    st.booleans(),
)
mappings = st.lists(st.lists(entries, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)
indicator_matches = st.builds(
    lambda predicate, indicators, mapping: IndicatorMatch(predicate, ("i",), indicators, mapping),
    predicates,
    predicates,
    mappings,
)
detections: st.SearchStrategy[Detection] = st.one_of(sequences(), samples(), thresholds, new_terms, indicator_matches)


def made(detection: Detection) -> Generated:
    return generate(detection, KINDS, limits=FEW)


def predicates_of(detection: Detection) -> Iterator[Predicate]:
    match detection:
        case Sequence(listed, _, until):
            yield from (stage.predicate for stage in (*listed, *((until,) if until else ())))
        case Sample(listed):
            yield from (stage.predicate for stage in listed)
        case IndicatorMatch(predicate, _, indicators):
            yield from (predicate, indicators)
        case _:
            yield detection.predicate


def compiles(detection: Detection) -> bool:
    """Some random predicates are refused by any search, such as a date that is none."""
    try:
        for predicate in predicates_of(detection):
            compile_predicate(predicate, KINDS, now=NOW)
    except EvaluationError:
        return False
    return True


@random_rules
@given(detections)
def test_a_scenario_says_what_the_evaluator_says_of_it_alone(detection: Detection) -> None:
    """Streams keep their scenarios apart, so that it makes no difference who else is there."""
    assume(compiles(detection))
    generated = made(detection)
    for scenario in generated.scenarios:
        assert alone(generated, scenario, detection, KINDS) is scenario.matches, scenario.purpose


@random_rules
@given(detections)
def test_the_first_scenario_satisfies_the_detection_or_the_reason_is_told(detection: Detection) -> None:
    assume(compiles(detection))
    generated = made(detection)
    told = [item for item in generated.uncovered if item.span is None]
    assert told or generated.scenarios[0].matches


@random_rules
@given(detections)
def test_streams_are_in_order_and_bounded(detection: Detection) -> None:
    assume(compiles(detection))
    generated = made(detection)
    assert len(generated.events) <= FEW.events
    assert len(generated.streams) <= FEW.streams
    for stream in generated.streams:
        times = [item.event.time or 0.0 for item in stream.events]
        assert times == sorted(times)
        assert all(time <= generated.now for time in times)
    ids = [item.event.id for item in generated.events]
    assert len(set(ids)) == len(ids)
    assert sorted(id_ for item in generated.scenarios for id_ in item.ids) == sorted(ids)


@random_rules
@given(detections)
def test_the_same_detection_gives_the_same_scenarios(detection: Detection) -> None:
    assume(compiles(detection))
    first, second = made(detection), made(detection)
    assert first.scenarios == second.scenarios
    assert [item.event.document for item in first.events] == [item.event.document for item in second.events]


@random_rules
@given(detections)
def test_events_are_labelled_by_the_predicates(detection: Detection) -> None:
    assume(compiles(detection))
    holds = [compile_predicate(predicate, KINDS, now=NOW) for predicate in predicates_of(detection)]
    asked = holds[:1] if isinstance(detection, IndicatorMatch) else holds
    for item in made(detection).events:
        assert item.satisfies is any(one(item.event) for one in asked)


A, B = (Stage(kind(letter), (Field("k"),)) for letter in "ab")


@pytest.mark.parametrize("span", [None, 0, 1, 2, 3, 1000, 86_400_000])
@pytest.mark.parametrize("runs", [1, 2])
def test_stages_without_conditions_are_always_satisfied(span: int | None, runs: int) -> None:
    detection = Sequence((Stage(A.predicate, A.keys, runs), B), span)
    generated = made(detection)
    assert generated.uncovered == ()
    assert generated.scenarios[0].matches
    if span is not None:
        by_purpose = {item.purpose: item.matches for item in generated.scenarios}
        assert by_purpose.get("span met exactly", span == 0), "at span 0 that is the run itself"
        assert not by_purpose["span exceeded by one millisecond"]


def test_a_detection_that_the_evaluator_refuses_has_events_and_no_scenarios() -> None:
    generated = made(Threshold(kind("a"), (Field("k"),), 3, within=60_000))
    assert generated.scenarios == ()
    assert generated.events


RUN = (Planned({"kind": "a"}, 0.0, 0.0), Planned({"kind": "b"}, 5.0, 1.0))


def test_a_mutation_that_changes_nothing_is_none() -> None:
    renumbered = (Planned({"kind": "a"}, 7.0, 3.0), Planned({"kind": "b"}, 12.0, 4.0))
    assert [*mutation("the same", RUN, RUN)] == []
    assert [*mutation("the same, later", RUN, renumbered)] == []


@pytest.mark.parametrize(
    "changed",
    [
        RUN[:1],
        (RUN[0], Planned({"kind": "b"}, 6.0, 1.0)),
        (RUN[0], Planned({"kind": "c"}, 5.0, 1.0)),
        (RUN[0], Planned({"kind": "b"}, 5.0, None)),
    ],
)
def test_a_mutation_differs_in_an_event_its_time_or_its_tiebreaker(changed: tuple[Planned, ...]) -> None:
    assert [*mutation("another", RUN, changed)] == [Draft("another", changed)]
