"""Stanzas of savedsearches.conf: their syntax, names, schedules, and that the search in them is the search."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.splunk.engine import conf
from backends.splunk.savedsearch import stanza, stanza_name
from backends.splunk.schedule import DAY, HOUR, MINUTE, cron, period
from converter import convert, load, parse, verify
from converter.rule import Rule, Schedule, Technique, Threat

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = {Path(rule.origin.path).stem: rule for rule in load(ROOT / "rules")}
RULE = replace(parse('process where process.name : "a*"', language="eql"), rule_id="1", name="Rule", severity="high")

every_rule = pytest.mark.parametrize("name", SHIPPED)
identities = st.text(max_size=12)
titles = st.text(st.sampled_from("aB[]/\\#=$% \t\n\x00\x85é"), max_size=100)


def keys(text: str) -> dict[str, str]:
    (found,) = conf.read(text).values()
    return found


def test_a_stanza() -> None:
    technique = Technique("T1059", "x", subtechniques=(Technique("T1059.001", "y"),))
    rule = replace(
        RULE, description="Finds\n  things", threat=(Threat("MITRE ATT&CK", "TA0002", "x", None, (technique,)),)
    )

    lines = stanza(rule, 'a="b"\n| where x==1', None).splitlines()

    assert lines[0] == "[Rule]"
    assert lines[-2:] == ['search = a="b" \\', "| where x==1"]
    found = keys("\n".join(lines) + "\n")
    assert found["description"] == "Finds things"
    assert (found["disabled"], found["enableSched"], found["alert.severity"]) == ("1", "1", "4")
    assert (found["dispatch.earliest_time"], found["dispatch.latest_time"]) == ("-10m@m", "-5m@m")
    annotations = json.loads(found["action.correlationsearch.annotations"])
    assert annotations == {"mitre_attack": ["T1059.001", "T1059"], "elastic_rule_id": ["1"]}


@pytest.mark.parametrize(
    ("interval", "earliest"),
    [("5m", "-10m@m"), ("45m", "-35m@m"), ("1h", "-65m@m"), ("7d", "-1445m@m"), ("30s", "-6m@m")],
)
def test_windows_of_successive_runs_are_adjacent(interval: str, earliest: str) -> None:
    rule = replace(RULE, schedule=Schedule(interval=interval))
    assert keys(stanza(rule, "x=1", None))["dispatch.earliest_time"] == earliest


def test_a_history_is_the_time_range() -> None:
    found = keys(stanza(RULE, "earliest=-5d latest=now x=1", "-5d"))
    assert (found["dispatch.earliest_time"], found["dispatch.latest_time"]) == ("-5d", "now")


@given(titles, titles)
def test_titles_and_descriptions_cannot_leave_their_place(title: str, description: str) -> None:
    text = stanza(replace(RULE, name=title, description=description), 'a="b\\\\"\n| table x', None)

    stanzas = conf.read(text)

    ((name, found),) = stanzas.items()
    assert 0 < len(name) <= 80
    assert not set("[]/\n\x00") & set(name)
    assert name == name.strip()
    assert found["search"].replace(" \n", "\n") == 'a="b\\\\"\n| table x'
    assert len(found) == len(keys(stanza(RULE, "x", None)))
    assert "\n\n" not in text.strip()
    assert "\\ \n" not in text


def test_names_that_were_cut_stay_apart() -> None:
    title = "a long title " * 10
    first, second = stanza_name(title, "1"), stanza_name(title, "2")
    assert first != second
    assert first[:60] == second[:60]
    assert len(first) <= 80


def test_no_search_is_named_like_the_settings_for_all() -> None:
    assert stanza_name("Default", "1") == "Default rule"
    assert stanza_name("[/]", "1") == "rule"


# ---- schedules -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 40 * DAY), identities)
def test_runs_are_as_far_apart_as_the_period_says(wanted: int, identity: str) -> None:
    every = period(wanted)
    assert every <= max(wanted, MINUTE)
    assert every * 2 > wanted or every == DAY

    runs = _runs(cron(every, identity))

    gaps = {(after - before) for before, after in zip(runs, [*runs[1:], runs[0] + DAY], strict=True)}
    assert gaps == {every}
    assert cron(every, identity) == cron(every, identity)


def test_rules_are_spread_over_the_minutes() -> None:
    assert len({cron(HOUR, str(number)) for number in range(60)}) > 20


def _runs(line: str) -> list[int]:
    """Seconds after midnight at which a cron line fires: fields are `*`, a number or `a-b/step`."""
    minute, hour, *rest = line.split(" ")
    assert rest == ["*", "*", "*"]
    return [hours * HOUR + minutes * MINUTE for hours in _members(hour, 24) for minutes in _members(minute, 60)]


def _members(field: str, size: int) -> range:
    if field == "*":
        return range(size)
    if "/" not in field:
        return range(int(field), int(field) + 1)
    span, step = field.split("/")
    low, high = span.split("-")
    assert int(high) < size
    return range(int(low), int(high) + 1, int(step))


# ---- the search in the stanza --------------------------------------------------------------------------------------


@every_rule
@pytest.mark.parametrize("profile", ["ta", "ecs"])
def test_the_stanza_holds_the_search(name: str, profile: str) -> None:
    alone = convert(SHIPPED[name], to="splunk", profile=profile, format="search").artifacts[0].text
    held = keys(convert(SHIPPED[name], to="splunk", profile=profile, format="savedsearch").artifacts[0].text)["search"]
    assert [line.rstrip() for line in held.splitlines()] == alone.splitlines()


@every_rule
def test_saved_searches_hold_in_verification(name: str) -> None:
    rule: Rule = SHIPPED[name]
    (evidence,) = verify(rule, to="splunk", format="savedsearch").evidence
    assert evidence.agree
    assert evidence.within_direction is not False
    assert evidence.independent
    assert evidence.observations
