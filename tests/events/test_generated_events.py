"""Generated events: every branch gets one that satisfies it, near misses surround it, and nothing depends on chance."""

import pytest
from hypothesis import HealthCheck, given, settings

from converter.evaluate.failure import EvaluationError
from converter.evaluate.predicate import compile_predicate
from converter.events.generate import NOW, Generated, GeneratedEvent, Limits, generate
from converter.ir import Always, Events, Field, Never, NewTerms, Predicate
from converter.languages import eql
from converter.languages.kql.lowering import lower as lower_kql
from converter.languages.kql.parser import parse as parse_kql
from converter.schema.catalogue import default_catalogue
from tests.strategies import CATALOGUE, predicates

CONDITIONS = [
    'process.name == "a.exe"',
    'process.name in ("a.exe", "b.exe") and process.executable : "C:\\\\Windows\\\\*"',
    'process.executable : "/dev/shm/*" and process.name like "*.so" and not process.name == "x.so"',
    'file.extension == "so" and file.path : "/tmp/?*" and file.name != "sample.so"',
    'file.path : "*/a/*" and file.path : "*/b/*" and not file.path : "*/c/*"',
    'process.args == "-c" and process.args : "*curl*" and process.args_count >= 4',
    'process.args : "a b" and process.command_line : "*a b*"',
    'process.command_line : "*curl*" and process.command_line : "*http*" and length(process.command_line) > 200',
    'process.args_count == 1 and process.args == "x"',
    'not (process.name == "a" and user.name == "b")',
    "process.name == null and process.pid > 100 and process.pid < 200",
    'startsWith(process.parent.name, process.name) and process.name : "b*"',
    'process.name regex "[a-f]{3}[0-9]+(\\\\.exe|\\\\.com)?"',
    'cidrMatch(source.ip, "10.0.0.0/8", "fe80::/10") and not cidrMatch(source.ip, "10.0.0.0/9")',
    'registry.path : "HKLM\\\\*\\\\Run\\\\*" and registry.value : "x*" and registry.data.strings : "*"',
    "process.code_signature.trusted == true and process.code_signature.exists != false",
    '(process.name : "a" or (process.name : "b" and user.name == "c")) and not user.id in ("0", "1")',
    'process.name.caseless == "cmd.exe" and process.executable : "C:\\\\*"',
    'substring(process.name, -4) == ".exe" and length(process.name) > 4',
    "file.Ext.windows.zone_identifier > 1 and dll.Ext.relative_file_creation_time <= 500.5",
]


def detection(condition: str) -> Events:
    found = eql.lower(eql.parse(f"any where {condition}"), default_catalogue()).detection
    assert isinstance(found, Events)
    return found


def made(condition: str) -> Generated:
    return generate(detection(condition), default_catalogue())


def test_a_value_also_stands_in_lists() -> None:
    found = [item.satisfies for item in made('user.roles == "Admin"').events if "list with the value" in item.purpose]
    assert found == [True] * 6, "first, last, in the middle, alone, twice, beside null"


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_branch_has_a_coherent_event_that_satisfies_it(condition: str) -> None:
    generated = made(condition)
    branches = [item for item in generated.events if item.purpose.startswith("branch ")]
    assert generated.uncovered == ()
    assert all(item.satisfies and item.coherent for item in branches)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_some_events_satisfy_the_rule_and_some_do_not(condition: str) -> None:
    assert {item.satisfies for item in made(condition).events} == {True, False}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_coherent_events_agree_with_themselves(condition: str) -> None:
    for item in made(condition).events:
        if item.coherent:
            parts = item.event.fields
            path, name = parts.get("process.executable", ()), parts.get("process.name", ())
            assert not (path and name) or str(path[0]).replace("\\", "/").split("/")[-1] == name[0], item.purpose
            count, args = parts.get("process.args_count", ()), parts.get("process.args", ())
            assert not (count and args) or count == (len(args),), item.purpose


def test_each_alternative_of_a_list_is_a_branch() -> None:
    generated = made('process.name in ("a.exe", "b.exe", "c.exe") and (user.name == "x" or user.name == "y")')
    assert generated.branches == 5
    positives = [item.event.fields["process.name"] for item in generated.events if item.purpose.startswith("branch")]
    assert {("a.exe",), ("b.exe",), ("c.exe",)} <= set(positives)


def test_a_long_list_is_sampled() -> None:
    names = ", ".join(f'"{number}.exe"' for number in range(500))
    generated = generate(detection(f"process.name in ({names})"), default_catalogue(), limits=Limits(matchers=10))
    assert generated.branches == 10
    assert generated.uncovered == ()


def test_events_are_bounded() -> None:
    generated = generate(detection(CONDITIONS[1]), default_catalogue(), limits=Limits(events=7))
    assert len(generated.events) == 7


@pytest.mark.parametrize(
    "condition",
    [
        'process.name == "a" and process.name == null',
        'process.name == "a" and not process.name like "a*"',
        'false and process.name == "a"',
    ],
)
def test_a_branch_that_nothing_can_satisfy_is_reported(condition: str) -> None:
    generated = made(condition)
    assert generated.uncovered
    assert not any(item.satisfies for item in generated.events)


def test_only_the_alternative_that_cannot_be_true_is_reported() -> None:
    generated = made('(process.name == "a" or process.name == "b") and process.name != "b"')
    assert [found.leaf for found in generated.uncovered] == [
        "Field(name='process.name', optional=False) Equal(value=TextLiteral(value='b'), ignore_case=False)"
    ]


