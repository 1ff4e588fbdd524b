"""Rules with traps for porting: what is lost has to be told, with the direction that follows by thought.

All are judged on Sysmon's fields as Splunk's add-ons write them. `+` is wider, `-` narrower, `~` different.
"""

import pytest

import converter
from converter.losses import Direction

WINDOWS = 'host.os.type == "windows"'
START = f'process where {WINDOWS} and event.type == "start"'
SIGNS = {"+": Direction.WIDER, "-": Direction.NARROWER, "~": Direction.DIFFERENT}
KINDS = "- kind-unrecorded"
NAME = "~ name-from-path process.name"
TRUSTED = "field-unmapped process.code_signature.trusted"


@pytest.mark.parametrize(
    ("query", "losses"),
    [
        # negations over fields that are not there
        (f'{START} and process.name : "a.exe" and not process.code_signature.trusted == true', {f"+ {TRUSTED}"}),
        (f'{START} and (process.name : "a.exe" or not process.code_signature.trusted == true)', {f"- {TRUSTED}"}),
        (
            (
                f'{START} and process.command_line : "*x*" and '
                'not (process.name : "a.exe" and not process.code_signature.trusted == true)'
            ),
            {f"- {TRUSTED}"},
        ),
        (
            (
                f'{START} and process.command_line : "*x*" and '
                'not (process.name : "a.exe" or process.code_signature.trusted == true)'
            ),
            {f"+ {TRUSTED}"},
        ),
        # null, optional fields, values that are mapped
        (f'{START} and process.parent.name == null and process.name : "a.exe"', set()),
        (f'{START} and ?process.Ext.token.integrity_level_name : "System" and user.name : "SYSTEM"', set()),
        (
            f'{START} and process.name : "a.exe" and ?process.user.id != "S-1-5-18"',
            {"+ field-unmapped process.user.id"},
        ),
        # several kinds of event, some of them not recorded
        (f'file where {WINDOWS} and event.type != "deletion" and file.path : "C:\\\\Tasks\\\\*"', {KINDS}),
        (f'any where {WINDOWS} and event.category in ("file", "registry") and process.name : "a.exe"', {KINDS}),
        (
            'file where host.os.type == "linux" and event.action in ("creation", "rename") and file.path : "/etc/*"',
            {KINDS},
        ),
        (f'dns where {WINDOWS} and dns.question.name : "*.example" and not process.name : "b.exe"', set()),
        (
            (
                f'any where {WINDOWS} and (event.category : ("driver", "library") or event.action : "Image loaded*") '
                'and (dll.name : "x.dll" or file.name : "x.dll")'
            ),
            set(),
        ),
        # spellings of other sensors beside Elastic's own
        (
            'process where host.os.type == "linux" and event.action in ("exec", "exec_event") and process.name == "nc"',
            {NAME},
        ),
        # directions that are mapped values
        (f'network where {WINDOWS} and event.action == "connection_accepted" and source.port > 1024', set()),
        # arguments
        (
            f'{START} and process.name : "a.exe" and not process.args : "a b"',
            {"~ arguments-from-command-line process.args", "- argument-with-blank process.args"},
        ),
        # no operating system, nothing but a name
        (
            'process where event.type == "start" and process.name : "curl"',
            {NAME, KINDS},
        ),
    ],
)
def test_losses(query: str, losses: set[str]) -> None:
    result = converter.convert(converter.parse(query, language="eql"), to="splunk", profile="ta")
    assert result.artifacts
    expected = {(SIGNS[sign], *rest.split(" ")) for sign, rest in (loss.split(" ", 1) for loss in losses)}
    found = {(loss.direction, loss.code, *([loss.field] if loss.field else [])) for loss in result.losses}
    assert found == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f'file where {WINDOWS} and event.action == "rename" and file.extension : "exe"', "source-missing"),
        ('process where host.os.type == "macos" and event.type == "start" and process.name == "x"', "source-missing"),
        (
            'process where host.os.type == "linux" and event.action == "exec_event" and process.name == "x"',
            "source-missing",
        ),
        (f"{START} and process.code_signature.trusted == false", "too-wide"),
        (f'{START} and process.group_leader.name : "x" and not process.name : "y"', "too-wide"),
    ],
)
def test_refusals(query: str, code: str) -> None:
    result = converter.convert(converter.parse(query, language="eql"), to="splunk", profile="ta")
    assert not result.artifacts
    assert code in {loss.code for loss in result.losses if loss.direction is None}
