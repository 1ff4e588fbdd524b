"""The profile `ta`: raw events as the add-ons keep them, seen as Elastic's pipelines would show them.

The events are made up after the services' public schemas; expectations follow from the pipelines' documentation.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from backends.splunk import Splunk
from converter.events.event import Scalar, Values
from converter.schema.catalogue import default_catalogue
from converter.schema.derivation.interface import CannotBuild
from converter.schema.kinds import spellings
from converter.schema.profile import Source
from converter.schema.project import build, project

PROFILE = Splunk().profile("ta")
SOURCES = {source.name: source for source in PROFILE.sources}


def flattened(value: Any, name: str = "") -> Iterator[tuple[str, Scalar]]:
    """The fields that Splunk extracts from JSON: members after a dot, elements of lists under braces."""
    match value:
        case dict():
            for key, item in value.items():
                yield from flattened(item, f"{name}.{key}" if name else key)
        case list():
            for item in value:
                yield from flattened(item, f"{name}{{}}")
        case None:
            return
        case _:
            yield name, value


def row(document: dict[str, Any]) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for name, value in flattened(document):
        found[name] = (*found.get(name, ()), value)
    return found


CLOUDTRAIL = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::111122223333:assumed-role/ops/ann",
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "ops"}},
    },
    "eventSource": "iam.amazonaws.com",
    "eventName": "CreateUser",
    "sourceIPAddress": "192.0.2.7",
    "userAgent": "aws-cli/2.0",
    "requestParameters": {"userName": "mallory"},
    "resources": [{"ARN": "arn:aws:iam::111122223333:user/mallory", "type": "AWS::IAM::User"}],
}
OKTA = {
    "eventType": "user.session.start",
    "outcome": {"result": "FAILURE", "reason": "INVALID_CREDENTIALS"},
    "actor": {"id": "00u1", "alternateId": "ann@example.com", "type": "User"},
    "client": {"ipAddress": "192.0.2.8", "userAgent": {"rawUserAgent": "curl/8"}},
    "target": [{"id": "0oa1", "alternateId": "app"}, {"id": "00u2", "alternateId": "bob@example.com"}],
    "debugContext": {"debugData": {"threatSuspected": "true", "risk": "{level=HIGH}"}},
}
M365 = {
    "Operation": "Add user.",
    "Workload": "AzureActiveDirectory",
    "RecordType": 8,
    "ResultStatus": "Success",
    "UserId": "ann@example.com",
    "ClientIP": "192.0.2.9",
    "Actor": [{"ID": "ann@example.com", "Type": 5}],
    "Parameters": [{"Name": "ForwardTo", "Value": "out@example.org"}, {"Name": "Enabled", "Value": "True"}],
}
SIGN_IN = {
    "category": "NonInteractiveUserSignInLogs",
    "operationName": "Sign-in activity",
    "callerIpAddress": "192.0.2.10",
    "properties": {
        "userPrincipalName": "ann@example.com",
        "appId": "app-1",
        "isInteractive": False,
        "status": {"errorCode": 50126},
        "authenticationDetails": [{"authenticationMethod": "Password"}],
    },
}
ENTRA_AUDIT = {
    "category": "AuditLogs",
    "operationName": "Add member to role",
    "properties": {
        "result": "success",
        "initiatedBy": {"user": {"id": "1", "userPrincipalName": "ann@example.com"}},
        "additionalDetails": [{"key": "UserType", "value": "Member"}],
    },
}
AZURE_ACTIVITY = {
    "operationName": "MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE",
    "resultType": "Success",
    "category": "Administrative",
    "callerIpAddress": "192.0.2.11",
    "identity": {"authorization": {"evidence": {"principalId": "p-1"}}},
    "properties": {"statusCode": "OK"},
}
CLOUD_AUDIT = {
    "data": {
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "methodName": "storage.buckets.delete",
            "serviceName": "storage.googleapis.com",
            "authenticationInfo": {"principalEmail": "ann@example.com"},
            "requestMetadata": {"callerIp": "private"},
            "authorizationInfo": [{"permission": "storage.buckets.delete", "granted": True}],
            "status": {},
        },
        "resource": {"labels": {"project_id": "demo"}},
    }
}
GITHUB = {"action": "org.add_member", "actor": "ann", "permission": "admin", "public_repo": False, "org": "acme"}
KUBERNETES = {
    "verb": "create",
    "user": {"username": "system:anonymous", "groups": ["system:unauthenticated"]},
    "sourceIPs": ["192.0.2.12", "192.0.2.13"],
    "objectRef": {"resource": "pods", "namespace": "default"},
    "requestObject": {"spec": {"hostPID": True, "containers": [{"image": "busybox"}]}},
    "annotations": {"authorization.k8s.io/decision": "forbid"},
}
WORKSPACE = {
    "id": {"applicationName": "admin"},
    "actor": {"email": "ann@example.com"},
    "ipAddress": "192.0.2.14",
    "event": {
        "type": "USER_SETTINGS",
        "name": "SUSPEND_USER",
        "parameters": [{"name": "USER_EMAIL", "value": "bob@example.com"}],
    },
}
LOGON = {
    "EventCode": 4624,
    "Computer": "dc1.example.com",
    "Keywords": "0x8020000000000000",
    "SubjectUserName": "DC1$",
    "TargetUserName": "ann",
    "LogonType": 10,
    "IpAddress": "192.0.2.15",
    "IpPort": "50123",
    "ProcessName": "C:\\Windows\\System32\\svchost.exe",
}
NEW_PROCESS = {
    "EventCode": 4688,
    "SubjectUserName": "ann",
    "NewProcessName": "C:\\Windows\\System32\\cmd.exe",
    "CommandLine": "cmd.exe /c whoami",
    "ParentProcessName": "C:\\Windows\\explorer.exe",
}
NEW_TASK = {"EventCode": 4698, "SubjectUserName": "ann", "TaskName": "\\x", "Keywords": "0x8020000000000000"}
DIRECTORY_CHANGE = {"EventCode": 5136, "AttributeLDAPDisplayName": "servicePrincipalName", "SubjectUserName": "ann"}
NEW_SERVICE = {"EventCode": 7045, "ServiceName": "x", "ImagePath": "C:\\x.exe"}
SCRIPT = {"EventCode": 4104, "ScriptBlockText": "Get-Item x", "Path": "C:\\t\\a.ps1", "UserID": "S-1-5-18"}
SYSTEM_CALL = {"type": "SYSCALL", "SYSCALL": "init_module", "success": "yes", "comm": "insmod", "exe": "/sbin/insmod"}


@pytest.mark.parametrize(
    ("source", "document", "expected", "absent"),
    [
        (
            "aws_cloudtrail",
            CLOUDTRAIL,
            {
                "event.action": "CreateUser",
                "event.provider": "iam.amazonaws.com",
                "event.outcome": "success",
                "user.name": "ops",
                "source.ip": "192.0.2.7",
                "cloud.account.id": "111122223333",
                "aws.cloudtrail.user_identity.type": "AssumedRole",
                "aws.cloudtrail.resources.arn": "arn:aws:iam::111122223333:user/mallory",
                "aws.cloudtrail.flattened.request_parameters.userName": "mallory",
            },
            ["aws.cloudtrail.error_code", "host.os.type"],
        ),
        (
            "aws_cloudtrail",
            CLOUDTRAIL | {"errorCode": "AccessDenied", "sourceIPAddress": "cloudformation.amazonaws.com"},
            {"event.outcome": "failure", "source.address": "cloudformation.amazonaws.com"},
            ["source.ip"],
        ),
        (
            "okta_system_log",
            OKTA,
            {
                "event.action": "user.session.start",
                "event.outcome": "failure",
                "okta.actor.alternate_id": "ann@example.com",
                "okta.target.alternate_id": ("app", "bob@example.com"),
                "source.ip": "192.0.2.8",
                "okta.debug_context.debug_data.threat_suspected": "true",
            },
            ["okta.debug_context.debug_data.flattened.risk"],
        ),
        ("okta_system_log", OKTA | {"outcome": {"result": "SKIPPED"}}, {"event.outcome": "unknown"}, []),
        ("okta_system_log", OKTA | {"outcome": {"result": "ALLOW"}}, {"event.outcome": "success"}, []),
        (
            "m365_audit",
            M365,
            {
                "event.action": "added-user-account",
                "event.provider": "AzureActiveDirectory",
                "event.code": "AzureActiveDirectory",
                "event.category": ("web", "iam"),
                "event.outcome": "success",
                "o365.audit.Parameters.ForwardTo": "out@example.org",
                "o365.audit.Actor.Type": "5",
                "user.id": "ann@example.com",
            },
            ["o365.audit.Operation"],
        ),
        ("m365_audit", M365 | {"ResultStatus": "Failed"}, {"event.outcome": "failure"}, []),
        (
            "entra_sign_in",
            SIGN_IN,
            {
                "event.outcome": "failure",
                "event.category": "authentication",
                "source.ip": "192.0.2.10",
                "azure.signinlogs.properties.is_interactive": False,
                "azure.signinlogs.properties.authentication_details.authentication_method": "Password",
            },
            [],
        ),
        ("entra_sign_in", SIGN_IN | {"properties": {"status": {"errorCode": 0}}}, {"event.outcome": "success"}, []),
        ("entra_sign_in", SIGN_IN | {"properties": {}}, {"event.outcome": "success"}, []),
        (
            "entra_audit",
            ENTRA_AUDIT,
            {
                "event.action": "Add member to role",
                "event.outcome": "success",
                "azure.auditlogs.properties.initiated_by.user.userPrincipalName": "ann@example.com",
                "azure.auditlogs.properties.additional_details.key": "UserType",
            },
            [],
        ),
        (
            "azure_activity",
            AZURE_ACTIVITY,
            {
                "azure.activitylogs.operation_name": "MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE",
                "event.outcome": "Success",
                "azure.activitylogs.identity.authorization.evidence.principal_id": "p-1",
                "azure.activitylogs.properties.status_code": "OK",
            },
            [],
        ),
        ("azure_activity", AZURE_ACTIVITY | {"resultType": "Start"}, {}, ["event.outcome"]),
        (
            "google_cloud_audit",
            CLOUD_AUDIT,
            {
                "event.action": "storage.buckets.delete",
                "event.outcome": "success",
                "service.name": "storage.googleapis.com",
                "client.user.email": "ann@example.com",
                "gcp.audit.authorization_info.granted": True,
                "cloud.project.id": "demo",
            },
            ["source.ip"],
        ),
        (
            "github_audit",
            GITHUB,
            {
                "event.action": "org.add_member",
                "event.category": ("configuration", "web", "iam"),
                "github.category": "org",
                "user.name": "ann",
            },
            [],
        ),
        ("github_audit", GITHUB | {"action": "repo.create"}, {"event.category": ("configuration", "web")}, []),
        (
            "kubernetes_audit",
            KUBERNETES,
            {
                "event.action": "create",
                "event.outcome": "failure",
                "kubernetes.audit.user.username": "system:anonymous",
                "kubernetes.audit.user.groups": "system:unauthenticated",
                "source.ip": ("192.0.2.12", "192.0.2.13"),
                "kubernetes.audit.objectRef.resource": "pods",
                "kubernetes.audit.requestObject.spec.hostPID": True,
                "kubernetes.audit.requestObject.spec.containers.image": "busybox",
                "kubernetes.audit.annotations.authorization_k8s_io/decision": "forbid",
            },
            [],
        ),
        (
            "google_workspace_administration",
            WORKSPACE,
            {
                "event.action": "SUSPEND_USER",
                "event.provider": "admin",
                "google_workspace.event.type": "USER_SETTINGS",
                "google_workspace.admin.user.email": "bob@example.com",
                "source.user.email": "ann@example.com",
            },
            ["google_workspace.admin.setting.name"],
        ),
        (
            "windows_security_logon",
            LOGON,
            {
                "event.code": "4624",
                "event.action": "logged-in",
                "event.outcome": "success",
                "user.name": "ann",
                "winlog.logon.type": "RemoteInteractive",
                "source.ip": "192.0.2.15",
                "source.port": 50123,
                "process.name": "svchost.exe",
                "winlog.event_data.SubjectUserName": "DC1$",
            },
            ["winlog.event_data.IpAddress"],
        ),
        (
            "windows_security_logon",
            LOGON | {"EventCode": 4648, "IpAddress": "-"},
            {"event.action": "logged-in-explicit", "user.name": "DC1$"},
            ["source.ip"],
        ),
        (
            "windows_security_process_creation",
            NEW_PROCESS,
            {
                "event.action": "created-process",
                "process.name": "cmd.exe",
                "process.args": ("cmd.exe", "/c", "whoami"),
                "process.parent.name": "explorer.exe",
                "user.name": "ann",
            },
            [],
        ),
        (
            "windows_security_audit",
            NEW_TASK,
            {
                "event.code": "4698",
                "event.action": "scheduled-task-created",
                "event.category": ("iam", "configuration"),
                "event.type": ("creation", "admin"),
                "event.provider": "Microsoft-Windows-Security-Auditing",
                "user.name": "ann",
                "winlog.event_data.TaskName": "\\x",
            },
            [],
        ),
        (
            "windows_security_audit",
            DIRECTORY_CHANGE,
            {"event.code": "5136", "event.action": "Directory Service Changes"},
            ["event.category", "user.name"],
        ),
        (
            "windows_system_log",
            NEW_SERVICE,
            {
                "event.code": "7045",
                "event.provider": "Service Control Manager",
                "winlog.channel": "System",
                "winlog.event_data.ImagePath": "C:\\x.exe",
            },
            ["event.action"],
        ),
        (
            "windows_script_block",
            SCRIPT,
            {
                "powershell.file.script_block_text": "Get-Item x",
                "file.name": "a.ps1",
                "file.directory": "C:\\t",
                "event.code": "4104",
            },
            [],
        ),
        (
            "linux_audited_system_call",
            SYSTEM_CALL,
            {"auditd.data.syscall": "init_module", "auditd.result": "success", "process.name": "insmod"},
            [],
        ),
    ],
)
def test_raw_events_seen_as_ecs(
    source: str, document: dict[str, Any], expected: dict[str, Scalar | Values], absent: list[str]
) -> None:
    seen = project(row(document), SOURCES[source])
    wanted = {name: value if isinstance(value, tuple) else (value,) for name, value in expected.items()}
    assert {name: seen.get(name) for name in wanted} == wanted
    assert not [name for name in absent if name in seen]


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_events_of_facts_alone_can_be_built(source: Source) -> None:
    """Facts and selections agree with the derivations; every source can hold an event of its kind."""
    built = build({name: values for name, values in source.facts.items() if values}, source)
    assert not isinstance(built, CannotBuild)
    assert all(set(built[column]) <= set(values) for column, values in source.select.items())


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_sources_are_of_known_kinds(source: Source) -> None:
    kinds = [spelling for spelling in spellings() if spelling.kind == source.kind]
    assert kinds
    assert any(source.platform in spelling.platforms for spelling in kinds)
    assert source.neighbours
    assert source.facts.get("host.os.type", ()) == (() if source.platform is None else (source.platform,))


def test_columns_named_like_ecs_fields_are_declared() -> None:
    """The catalogue would otherwise say of a vendor's `event.type` what it says of Elastic's."""
    declared = {column.name for column in PROFILE.columns}
    read = {column for source in SOURCES.values() for item in source.fields.values() if item for column in item.columns}
    selected = {column for source in SOURCES.values() for column in source.select}
    ecs = default_catalogue()
    assert not [name for name in sorted(read | selected) if name not in declared and ecs[name].known]


def test_columns_of_lists_are_declared_as_lists() -> None:
    arrays = {column.name for column in PROFILE.columns if column.array}
    read = {column for source in SOURCES.values() for item in source.fields.values() if item for column in item.columns}
    assert {name for name in read if "{}" in name} <= arrays
