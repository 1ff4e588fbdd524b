"""Sample events as telemetry looks: source, effective rule and written text answer as tests/cases says."""

from collections import Counter

import pytest

from converter.backend import Observations, Translation, backend
from converter.conversion import convert
from converter.evaluate import evaluate
from converter.ir import Events, NewTerms
from converter.result import Result
from converter.schema.catalogue import default_catalogue
from converter.verify import verify
from converter.verify.judge import Judge
from converter.verify.world import Pair, World, make_world
from tests.verify.case import MISSES, NAMES, NOT_RECORDED, OUTSIDE, SELECTS, TARGETS, Answer, Case, case

every_case = pytest.mark.parametrize("name", NAMES)
every_target = pytest.mark.parametrize(("target", "profile"), TARGETS, ids=[":".join(pair) for pair in TARGETS])

CATALOGUE = default_catalogue()


def newest(sample: Case) -> float:
    return max(event.time or 0.0 for event in sample.events)


def converted(sample: Case, target: str, profile: str) -> tuple[Result, Translation]:
    result = convert(sample.rule, target, profile)
    assert result.translation is not None
    return result, result.translation


def predicate_of(sample: Case) -> Events:
    assert isinstance(sample.rule.detection, Events | NewTerms)
    return Events(sample.rule.detection.predicate)


def answers(world: World, found: Observations) -> dict[str, str]:
    """Each source event's answer, if the observations are event ids."""
    told: dict[str, str] = {event.id: NOT_RECORDED for event in world.not_built}
    told |= {pair.source.id: OUTSIDE for pair in world.set_aside}
    by_event: dict[str, list[Pair]] = {}
    for pair in world.built:
        by_event.setdefault(pair.source.id, []).append(pair)
    for event_id, pairs in by_event.items():
        selected = any((pair.target.id,) in found.items for pair in pairs)
        told[event_id] = SELECTS if selected else MISSES
    return told


def expected(sample: Case, at: str) -> dict[str, str]:
    return {event_id: by_target[at].answer for event_id, by_target in sample.answers.items()}


@every_case
def test_every_sample_event_has_an_expectation(name: str) -> None:
    sample = case(name)
    ids = [event.id for event in sample.events]
    assert len(set(ids)) == len(ids) >= 20
    assert set(ids) == set(sample.answers)
    assert Counter(sample.source.values())[True] >= 6, "the attack in several variants"
    assert Counter(sample.source.values())[False] >= 6, "and its benign neighbours"


@every_case
def test_the_source_rule_selects_what_is_expected(name: str) -> None:
    sample = case(name)
    matches = evaluate(predicate_of(sample), list(sample.events), CATALOGUE, now=newest(sample))
    selected = {event_id for match in matches for event_id in match.ids}
    assert {event.id: event.id in selected for event in sample.events} == sample.source


@every_target
@every_case
def test_the_effective_rule_answers_as_expected(name: str, target: str, profile: str) -> None:
    sample = case(name)
    _, translation = converted(sample, target, profile)
    effective = translation.effective
    assert isinstance(effective, Events | NewTerms)
    world = make_world(translation, predicate_of(sample), sample.events)
    columns = CATALOGUE.extended(translation.profile.columns)
    found = Judge(columns, newest(sample)).observe(Events(effective.predicate), world.merged)
    assert answers(world, found) == expected(sample, f"{target}:{profile}")


@every_target
@every_case
def test_the_written_text_answers_as_expected(name: str, target: str, profile: str) -> None:
    sample = case(name)
    result, translation = converted(sample, target, profile)
    assert sample.rule.detection is not None
    world = make_world(translation, sample.rule.detection, sample.events)
    found = backend(target).engine().run(result.artifacts, world.targets, now=newest(sample))
    if found.kind == "events":
        assert answers(world, found) == expected(sample, f"{target}:{profile}")
    else:
        assert sample.alerts is not None
        assert found.items == sample.alerts.per_target[f"{target}:{profile}"]


@every_target
@every_case
def test_every_other_answer_is_announced(name: str, target: str, profile: str) -> None:
    """A target that answers otherwise names the code; what nothing can be said of names the assumption."""
    sample = case(name)
    result, _ = converted(sample, target, profile)
    losses = {loss.code for loss in result.losses}
    assumptions = {assumption.code for assumption in result.assumptions}
    for event_id, by_target in sample.answers.items():
        match by_target[f"{target}:{profile}"], sample.source[event_id]:
            case (Answer("selects", None), True) | (Answer("misses", None), False) | (Answer("not recorded", None), _):
                pass
            case (Answer("outside", code), _):
                assert code in assumptions, event_id
            case (Answer("not recorded", code), _):
                assert code in losses, event_id
            case (Answer(answer, code), selected):
                assert code in losses, event_id
                assert (answer == SELECTS) != selected, f"{event_id} does not differ"


@every_target
@every_case
def test_verification_holds_on_the_sample_events(name: str, target: str, profile: str) -> None:
    sample = case(name)
    proof = verify(sample.rule, target, profile, events=sample.events, now=newest(sample))
    (evidence,) = proof.evidence
    assert evidence.counterexamples == ()
    assert proof.holds
    assert evidence.observations > 0


def test_new_terms_are_reported_with_their_first_event() -> None:
    sample = case("shared_object_created_or_changed_by_previously_unknown_process")
    assert sample.alerts is not None
    matches = evaluate(sample.rule.detection, list(sample.events), CATALOGUE, now=newest(sample))  # type: ignore[arg-type]
    assert {match.keys: match.ids[0] for match in matches} == sample.alerts.first
