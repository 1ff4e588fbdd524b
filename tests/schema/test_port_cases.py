"""Porting by cases: predicate and profile in, branches and losses with their directions out.

`a` is a field that the source has, `lost…` one that it does not.
"""

from pathlib import Path

import pytest

from converter.errors import ConfigurationError
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    Compare,
    Compute,
    Constant,
    Equal,
    Events,
    Field,
    FieldPattern,
    FieldValue,
    Like,
    Nested,
    Never,
    NewTerms,
    Not,
    NumberLiteral,
    Phrase,
    Predicate,
    Regex,
    Sequence,
    Test,
    TextLiteral,
)
from converter.ir.pattern import pattern
from converter.ir.regex import Alternation, Chars
from converter.losses import Direction
from converter.rule import Origin, Rule, Scope
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.derivation.basename import Basename
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.valuemap import ValueMap
from converter.schema.load import load_profile
from converter.schema.port import SOURCE_FIELD, Ported, port
from converter.schema.profile import Profile, Source
from converter.schema.rewriting import rewritten

PROFILES = Path(__file__).parent / "profiles"
CATALOGUE = Catalogue({name: FieldInfo(name) for name in ("process.name", "process.executable", "file.path")})

WIDER, NARROWER, DIFFERENT = Direction.WIDER, Direction.NARROWER, Direction.DIFFERENT


def equals(field: str, *values: str) -> Test:
    return Test(Field(field), tuple(Equal(TextLiteral(value)) for value in values))


A = equals("a", "1")
A_TARGET = equals("A", "1")
B = equals("b", "1")
B_TARGET = equals("B", "1")
LOST = equals("lost", "x")
LOST_TOO = equals("lost.too", "x")

SOURCE = Source("s", "linux", "process start", facts={"f": ("1",)}, fields={"a": Copy("A"), "b": Copy("B")})


@pytest.mark.parametrize(
    ("predicate", "target", "directions"),
    [
        (LOST, Always(), [WIDER]),
        (Not(LOST), Always(), [WIDER]),
        (Not(Not(LOST)), Always(), [WIDER]),
        (All((A, LOST)), A_TARGET, [WIDER]),
        (All((A, Not(LOST))), A_TARGET, [WIDER]),
        (All((A, Not(Not(LOST)))), A_TARGET, [WIDER]),
        (Any((A, LOST)), A_TARGET, [NARROWER]),
        (Any((A, Not(LOST))), A_TARGET, [NARROWER]),
        (Not(All((A, LOST))), Not(A_TARGET), [NARROWER]),
        (Not(All((A, Not(LOST)))), Not(A_TARGET), [NARROWER]),
        (Not(Any((A, LOST))), Not(A_TARGET), [WIDER]),
        (Not(Any((A, Not(LOST)))), Not(A_TARGET), [WIDER]),
        (Not(Not(All((A, LOST)))), Not(Not(A_TARGET)), [WIDER]),
        (All((A, Any((LOST, LOST_TOO)))), A_TARGET, [WIDER, WIDER]),
        (Any((A, All((LOST, LOST_TOO)))), A_TARGET, [NARROWER, NARROWER]),
        (Any((A, Not(All((LOST, LOST_TOO))))), A_TARGET, [NARROWER, NARROWER]),
        (All((A, Any((B, LOST)))), All((A_TARGET, B_TARGET)), [NARROWER]),
        (Any((A, All((B, LOST)))), Any((A_TARGET, B_TARGET)), [WIDER]),
        (All((A, Not(Any((B, Not(LOST)))))), All((A_TARGET, Not(B_TARGET))), [WIDER]),
        (Any((LOST, LOST_TOO)), Always(), [WIDER, WIDER]),
        (Any((A, All((equals("f", "1"), LOST)))), A_TARGET, [NARROWER]),
        (All((A, Any((equals("f", "2"), LOST)))), A_TARGET, [WIDER]),
        (Any((A, All((equals("f", "2"), LOST)))), A_TARGET, []),
        (All((A, Any((equals("f", "1"), LOST)))), A_TARGET, []),
        (All((A, Nested("lost", LOST))), A_TARGET, [WIDER]),
        (All((A, equals("f", "1", "2"))), A_TARGET, []),
        (All((A, equals("f", "2"))), Never(), []),
    ],
)
def test_lost_tests(predicate: Predicate, target: Predicate, directions: list[Direction]) -> None:
    result = rewritten(predicate, SOURCE)
    assert result.target == target
    assert [loss.direction for loss in result.losses] == directions
    assert all(loss.code in {"field-unmapped", "nested-unmapped"} for loss in result.losses)


