"""Rules through Sysmon's vocabulary: what is spelled differently there is announced, what cannot occur is not."""

import pytest

import converter
from converter.backend import Verdict

RULE = 'registry where host.os.type == "windows" and event.action == "modification" and '


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (r'registry.path : "HKLM\\Software\\Run\\*"', []),
        (r'registry.path : "*\\CurrentControlSet\\Services\\*"', []),
        (r'registry.path : "HKLM\\SYSTEM\\*ControlSet*\\Lsa"', []),
        (r'registry.path : "HKLM\\SYSTEM\\ControlSet*\\Lsa"', ["registry-control-set"]),
        (r'registry.path : "HKLM\\SYSTEM\\ControlSet001\\Lsa"', ["registry-control-set"]),
        (r'registry.path : "\\REGISTRY\\MACHINE\\SOFTWARE\\*"', ["registry-spelling"]),
        (r'registry.path : "*\\Run\\*" and registry.data.strings : "*http*"', ["registry-data-spelling"]),
    ],
)
def test_what_sysmon_spells_differently_is_announced(condition: str, codes: list[str]) -> None:
    result = converter.convert(converter.parse(RULE + condition, language="eql"), to="splunk")
    assert [loss.code for loss in result.losses] == codes
    assert result.verdict is (Verdict.APPROXIMATE if codes else Verdict.EXACT)


def test_data_confine_a_rule_to_values_that_are_set() -> None:
    text = (
        r'registry where host.os.type == "windows" and registry.data.strings : "*http*" and registry.path : "*\\Run\\*"'
    )
    result = converter.convert(converter.parse(text, language="eql"), to="splunk")
    assert [use.name for use in result.sources] == ["windows_registry_set"]
    assert "kind-unrecorded" not in {loss.code for loss in result.losses}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("process.pe.company != null", ["Company"]),
        ('process.pe.company : "?*"', ["Company"]),
        ("length(process.pe.company) > 0", ["Company"]),
        ('process.pe.company : "A*"', []),
    ],
)
def test_sysmon_writes_a_dash_for_what_it_does_not_know(condition: str, expected: list[str]) -> None:
    text = f'process where host.os.type == "windows" and event.type == "start" and {condition}'
    result = converter.convert(converter.parse(text, language="eql"), to="splunk")
    assert [item.field for item in result.assumptions if item.code == "blank-left-out"] == expected
