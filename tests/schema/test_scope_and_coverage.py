"""Data sets decide kinds of event; `coverage` says how each field of a rule fares."""

from pathlib import Path

import pytest

from converter.ir import All, Equal, Events, Field, Predicate, Test, TextLiteral
from converter.rule import Origin, Rule, Scope
from converter.schema.catalogue import Catalogue
from converter.schema.coverage import FieldState, coverage
from converter.schema.kinds import kinds_of
from converter.schema.load import load_profile
from converter.schema.port import port
from converter.schema.profile import Profile

PROFILE = load_profile(Path(__file__).parent / "profiles", "example", "example")


def equals(field: str, value: str) -> Test:
    return Test(Field(field), (Equal(TextLiteral(value)),))


def rule(predicate: Predicate, *indices: str) -> Rule:
    return Rule(Origin("test"), "test", "eql", "eql", "", Events(predicate), scope=Scope(indices))


START = All((equals("host.os.type", "windows"), equals("event.type", "start"), equals("process.name", "x")))


@pytest.mark.parametrize(
    ("indices", "sources"),
    [
        ((), ["windows_start"]),
        (("logs-*",), ["windows_start"]),
        (("winlogbeat-*", "logs-okta.system-*"), ["windows_start"]),
        (("logs-endpoint.events.*",), ["windows_start"]),
        (("logs-endpoint.events.process-*",), ["windows_start"]),
        (("logs-endpoint.events.network-*",), []),
        (("logs-okta.system-*",), []),
        (("logs-*", "-logs-endpoint.events.process-*"), ["windows_start"]),
    ],
)
def test_index_patterns_decide_kinds(indices: tuple[str, ...], sources: list[str]) -> None:
    assert [branch.source.name for branch in port(rule(START, *indices), PROFILE, Catalogue({})).branches] == sources


@pytest.mark.parametrize(
    ("dataset", "sources"), [("endpoint.events.process", ["windows_start"]), ("aws.cloudtrail", [])]
)
def test_tests_of_data_sets_are_decided_by_the_kind(dataset: str, sources: list[str]) -> None:
    result = port(rule(All((START, equals("data_stream.dataset", dataset)))), PROFILE, Catalogue({}))
    assert [branch.source.name for branch in result.branches] == sources
    assert all(loss.field != "data_stream.dataset" for loss in result.losses)


def test_sensors_of_a_data_set_record_their_own_kinds() -> None:
    predicate = equals("event.category", "process")
    defend = {kind for _, kind in kinds_of(predicate, ("windows",), Scope(("logs-endpoint.events.process-*",)))}
    sysmon = {kind for _, kind in kinds_of(predicate, ("windows",), Scope(("logs-windows.sysmon_operational-*",)))}
    assert defend == {"process start", "process end"}
    assert {"process start", "process access", "remote thread"} <= sysmon


def test_coverage_of_a_rule() -> None:
    predicate = All((START, equals("process.executable", "x"), equals("user.email", "x")))
    uses = {use.name: use for use in coverage(rule(predicate), PROFILE, Catalogue({}))}
    assert {name: use.state for name, use in uses.items()} == {
        "host.os.type": FieldState.FACT,
        "event.type": FieldState.FACT,
        "process.name": FieldState.DERIVED,
        "process.executable": FieldState.MAPPED,
        "user.email": FieldState.UNMAPPED,
    }
    assert uses["process.name"].detail == "Image of windows_start"


def test_coverage_of_an_identity_profile() -> None:
    identity = Profile("ecs", "example", "", identity=True)
    assert {use.state for use in coverage(rule(START), identity, Catalogue({}))} == {FieldState.MAPPED}


def test_coverage_where_nothing_is_recorded() -> None:
    uses = coverage(rule(All((equals("host.os.type", "macos"), equals("process.name", "x")))), PROFILE, Catalogue({}))
    assert {use.state for use in uses} == {FieldState.UNMAPPED}
