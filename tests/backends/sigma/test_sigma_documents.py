"""What a Sigma rule says besides its detection: metadata of the Elastic rule, in the form that Sigma's tools accept."""

import re
import uuid
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from sigma.rule import SigmaRule

import converter
from backends.sigma import Sigma
from converter.conversion import convert
from converter.errors import ConfigurationError
from converter.ir import Always, Detection, Events, Sequence, Stage, Take
from converter.losses import converter_codes
from converter.rule import Rule, Schedule, Scope, Technique, Threat

QUERY = 'process where host.os.type == "windows" and event.type == "start" and process.command_line : "*x*"'
TWO_KINDS = 'any where host.os.type == "windows" and event.type == "deletion" and process.executable : "?:\\\\x\\\\*"'
RULE_ID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def rule(query: str = QUERY, **changes: Any) -> Rule:
    return replace(converter.parse(query, "eql"), **{"name": "Some Rule", "rule_id": RULE_ID, **changes})


def texts(given: Rule, **options: str) -> list[str]:
    return [artifact.text for artifact in convert(given, "sigma", "sigma", options=options).artifacts]


def documents(given: Rule, **options: str) -> list[dict[str, object]]:
    return [yaml.safe_load(text) for text in texts(given, **options)]


FULL: dict[str, Any] = {
    "description": 'Finds x.\n\nAnd "y".',
    "author": ("Elastic", "A Person"),
    "license": "Elastic License v2",
    "references": ("https://example.org/a", "https://example.org/b", "https://example.org/a"),
    "false_positives": ("Administrators do this.",),
    "severity": "high",
    "risk_score": 73,
    "version": 4,
    "created": "2024/01/02",
    "updated": "2025/03/04",
    "threat": (
        Threat(
            "MITRE ATT&CK",
            "TA0011",
            "Command and Control",
            techniques=(Technique("T1071", "x", subtechniques=(Technique("T1071.001", "y"),)),),
        ),
        Threat("MITRE ATT&CK", "TA0002", "Execution", techniques=(Technique("T1059", "z"),)),
    ),
    "scope": Scope(("logs-endpoint.events.*",)),
    "schedule": Schedule("10m", "now-15m"),
}


def test_the_whole_document() -> None:
    identity = str(uuid.uuid5(uuid.UUID("6c1f4c0e-8d0b-5b1e-9a53-3f2d1a7c5e90"), f"{RULE_ID}/windows-process-creation"))
    assert texts(rule(**FULL)) == [
        f"""\
title: 'Some Rule'
id: {identity}
related:
    -   id: {RULE_ID}
        type: derived
status: experimental
description: "Finds x.\\n\\nAnd \\"y\\"."
license: 'Elastic-2.0'
references:
    - 'https://example.org/a'
    - 'https://example.org/b'
author: 'Elastic, A Person'
date: 2024-01-02
modified: 2025-03-04
tags:
    - 'attack.command-and-control'
    - 'attack.t1071'
    - 'attack.t1071.001'
    - 'attack.execution'
    - 'attack.t1059'
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains: 'x'
    condition: selection
falsepositives:
    - 'Administrators do this.'
level: high
custom:
    elastic:
        rule_id: '{RULE_ID}'
        type: 'eql'
        index:
            - 'logs-endpoint.events.*'
        interval: '10m'
        from: 'now-15m'
        risk_score: 73
        version: 4
"""
    ]


def test_custom_keys_can_be_left_out() -> None:
    (document,) = documents(rule(**FULL), custom="false")
    assert "custom" not in document


@pytest.mark.parametrize(
    ("changes", "key", "value"),
    [
        pytest.param({"name": "A rule."}, "title", "A rule", id="no final dot"),
        pytest.param({"name": "x" * 300}, "title", "x" * 255 + "…", id="a title has at most 256 characters"),
        pytest.param({"description": "x" * 70_000}, "description", "x" * 65_534 + "…", id="a long description"),
        pytest.param({"description": ""}, "description", "Some Rule", id="no description"),
        pytest.param({"rule_id": "not-a-uuid"}, "related", None, id="an id that is none"),
        pytest.param({"created": "soon"}, "date", None, id="a date that is none"),
        pytest.param({"created": "2024/01/02", "updated": "2024/01/02"}, "modified", None, id="not modified"),
        pytest.param({"severity": None}, "level", "medium", id="no severity"),
        pytest.param({"false_positives": ()}, "falsepositives", ["Unknown"], id="no false positives"),
        pytest.param({"threat": (Threat("x", "y", "Öl & Gas"),)}, "tags", None, id="a tactic that is no tag"),
        pytest.param({"license": "MIT"}, "license", "MIT", id="another licence"),
    ],
)
def test_odd_metadata_never_makes_an_invalid_rule(changes: dict[str, Any], key: str, value: object) -> None:
    given = rule(**changes)
    (document,) = documents(given)
    assert document.get(key) == value
    assert not SigmaRule.from_yaml(texts(given)[0]).errors