@pytest.mark.parametrize(
    ("predicate", "too_wide"),
    [
        (LOST, True),
        (All((A, LOST)), False),
        (All((Not(A), LOST)), True),
        (All((Not(A), Not(LOST))), False),
        (All((equals("f", "1"), LOST)), True),
        (Any((A, LOST)), False),
        (Compute(Compare(">", FieldValue("lost"), Constant(NumberLiteral(1)))), True),
    ],
)
def test_what_is_too_wide(predicate: Predicate, too_wide: bool) -> None:
    assert rewritten(predicate, SOURCE).too_wide is too_wide


def test_wider_image_is_narrower_below_not() -> None:
    source = load_profile(PROFILES, "example", "example").sources[2]
    argument = equals("process.args", "a b")
    plain = [(loss.code, loss.direction) for loss in rewritten(All((argument,)), source).losses]
    below = [(loss.code, loss.direction) for loss in rewritten(Not(argument), source).losses]
    twice = [(loss.code, loss.direction) for loss in rewritten(Not(Not(argument)), source).losses]
    domain = ("arguments-from-command-line", DIFFERENT)
    assert plain == twice == [domain, ("argument-with-blank", WIDER)]
    assert below == [domain, ("argument-with-blank", NARROWER)]


def test_values_that_cannot_be_looked_for_are_left_out() -> None:
    source = load_profile(PROFILES, "example", "example").sources[3]
    leaf = Test(Field("file.name"), (Equal(TextLiteral("x")), Phrase((pattern("x"),), "standard")))
    for predicate, direction in ((leaf, NARROWER), (Not(leaf), WIDER)):
        (loss,) = rewritten(predicate, source).losses
        assert (loss.code, loss.direction) == ("value-unmapped", direction)


def test_pattern_of_fields_stands_for_known_ones() -> None:
    leaf = Test(FieldPattern((ANY_RUN,)), (Equal(TextLiteral("7")),))
    result = rewritten(leaf, SOURCE)
    assert result.target == Any((equals("A", "7"), equals("B", "7")))
    assert [(loss.code, loss.direction) for loss in result.losses] == [("field-pattern-expanded", NARROWER)]


def test_computation_reads_target_fields_and_facts() -> None:
    expression = Compare("==", FieldValue("a"), FieldValue("f"))
    result = rewritten(Compute(expression), SOURCE)
    assert result.target == Compute(Compare("==", FieldValue("A"), Constant(TextLiteral("1"))))
    assert result.losses == ()


# Whole rules


@pytest.fixture(name="profile")
def example_profile() -> Profile:
    return load_profile(PROFILES, "example", "example")


def rule(predicate: Predicate, *tags: str, indices: tuple[str, ...] = ()) -> Rule:
    return Rule(
        Origin("test"),
        "test",
        "eql",
        "eql",
        "",
        Events(predicate),
        tags=tags,
        scope=Scope(indices),
    )


def ported(predicate: Predicate, profile: Profile, *tags: str, source: str | None = None) -> Ported:
    return port(rule(predicate, *tags), profile, CATALOGUE, source=source)


def named(result: Ported) -> list[str]:
    return [branch.source.name for branch in result.branches]


def start(system: str, *more: Predicate) -> Predicate:
    return All(
        (equals("host.os.type", system), equals("event.category", "process"), equals("event.type", "start"), *more)
    )


NAME = equals("process.name", "x")


def test_best_source_of_platform_and_kind(profile: Profile) -> None:
    result = ported(start("windows", NAME, equals("process.args", "-x")), profile)
    assert named(result) == ["windows_start"]
    assert result.branches[0].alternatives == ("windows_start_poor",)


def test_first_source_wins_a_tie(profile: Profile) -> None:
    result = ported(start("windows", NAME), profile)
    assert named(result) == ["windows_start"]
    assert result.losses == ()
    assert result.effective == Events(All((equals(SOURCE_FIELD, "windows_start"), NAME)))


def test_named_source_overrides(profile: Profile) -> None:
    result = ported(start("windows", NAME, equals("process.args", "-x")), profile, source="windows_start_poor")
    assert named(result) == ["windows_start_poor"]
    assert [(loss.code, loss.direction) for loss in result.losses] == [("field-unmapped", WIDER)]


def test_unknown_source_is_a_wrong_option(profile: Profile) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ported(start("windows", NAME), profile, source="none")
    assert caught.value.code == "source-unknown"


def test_system_comes_from_tags_if_the_predicate_is_silent(profile: Profile) -> None:
    predicate = All((equals("event.category", "process"), equals("event.action", "exec", "start"), NAME))
    assert named(ported(predicate, profile, "OS: Linux")) == ["linux_start"]
    assert named(ported(predicate, profile, "OS: Windows")) == ["windows_start"]
    assert named(ported(predicate, profile, "OS: Windows", "OS: Linux")) == ["windows_start", "linux_start"]


def test_predicate_wins_over_tags(profile: Profile) -> None:
    assert named(ported(start("windows", NAME), profile, "OS: Linux")) == ["windows_start"]


