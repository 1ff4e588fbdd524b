"""The rules we ship say what the pages they were retold from say."""

from pathlib import Path

import pytest

from converter import load
from converter.interpret import rule_id_for
from converter.ir import Events, Field, NewTerms, Predicate
from converter.losses import Direction
from converter.passes import canonical
from converter.rule import Rule
from tests.shared import shared

FOLDER = Path(__file__).resolve().parents[2] / "rules"

RULES = {rule.name: rule for rule in load(FOLDER)}

PAGES = {
    "Shared Object Created or Changed by Previously Unknown Process": "000_eea26774e0ba2c8d.txt",
    "Suspicious Process Access via Direct System Call": "001_709ae93afee02d1c.txt",
    "System V Init Script Created": "002_fc8bd0ad5361d889.txt",
    "Potential Linux Tunneling and/or Port Forwarding": "003_6690b7a8b16ecc9e.txt",
    "Potential Remote Code Execution via Web Server": "004_aefc0fd8e9a6b394.txt",
}
NEW_TERMS = "Shared Object Created or Changed by Previously Unknown Process"

every_rule = pytest.mark.parametrize("name", PAGES)


def page(name: str) -> Rule:
    (rule,) = load(shared(f"seeds/{PAGES[name]}"))
    return rule


def predicate(rule: Rule) -> Predicate:
    assert isinstance(rule.detection, Events | NewTerms)
    return canonical(rule.detection.predicate)


def test_the_five_rules_are_shipped() -> None:
    assert set(RULES) == set(PAGES)
    assert [rule.error for rule in RULES.values()] == [None] * 5


@every_rule
def test_files_are_named_after_their_titles(name: str) -> None:
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    assert Path(RULES[name].origin.path).stem == "_".join(words)


@every_rule
def test_ids_are_derived_from_titles(name: str) -> None:
    assert RULES[name].rule_id == rule_id_for(name)


@every_rule
def test_reading_leaves_nothing_to_say(name: str) -> None:
    assert RULES[name].notes == ()
    assert RULES[name].losses == ()


@pytest.mark.shared
@every_rule
def test_predicates_are_those_of_the_pages(name: str) -> None:
    assert predicate(RULES[name]) == predicate(page(name))


@pytest.mark.shared
@pytest.mark.parametrize("name", [name for name in PAGES if name != NEW_TERMS])
def test_detections_of_eql_rules_are_those_of_the_pages(name: str) -> None:
    assert isinstance(RULES[name].detection, Events)
    assert isinstance(page(name).detection, Events)


@pytest.mark.shared
@every_rule
def test_metadata_is_that_of_the_pages(name: str) -> None:
    ours, theirs = RULES[name], page(name)
    kept = ("type", "language", "severity", "risk_score", "version", "author", "license", "tags", "scope", "schedule")
    assert {key: getattr(ours, key) for key in kept} == {key: getattr(theirs, key) for key in kept}


@pytest.mark.shared
@every_rule
def test_attack_entries_are_those_of_the_pages(name: str) -> None:
    def ids(rule: Rule) -> list[object]:
        return [
            (threat.tactic_id, threat.tactic, technique.id, [below.id for below in technique.subtechniques])
            for threat in rule.threat
            for technique in threat.techniques
        ]

    assert ids(RULES[name]) == ids(page(name))


@pytest.mark.shared
@every_rule
def test_guides_are_told_in_our_own_words(name: str) -> None:
    assert RULES[name].guide is not None
    assert RULES[name].guide != page(name).guide
    assert "!{osquery{" in (RULES[name].guide or "")


def test_new_terms_have_fields_and_history() -> None:
    detection = RULES[NEW_TERMS].detection
    assert isinstance(detection, NewTerms)
    assert detection.fields == (Field("file.name"), Field("process.name"))
    assert (detection.history, detection.start) == ("now-5d", "now-9m")


@pytest.mark.shared
def test_the_new_terms_page_alone_is_its_base_rule() -> None:
    rule = page(NEW_TERMS)
    assert isinstance(rule.detection, Events)
    assert [(loss.code, loss.direction) for loss in rule.losses] == [("new-terms-history-unstated", Direction.WIDER)]
