"""Whole searches: several sources, new terms, what they assume."""

from dataclasses import replace

import pytest

from converter import convert, parse, verify
from converter.ir import Events, Field, NewTerms
from converter.rule import Rule


def new_terms(history: str, start: str) -> Rule:
    rule = parse('process.name: "a"', language="kuery")
    assert isinstance(rule.detection, Events)
    detection = NewTerms(rule.detection.predicate, (Field("host.id"), Field("user.name")), history, start)
    return replace(rule, type="new_terms", detection=detection)


def lines(rule: Rule, profile: str) -> list[str]:
    (artifact,) = convert(rule, to="splunk", profile=profile).artifacts
    return artifact.text.splitlines()


def test_sources_that_differ_in_their_event_id_are_one() -> None:
    query = 'process where host.os.type == "linux" and event.type in ("start", "end") and process.executable : "/tmp/*"'
    rule = parse(query, language="eql")
    assert lines(rule, "ta") == [
        'source="Syslog:Linux-Sysmon/Operational"',
        '  EventCode IN ("1", "5")',
        '  Image="/tmp/*"',
        "| table _time, host, source, EventCode, Image",
    ]
    assert all(evidence.agree for evidence in verify(rule, to="splunk", profile="ta").evidence)


def test_systems_with_the_same_demands_are_one() -> None:
    query = 'process where event.type == "start" and process.executable : "*tmp*" and process.command_line : "*x*"'
    rule = parse(query, language="eql")
    assert lines(rule, "ta") == [
        'source IN ("XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "Syslog:Linux-Sysmon/Operational")',
        '  EventCode="1"',
        '  Image="*tmp*"',
        '  CommandLine="*x*"',
        "| table _time, host, source, EventCode, Image, CommandLine",
    ]
    assert all(evidence.agree for evidence in verify(rule, to="splunk", profile="ta").evidence)


def test_systems_with_demands_of_their_own_stand_side_by_side() -> None:
    rule = parse('process where event.type == "start" and process.name : "a" and user.name != "x"', language="eql")
    text = "\n".join(lines(rule, "ta"))
    assert text.count('source="XmlWinEventLog') == 1
    assert text.count('source="Syslog') == 1
    assert text.count('EventCode="1"') == 1
    assert all(evidence.agree for evidence in verify(rule, to="splunk", profile="ta").evidence)


def test_only_events_that_splunk_extracts_whole_are_searched() -> None:
    rule = parse('process where process.name : "a"', language="eql")
    assert "splunk-extraction" in [item.code for item in convert(rule, to="splunk", profile="ecs").assumptions]
    assert "splunk-extraction" not in [item.code for item in convert(rule, to="splunk", profile="ta").assumptions]


def test_new_terms() -> None:
    assert lines(new_terms("now-5d", "now-9m"), "ecs") == [
        "earliest=-5d latest=now",
        '  process.name="a"',
        """| where 'process.name'=="a\"""",
        "| stats count, min(_time) AS firstTime, max(_time) AS lastTime BY host.id, user.name",
        '| where firstTime>relative_time(now(), "-9m")',
    ]


def test_rounding_to_days_assumes_the_time_zone() -> None:
    result = convert(new_terms("now-30d/d", "now-1H"), to="splunk", profile="ecs")
    assert "splunk-time-zone" in [assumption.code for assumption in result.assumptions]
    assert result.artifacts[0].text.startswith("earliest=-30d@d latest=now\n")
    assert 'relative_time(now(), "-1h")' in result.artifacts[0].text


@pytest.mark.parametrize(("history", "start"), [("now-1M", "now-9m"), ("now-2w/w", "now-9m"), ("now-5d", "2024-01-01")])
def test_spans_without_a_length_are_refused(history: str, start: str) -> None:
    result = convert(new_terms(history, start), to="splunk", profile="ecs")
    assert [loss.code for loss in result.losses] == ["splunk-history"]


def test_comparing_numbers_assumes_numbers() -> None:
    result = convert(parse("process where process.pid > 4", language="eql"), to="splunk", profile="ecs")
    (assumption,) = [item for item in result.assumptions if item.code == "splunk-numeric-field"]
    assert assumption.allows is not None
    assert assumption.allows(("5", 7))
    assert not assumption.allows(("-",))