def test_kinds_without_source_are_a_narrower_loss(profile: Profile) -> None:
    actions = equals("event.action", "creation", "rename")
    predicate = All(
        (equals("host.os.type", "linux"), equals("event.category", "file"), actions, equals("file.name", "x"))
    )
    result = ported(predicate, profile)
    assert named(result) == ["linux_file"]
    assert [(loss.code, loss.direction) for loss in result.losses] == [("kind-unrecorded", NARROWER)]
    assert "file rename (linux)" in result.losses[0].message


def test_other_sensors_spelling_is_no_other_kind(profile: Profile) -> None:
    predicate = start("linux", equals("event.action", "exec", "exec_event"), equals("user.name", "x"))
    result = ported(predicate, profile)
    assert named(result) == ["linux_start"]
    assert result.losses == ()


def test_several_kinds_are_several_branches(profile: Profile) -> None:
    file = All((equals("event.category", "file"), equals("event.action", "creation"), equals("file.name", "x")))
    process = All((equals("event.category", "process"), equals("event.action", "exec"), equals("user.name", "x")))
    result = ported(All((equals("host.os.type", "linux"), Any((file, process)))), profile)
    assert named(result) == ["linux_start", "linux_file"]
    assert result.losses == ()


def test_caseless_multifield_is_its_parent_without_case(profile: Profile) -> None:
    result = ported(start("windows", equals("process.name.caseless", "x")), profile)
    image = Basename("Image").inverse(Equal(TextLiteral("x"), True))
    assert image is not None
    assert result.branches[0].predicate == image.predicate
    assert result.losses == ()


def test_key_only_field_cannot_be_tested(profile: Profile) -> None:
    result = ported(start("windows", NAME, equals("host.id", "x")), profile)
    assert [(loss.code, loss.direction) for loss in result.losses] == [("test-unmapped", WIDER)]


def test_domain_is_a_different_loss_with_its_text(profile: Profile) -> None:
    predicate = start("linux", equals("event.action", "exec"), NAME)
    (loss,) = ported(predicate, profile).losses
    assert (loss.code, loss.direction, loss.domain) == (
        "name-from-path",
        DIFFERENT,
        "the name is the path's last element",
    )


def test_prefix_rule_maps_the_rest_of_a_name(profile: Profile) -> None:
    result = ported(start("windows", equals("labels.team", "x")), profile)
    assert result.branches[0].predicate == equals("label_team", "x")


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (start("macos", NAME), "source-missing"),
        (start("windows", equals("dns.question.name", "x")), "too-wide"),
        (All((equals("event.category", "authentication"), NAME)), "source-missing"),
    ],
)
def test_refusals(predicate: Predicate, code: str, profile: Profile) -> None:
    result = ported(predicate, profile)
    assert result.refused
    assert result.effective is None
    assert [loss.code for loss in result.losses if loss.direction is None] == [code]


def test_alert_rules_exist_only_in_elasticsearch(profile: Profile) -> None:
    reading = rule(Always(), indices=(".alerts-security.*",))
    assert [loss.code for loss in port(reading, profile, CATALOGUE).losses] == ["reads-alerts"]
    assert not port(reading, Profile("ecs", "elasticsearch", "", identity=True, indexed=True), CATALOGUE).refused
    assert port(reading, Profile("ecs", "splunk", "", identity=True), CATALOGUE).refused


def test_sequences_are_refused(profile: Profile) -> None:
    result = port(rule(Always()), profile, CATALOGUE, detection=Sequence(()))
    assert [loss.code for loss in result.losses] == ["detection-unported"]


def test_identity_changes_nothing() -> None:
    detection = NewTerms(start("linux", NAME), (Field("user.name"),), "now-5d", "now-5m")
    result = port(rule(Always()), Profile("ecs", "splunk", "", identity=True), CATALOGUE, detection=detection)
    (branch,) = result.branches
    assert branch.predicate == branch.effective == detection.predicate
    assert branch.keys == (FieldValue("user.name"),)
    assert result.effective == detection
    assert result.losses == ()


def new_terms(*fields: str) -> NewTerms:
    return NewTerms(start("windows", NAME), tuple(map(Field, fields)), "now-5d", "now-5m")


def test_new_terms_fields_become_expressions(profile: Profile) -> None:
    detection = new_terms("process.name", "host.id")
    result = port(rule(Always()), profile, CATALOGUE, detection=detection)
    assert result.branches[0].keys == (Basename("Image").value(), FieldValue("Host"))
    assert isinstance(result.effective, NewTerms)
    assert result.losses == ()