def test_rules_of_one_rule_know_each_other() -> None:
    given = documents(rule(TWO_KINDS))
    assert len(given) > 1
    ids = [document["id"] for document in given]
    assert len(set(ids)) == len(ids)
    assert len({document["title"] for document in given}) == len(given)
    for document in given:
        others = [{"id": other, "type": "similar"} for other in ids if other != document["id"]]
        assert document["related"] == [{"id": RULE_ID, "type": "derived"}, *others]


def test_names_of_several_files_differ() -> None:
    names = [artifact.name for artifact in convert(rule(TWO_KINDS), "sigma", "sigma").artifacts]
    assert len(set(names)) == len(names) > 1


def test_the_id_depends_on_the_rule_alone() -> None:
    (first,), (again,), (other,) = (
        documents(given) for given in (rule(), rule(severity="low"), rule(rule_id=str(uuid.UUID(int=1))))
    )
    assert first["id"] == again["id"] != other["id"]


def test_rules_that_keep_ecs_names_say_so() -> None:
    (artifact,) = convert(rule(), "sigma", "ecs").artifacts
    document = yaml.safe_load(artifact.text)
    assert document["taxonomy"] == "ecs"
    assert document["detection"]["selection"]["process.command_line|contains"] == "x"


def test_folding_case_is_a_loss_and_leaves_no_cased() -> None:
    query = QUERY.replace(': "*x*"', '== "x"')
    exact, folded = (convert(rule(query), "sigma", "sigma", options={"case": case}) for case in ("exact", "fold"))
    assert "CommandLine|cased: 'x'" in exact.artifacts[0].text
    assert "CommandLine: 'x'" in folded.artifacts[0].text
    assert [loss.code for loss in exact.losses] == []
    assert [loss.code for loss in folded.losses] == ["sigma-case"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('process where event.type == "start" and startsWith(process.name, user.name)', "sigma-expression"),
        ("process where process.args_count > 5 and length(process.name) > 20000", "sigma-regex"),
        ('any where `a|b` == "x"', "sigma-field-name"),
    ],
)
def test_what_sigma_cannot_say_is_refused(query: str, code: str) -> None:
    result = convert(rule(query), "sigma", "ecs")
    assert result.verdict == "refused"
    assert code in [loss.code for loss in result.losses]
    assert not result.artifacts


@pytest.mark.parametrize(
    "detection",
    [
        pytest.param(Events(Always(), (Take("head", 5),)), id="a limit on results"),
        pytest.param(Sequence((Stage(Always()), Stage(Always()))), id="a sequence"),
    ],
)
def test_more_than_a_condition_on_single_events_is_refused(detection: Detection) -> None:
    result = convert(rule(detection=detection), "sigma", "sigma")
    assert [loss.code for loss in result.losses] == ["sigma-detection"]
    assert result.verdict == "refused"


def test_a_profile_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(ConfigurationError) as failed:
        Sigma().profile("cim")
    assert failed.value.code == "profile-unknown"


def test_every_code_of_a_finding_is_registered() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in Path(str(files("backends.sigma"))).glob("*.py"))
    known = {*Sigma().codes, *converter_codes()}
    assert set(re.findall(r'"(sigma-[a-z-]+)"', written)) <= known | {"sigma-reader"}


def test_case_is_left_to_a_field_of_lower_case_words_only_for_such_a_word() -> None:
    query = 'any where event.category == "process" and event.outcome == "Success"'
    result = convert(rule(query), "sigma", "ecs")
    assert "event.category: 'process'\n" in result.artifacts[0].text
    assert "event.outcome|cased: 'Success'\n" in result.artifacts[0].text
    assert [(item.code, item.field) for item in result.assumptions] == [("sigma-normalised", "event.category")]
