"""Kinds that only their data set tells, and fields that only some kinds have."""

import pytest

from converter.ir import All, Any, Equal, Field, Not, Predicate, Present, Test, TextLiteral
from converter.rule import Scope
from converter.schema.kinds import kinds_of


def equals(field: str, *values: str) -> Test:
    return Test(Field(field), tuple(Equal(TextLiteral(value)) for value in values))


Kinds = set[tuple[str | None, str]]


def found(
    predicate: Predicate, *indices: str, platforms: tuple[str, ...] = ("windows",)
) -> set[tuple[str | None, str]]:
    return set(kinds_of(predicate, platforms, Scope(indices)))


CREATED = equals("event.action", "CreateUser")
AWS = {(None, "AWS API call")}
OKTA = {(None, "Okta system log")}


@pytest.mark.parametrize(
    ("predicate", "indices", "kinds"),
    [
        # the index pattern names the data set
        (CREATED, ("logs-aws.cloudtrail-*",), AWS),
        (CREATED, ("filebeat-*", "logs-aws.cloudtrail*"), AWS),
        (CREATED, ("logs-aws*",), AWS),
        (CREATED, ("logs-okta.system-*",), OKTA),
        # the predicate demands it
        (All((equals("event.dataset", "aws.cloudtrail"), CREATED)), (), AWS),
        (All((equals("data_stream.dataset", "aws.cloudtrail"), CREATED)), ("filebeat-*",), AWS),
        (All((equals("event.module", "aws"), CREATED)), ("filebeat-*",), AWS),
        (
            All((equals("event.dataset", "aws.cloudtrail", "okta.system"), CREATED)),
            (),
            AWS | OKTA,
        ),
        # it reads a field that no other data set has
        (All((CREATED, Test(Field("aws.cloudtrail.user_identity.arn"), (Present(),)))), (), AWS),
        # it says nothing of it, denies it, or cannot hold there
        (CREATED, (), set()),
        (CREATED, ("logs-*",), set()),
        (CREATED, ("filebeat-*",), set()),
        (All((Not(equals("event.dataset", "aws.cloudtrail")), CREATED)), (), set()),
        (All((equals("event.dataset", "okta.system"), CREATED)), ("logs-aws.cloudtrail-*",), set()),
        (All((equals("host.os.type", "windows"), CREATED)), ("logs-aws.cloudtrail-*",), set()),
        (All((equals("event.dataset", "no.such"), CREATED)), (), set()),
    ],
)
def test_data_sets_tell_kinds(predicate: Predicate, indices: tuple[str, ...], kinds: Kinds) -> None:
    assert found(predicate, *indices) == kinds


def test_rules_about_hosts_do_not_speak_of_services() -> None:
    predicate = All(
        (equals("event.category", "process"), equals("event.type", "start"), equals("process.name", "a.exe"))
    )
    kinds = found(predicate, "logs-endpoint.events.process-*", "winlogbeat-*", "filebeat-*")
    assert {platform for platform, _ in kinds} == {"windows"}


SCRIPT = equals("powershell.file.script_block_text", "x")


def test_fields_of_one_provider_leave_the_kinds_of_that_provider() -> None:
    process = equals("event.category", "process")
    assert found(All((process, SCRIPT)), "winlogbeat-*") == {("windows", "script block")}
    others = found(All((process, Any((SCRIPT, equals("process.name", "x"))))), "winlogbeat-*")
    assert ("windows", "process start") in others


@pytest.mark.parametrize(
    ("predicate", "kinds"),
    [
        (equals("event.code", "4698"), {("windows", "security audit")}),
        (equals("event.action", "scheduled-task-created"), {("windows", "security audit")}),
        (equals("event.code", "5136"), {("windows", "security audit")}),
        (equals("event.code", "4624"), {("windows", "logon")}),
        (equals("event.code", "7045"), {("windows", "system log")}),
        (All((equals("event.category", "iam"), equals("event.code", "4624"))), set()),
        (equals("event.code", "1"), {("windows", "process start")}),
    ],
)
def test_codes_tell_kinds_of_the_security_log(predicate: Predicate, kinds: Kinds) -> None:
    assert found(predicate, "winlogbeat-*") == kinds


def test_system_calls_are_meant_where_their_fields_are_demanded() -> None:
    call = equals("auditd.data.syscall", "init_module")
    kind = ("linux", "audited system call")
    assert kind in found(call, "auditbeat-*", platforms=("linux",))
    assert kind not in found(equals("process.name", "x"), "logs-auditd_manager.auditd-*", platforms=("linux",))