def test_new_terms_without_a_value_become_the_base_rule(profile: Profile) -> None:
    result = port(rule(Always()), profile, CATALOGUE, detection=new_terms("process.name", "process.args"))
    assert isinstance(result.effective, Events)
    assert result.branches[0].keys == ()
    assert [(loss.code, loss.direction, loss.field) for loss in result.losses] == [
        ("first-seen-dropped", WIDER, "process.args")
    ]


def test_wildcards_stop_at_separators(profile: Profile) -> None:
    leaf = Test(Field("process.name"), (Like(pattern("a", ANY_RUN, "b")),))
    result = ported(start("windows", leaf), profile)
    assert result.losses == ()
    assert isinstance(result.branches[0].predicate, Test)


def test_every_loss_of_a_new_terms_predicate_works_both_ways(profile: Profile) -> None:
    # The history is selected by the same predicate: what it misses makes terms look new.
    names = equals("event.action", "exec", "fork")
    base = All((equals("host.os.type", "linux"), names, NAME, equals("lost", "x")))
    detection = NewTerms(base, (Field("user.name"),), "now-5d", "now-5m")
    result = port(rule(Always()), profile, CATALOGUE, detection=detection)
    assert {loss.code for loss in result.losses} == {"field-unmapped", "name-from-path", "kind-unrecorded"}
    assert {loss.direction for loss in result.losses} == {DIFFERENT}


def test_targets_without_history_get_the_base_rule_with_its_keys(profile: Profile) -> None:
    detection = NewTerms(start("windows", NAME, equals("lost", "x")), (Field("host.id"),), "now-5d", "now-5m")
    result = port(rule(Always()), profile, CATALOGUE, detection=detection, history=False)
    assert isinstance(result.effective, Events)
    assert result.branches[0].keys == (FieldValue("Host"),)
    assert [(loss.code, loss.direction) for loss in result.losses] == [("field-unmapped", WIDER)]


def test_a_pattern_of_fields_has_the_losses_of_those_it_stands_for() -> None:
    source = load_profile(PROFILES, "example", "example").sources[2]
    leaf = Test(FieldPattern(pattern("process.", ANY_RUN)), (Equal(TextLiteral("a b")),))
    found = {(loss.code, loss.direction) for loss in rewritten(leaf, source).losses}
    assert found == {
        ("field-pattern-expanded", NARROWER),
        ("name-from-path", DIFFERENT),
        ("arguments-from-command-line", DIFFERENT),
        ("argument-with-blank", WIDER),
    }


@pytest.mark.parametrize(
    ("matcher", "assumed"),
    [(Equal(TextLiteral("x")), []), (Like(pattern(ANY_RUN, "a", ANY_RUN)), []), (Like(pattern(ANY_RUN, ANY_RUN)), [])],
)
def test_one_test_of_a_column_assumes_nothing(matcher: Like | Equal, assumed: list[str], profile: Profile) -> None:
    result = ported(start("windows", Test(Field("process.name"), (matcher,))), profile)
    assert [assumption.code for assumption in result.assumptions] == assumed


def test_several_tests_of_one_column_assume_one_value(profile: Profile) -> None:
    empty_too = Regex(Alternation((Chars("x"), Chars(""))))
    result = ported(start("windows", Test(Field("process.name"), (empty_too,))), profile)
    (assumption,) = result.assumptions
    assert (assumption.code, assumption.field) == ("field-single-valued", "Image")
    assert assumption.allows is not None
    assert assumption.allows(("a",))
    assert not assumption.allows(("a", "b"))


def test_a_data_set_is_answered_by_the_kind_under_an_assumption(profile: Profile) -> None:
    result = ported(start("windows", NAME, equals("data_stream.dataset", "endpoint.events.process")), profile)
    assert named(result) == ["windows_start"]
    assert result.losses == ()
    (assumption,) = result.assumptions
    assert (assumption.code, assumption.field) == ("data-set-by-kind", "data_stream.dataset")
    assert assumption.allows is not None
    verdicts = [assumption.allows(values) for values in (("endpoint.events.process",), ("system.security",), ())]
    assert verdicts == [True, False, False]


def test_a_refusal_says_which_value_the_source_never_has(profile: Profile) -> None:
    result = ported(start("linux", NAME, equals("event.action", "exec_event")), profile)
    (loss,) = result.losses
    assert loss.code == "source-missing"
    assert "linux_start" in loss.message
    assert "always have exec in `event.action`" in loss.message


def test_a_source_in_which_nothing_can_be_found_is_none() -> None:
    # The map is closed: no value of the column stands for what the rule looks for.
    mapped = Source(
        "s", "linux", "process start", fields={"a": Copy("A"), "b": ValueMap("B", {"x": ("1",)}), "f": Copy("F")}
    )
    found = ported(
        All((equals("host.os.type", "linux"), A, equals("b", "2"))), Profile("p", "t", "", sources=(mapped,))
    )
    assert [loss.code for loss in found.losses] == ["source-missing"]
