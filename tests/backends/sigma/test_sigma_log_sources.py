"""Every log source of the profile `sigma`: which rules go there, and that its neighbours are not selected."""

import pytest

import converter
from backends.sigma import Sigma
from backends.sigma.engine import SigmaEngine
from converter.backend import TargetEvent
from converter.conversion import convert
from converter.languages import sigma
from converter.schema.profile import Source
from converter.verify import verify

PROFILE = Sigma().profile("sigma")

WINDOWS = 'host.os.type == "windows" and'
LINUX = 'host.os.type == "linux" and'
MACOS = 'host.os.type == "macos" and'

RULES = {
    "windows_process_creation": f'process where {WINDOWS} event.type == "start" and process.pid == 4',
    "windows_process_termination": f'process where {WINDOWS} event.type == "end" and process.pid == 4',
    "windows_process_access": f'process where {WINDOWS} event.code == "10" and winlog.event_data.CallTrace : "x"',
    "windows_create_remote_thread": f'process where {WINDOWS} event.code == "8" and process.pid == 4',
    "windows_process_tampering": f'process where {WINDOWS} event.code == "25" and process.pid == 4',
    "windows_raw_access_thread": f'process where {WINDOWS} event.code == "9" and process.pid == 4',
    "windows_file_event": f'file where {WINDOWS} event.type == "creation" and file.path : "c:\\\\x"',
    "windows_file_delete": f'file where {WINDOWS} event.type == "deletion" and file.path : "c:\\\\x"',
    "windows_file_change": f'file where {WINDOWS} event.code == "2" and file.path : "c:\\\\x"',
    "windows_create_stream_hash": f'file where {WINDOWS} event.code == "15" and file.path : "c:\\\\x"',
    "windows_pipe_created": f'file where {WINDOWS} event.code == "17" and file.name : "\\\\x"',
    "windows_pipe_connected": f'file where {WINDOWS} event.code == "18" and file.name : "\\\\x"',
    "windows_registry_set": f'registry where {WINDOWS} event.code == "13" and registry.data.strings : "x"',
    "windows_registry_rename": f'registry where {WINDOWS} event.code == "14" and process.pid == 4',
    "windows_registry_add": f'registry where {WINDOWS} event.type == "creation" and process.pid == 4',
    "windows_registry_delete": f'registry where {WINDOWS} event.type == "deletion" and process.pid == 4',
    "windows_network_connection": f'network where {WINDOWS} event.code == "3" and destination.port == 4444',
    "windows_dns_query": f'any where {WINDOWS} event.code == "22" and dns.question.name : "example.org"',
    "windows_image_load": f'library where {WINDOWS} dll.name : "x.dll"',
    "windows_driver_load": f'driver where {WINDOWS} event.code == "6" and dll.name : "x.sys"',
    "windows_wmi_event": f'process where {WINDOWS} event.code == "19" and winlog.event_data.Name : "x"',
    "linux_process_creation": f'process where {LINUX} event.type == "start" and process.pid == 4',
    "linux_process_termination": f'process where {LINUX} event.type == "end" and process.pid == 4',
    "linux_file_event": f'file where {LINUX} event.type == "creation" and file.path : "/x"',
    "linux_file_delete": f'file where {LINUX} event.type == "deletion" and file.path : "/x"',
    "linux_network_connection": f'network where {LINUX} event.type == "start" and destination.port == 4444',
    "macos_process_creation": f'process where {MACOS} event.type == "start" and process.pid == 4',
    "macos_file_event": f'file where {MACOS} event.type == "creation" and file.path : "/x"',
}


def test_every_log_source_has_a_rule() -> None:
    assert set(RULES) == {source.name for source in PROFILE.sources}


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_the_rule_goes_to_the_log_source(source: Source) -> None:
    result = convert(converter.parse(RULES[source.name], "eql"), "sigma", "sigma")
    logsources = [sigma.read(artifact.text)[0].logsource for artifact in result.artifacts]
    assert [use.name for use in result.sources] == [source.name]
    assert logsources == [
        {name.removeprefix("logsource."): values[0] for name, values in source.select.items() if "logsource" in name}
    ]


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_the_neighbours_of_the_log_source_are_not_selected(source: Source) -> None:
    proof = verify(converter.parse(RULES[source.name], "eql"), "sigma", "sigma")
    (evidence,) = proof.evidence
    assert evidence.holds, evidence.counterexamples
    assert evidence.observations > 0
    assert source.neighbours


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("windows_registry_delete", ["DeleteKey", "DeleteValue"], ["CreateKey"]),
        ("windows_registry_add", ["CreateKey"], ["DeleteKey"]),
        ("windows_pipe_created", ["CreatePipe"], ["ConnectPipe"]),
        ("windows_pipe_connected", ["ConnectPipe"], ["CreatePipe"]),
    ],
)
def test_the_type_of_event_tells_apart_what_one_category_holds(
    name: str, inside: list[str], outside: list[str]
) -> None:
    result = convert(converter.parse(RULES[name], "eql"), "sigma", "sigma")
    events = [
        TargetEvent(kind, {"EventType": (kind,), "ProcessId": (4,), "PipeName": ("\\x",)}) for kind in inside + outside
    ]
    found = SigmaEngine().run(result.artifacts, events, now=0).items
    assert found == {(kind,) for kind in inside}


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_no_event_id_tells_log_sources_apart(source: Source) -> None:
    assert "EventID" not in source.select
    assert not any("EventID" in neighbour for neighbour in source.neighbours)