@pytest.mark.parametrize(
    "purpose",
    [
        "other case",
        "one character more",
        "one character less",
        "value missing",
        "null",
        "empty list",
        "list without the value",
        "a star inside",
        "a question mark",
        "a quote inside",
        "a backslash inside",
        "a line break",
        "a letter beyond ASCII",
        "empty text",
        "the leaf alone turned round",
    ],
)
def test_literals_are_surrounded_by_near_misses(purpose: str) -> None:
    found = [item for item in made('user.name == "Admin"').events if purpose in item.purpose]
    assert found
    assert any(not item.satisfies for item in found)


def test_near_misses_of_a_literal_vary_only_its_field() -> None:
    generated = made('user.name == "Admin" and process.pid == 4')
    about_name = [item for item in generated.events if "other case" in item.purpose]
    assert [item.event.fields["process.pid"] for item in about_name] == [(4,)]


def test_a_denied_literal_is_tried_too() -> None:
    generated = made('process.pid == 4 and not user.name == "Admin"')
    assert any(item.event.fields.get("user.name") == ("Admin",) and not item.satisfies for item in generated.events)


def test_a_changed_name_changes_its_path() -> None:
    for item in made('process.name == "a.exe" and process.executable like "C:\\\\*"').events:
        if item.purpose.startswith("near miss: one character more: 'a.exex'"):
            assert item.event.fields["process.executable"][0] == "C:\\a.exex"
            return
    pytest.fail("there is no near miss of the name")


def test_nested_objects_are_made_and_taken_apart() -> None:
    query = 'gcp.audit.service_data.policy_delta.binding_deltas:{ action:"ADD" and member:"allUsers" }'
    lowered = lower_kql(parse_kql(query), default_catalogue())
    generated = generate(lowered.detection, default_catalogue())
    assert generated.uncovered == ()
    apart = [item for item in generated.events if "different objects" in item.purpose]
    assert [item.satisfies for item in apart] == [False]


@pytest.mark.parametrize(("predicate", "holds"), [(Always(), True), (Never(), False)])
def test_a_constant_predicate_gives_an_ordinary_event(predicate: Predicate, holds: bool) -> None:
    generated = generate(Events(predicate), default_catalogue())
    assert [item.satisfies for item in generated.events] == [holds]


def documents(generated: Generated) -> list[object]:
    return [(item.purpose, item.event.document) for item in generated.events]


def test_the_same_rule_gives_the_same_events() -> None:
    assert documents(made(CONDITIONS[1])) == documents(made(CONDITIONS[1]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(predicates)
def test_labels_are_what_the_evaluator_says(predicate: Predicate) -> None:
    try:
        holds = compile_predicate(predicate, CATALOGUE, now=NOW)
    except EvaluationError:
        return
    generated = generate(Events(predicate), CATALOGUE, limits=Limits(events=150))
    for item in generated.events:
        assert holds(item.event) is item.satisfies, item.purpose
        assert item.satisfies or not item.purpose.startswith("branch")


def times(generated: Generated) -> list[float]:
    return [item.event.time or 0.0 for item in generated.events]


def test_ids_are_unique_and_times_rise_to_the_present() -> None:
    generated = made(CONDITIONS[1])
    assert len({item.event.id for item in generated.events}) == len(generated.events)
    assert times(generated) == sorted(times(generated))
    assert times(generated)[-1] < generated.now


def new_terms() -> tuple[Generated, list[GeneratedEvent]]:
    rule = NewTerms(
        detection('event.action == "load"').predicate,
        (Field("process.name"), Field("file.name")),
        history="now-5d",
        start="now-9m",
    )
    generated = generate(rule, default_catalogue())
    return generated, [item for item in generated.events if item.purpose.startswith("new terms")]


@pytest.mark.parametrize(
    ("purpose", "minutes"),
    [
        ("first seen inside", [-8.0]),
        ("first seen exactly at", [-9.0]),
        ("seen before its start and inside", [-10.0, -8.0]),
        ("seen before history and inside", [-5 * 24 * 60.0 - 1 / 60_000, -8.0]),
        ("seen twice inside", [-8.0, -7.0]),
    ],
)
def test_new_terms_are_seen_at_every_place_that_matters(purpose: str, minutes: list[float]) -> None:
    generated, items = new_terms()
    found = [item for item in items if purpose in item.purpose]
    assert [((item.event.time or 0) - generated.now) / 60_000 for item in found] == pytest.approx(minutes, abs=1e-6)
    assert len({(item.event.fields["process.name"], item.event.fields["file.name"]) for item in found}) == 1


def test_each_history_has_terms_of_its_own() -> None:
    _, items = new_terms()
    seen: dict[object, set[str]] = {}
    for item in items:
        names = item.event.fields.get("process.name"), item.event.fields.get("file.name")
        if item.purpose.startswith(("new terms: first", "new terms: seen")) and item.satisfies:
            seen.setdefault(names, set()).add(item.purpose)
    assert all(len(purposes) <= 2 for purposes in seen.values())


def test_new_terms_have_lists_and_gaps() -> None:
    _, items = new_terms()
    assert any(len(item.event.fields.get("file.name", ())) == 2 for item in items)
    assert any("file.name" not in item.event.fields for item in items)
