"""Kibana rules: the keys of the API layout, and that what is read back is the rule that was written.

Reading back uses the language that the rule was read with, so it proves the container, not the language.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from converter import convert, load
from converter.interpret import interpret
from converter.ir import Events, NewTerms
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import default_catalogue

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = {Path(rule.origin.path).stem: rule for rule in load(ROOT / "rules")}

REQUIRED = {"rule_id", "name", "description", "risk_score", "severity", "type", "language", "query", "interval", "from"}
REQUIRED |= {"to", "enabled", "tags", "threat", "max_signals", "version", "references", "false_positives", "author"}
REQUIRED |= {"actions", "exceptions_list", "filters", "severity_mapping", "risk_score_mapping"}
OWN = {"new_terms": {"new_terms_fields", "history_window_start"}}
NEW_TERMS = """
[metadata]
maturity = "production"
[rule]
name = "A rule"
description = "What it finds"
type = "new_terms"
language = "kuery"
query = "process.name: a*"
risk_score = 21
severity = "low"
rule_id = "some-id"
[[rule.threat]]
framework = "MITRE ATT&CK"
tactic = { id = "TA0001", name = "Initial Access", reference = "https://attack.mitre.org/tactics/TA0001/" }
[rule.new_terms]
field = "new_terms_fields"
value = ["host.id", "user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-10d"
"""

every_rule = pytest.mark.parametrize("name", SHIPPED)


def lines(rule: Rule) -> list[dict[str, Any]]:
    (artifact,) = convert(rule, to="elasticsearch", format="rule").artifacts
    assert artifact.text.endswith("}\n")
    return [json.loads(line) for line in artifact.text.rstrip("\n").split("\n")]


def read(folder: Path, name: str, text: str) -> Rule:
    (folder / name).write_text(text, encoding="utf-8")
    (rule,) = load(folder / name)
    assert rule.error is None
    return rule


@every_rule
def test_a_rule_and_a_summary(name: str) -> None:
    rule, summary = lines(SHIPPED[name])
    assert set(rule) >= REQUIRED | OWN.get(rule["type"], set())
    assert (summary["exported_count"], summary["exported_rules_count"], summary["missing_rules"]) == (1, 1, [])
    assert rule["enabled"] is False
    assert "null" not in json.dumps([rule, summary]).replace('"', " ").split()


@every_rule
def test_the_rule_read_back_is_the_rule(name: str) -> None:
    rule = SHIPPED[name]
    written, _ = lines(rule)

    again = interpret(RawRule(Origin("rule.ndjson"), written), default_catalogue())

    assert again.error is None
    assert again.detection == rule.detection
    kept = (
        "rule_id",
        "name",
        "type",
        "language",
        "query",
        "severity",
        "risk_score",
        "scope",
        "schedule",
        "threat",
        "tags",
    )
    assert {key: getattr(again, key) for key in kept} == {key: getattr(rule, key) for key in kept}


def test_new_terms_are_keys_of_their_own(tmp_path: Path) -> None:
    rule, _ = lines(read(tmp_path, "rule.toml", NEW_TERMS))
    assert rule["new_terms_fields"] == ["host.id", "user.name"]
    assert rule["history_window_start"] == "now-10d"
    assert "new_terms" not in rule


def test_a_tactic_without_technique_has_none(tmp_path: Path) -> None:
    rule, _ = lines(read(tmp_path, "rule.toml", NEW_TERMS))
    assert rule["threat"][0]["technique"] == []


def test_a_rule_reduced_to_a_query_keeps_no_new_terms(tmp_path: Path) -> None:
    rule = read(tmp_path, "rule.toml", NEW_TERMS)
    assert isinstance(rule.detection, NewTerms)
    written, _ = lines(replace(rule, detection=Events(rule.detection.predicate)))
    assert written["type"] == "query"
    assert not {"new_terms_fields", "history_window_start"} & set(written)


def test_nulls_are_left_out(tmp_path: Path) -> None:
    rule = read(tmp_path, "rule.toml", NEW_TERMS)
    action = {"id": "1", "action_type_id": ".email", "params": {"to": None}}
    written, _ = lines(replace(rule, data={**rule.data, "note": None, "actions": [action]}))
    assert "note" not in written
    assert written["actions"] == [{"id": "1", "action_type_id": ".email", "params": {}}]
