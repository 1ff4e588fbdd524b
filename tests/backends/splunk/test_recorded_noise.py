"""Recorded Windows events as noise: what a search finds among them is what the rule finds in their projections.

The recordings are ../shared/events; the searches are those of profile `ta`. By default a part of the events and of the
public rules is tried; RULEPORT_RECORDINGS=all tries everything (a quarter of an hour).
"""

import os
from collections import Counter
from collections.abc import Sequence
from functools import cache

import pytest

import converter
from backends.splunk.engine import SplunkEngine
from converter.backend import Observations, TargetEvent, Translation
from converter.events.event import Event
from converter.ir import Detection
from converter.result import Result
from converter.rule import Rule
from converter.schema.catalogue import default_catalogue
from converter.schema.profile import Source
from converter.verify.judge import Judge
from converter.verify.world import merge, used_sources
from tests.backends.splunk.recordings import recorded
from tests.shared import shared

pytestmark = pytest.mark.shared

ALL = os.environ.get("RULEPORT_RECORDINGS") == "all"
EVERY = 1 if ALL else 12
OF_ONE_KIND = 1_000_000 if ALL else 10
"""Events of one recording with one id, of one log."""

OF_OUR_OWN = (
    'process where event.type == "start" and process.name : ("cmd.exe", "powershell.exe")',
    'process where event.type == "start" and process.command_line : "*reg*"',
    'process where event.type == "start" and not process.parent.name : ("cmd.exe", "explorer.exe")',
    'registry where registry.path : "*CurrentVersion*" and event.type == "change"',
    'file where event.type == "creation" and file.extension : ("ps1", "exe", "dll", "tmp")',
    "network where destination.port == 445 or destination.port == 389",
    'library where dll.name : "amsi.dll" or dll.path : "?:\\\\Windows\\\\System32\\\\*"',
    'sequence by host.id with maxspan=5m [process where event.type == "start"] [registry where true]',
    "sequence by host.id with maxspan=5s [registry where true] [file where true] until [network where true]",
)


@cache
def rows() -> tuple[TargetEvent, ...]:
    return tuple(recorded(shared("events/security-datasets")))


@cache
def sample() -> tuple[TargetEvent, ...]:
    seen: Counter[object] = Counter()
    kept = []
    for row in rows():
        kind = (row.id.partition(":")[0], row.fields["source"], row.fields["EventCode"])
        seen[kind] += 1
        if seen[kind] <= OF_ONE_KIND:
            kept.append(row)
    return tuple(kept)


def projections(events: Sequence[TargetEvent], sources: Sequence[Source]) -> list[Event]:
    """What the rule sees: every event as each source of the search shows it; other events as they are."""
    found: list[Event] = []
    for row in events:
        shown = [merge(row, source) for source in sources if _is_of(row, source)]
        found += shown or [Event(row.id, row.fields, {}, row.time)]
    return found


def _is_of(row: TargetEvent, source: Source) -> bool:
    return all(set(row.fields.get(column, ())) & set(values) for column, values in source.select.items())


def compared(rule: Rule, result: Result, events: Sequence[TargetEvent]) -> Observations | None:
    """What search and rule both find; None for a search that does not look at Windows' logs."""
    translation = result.translation
    if translation is None or translation.effective is None or rule.detection is None:
        return None
    if not any("windows" in use.name for use in translation.sources):
        return None
    now = max(row.time for row in events)
    found = SplunkEngine().run(result.artifacts, events, now=now)
    assert found == meant(translation, translation.effective, rule, events, found.kind, now), rule.name
    if result.verdict == "exact":
        assert found == meant(translation, rule.detection, rule, events, found.kind, now), rule.name
    return found


def meant(
    translation: Translation, detection: Detection, rule: Rule, events: Sequence[TargetEvent], kind: str, now: float
) -> Observations:
    columns = default_catalogue().extended(translation.profile.columns)
    shown = projections(events, used_sources(translation))
    return Judge(columns, now, rule.indicators).observe(detection, shown, kind)


@pytest.mark.parametrize("query", OF_OUR_OWN)
def test_a_rule_of_ours_finds_the_same(query: str) -> None:
    rule = converter.parse(query, language="eql")
    found = compared(rule, converter.convert(rule, to="splunk", profile="ta"), sample())
    assert found is not None
    assert found.items


def test_public_rules_find_the_same() -> None:
    rules = [rule for rule in converter.load(shared("corpus/elastic-rules")) if rule.detection is not None]
    results = [(rule, converter.convert(rule, to="splunk", profile="ta", format="search")) for rule in rules[::EVERY]]
    found = [one for rule, result in results if (one := compared(rule, result, sample())) is not None]
    assert len(found) >= 240 / EVERY
    if ALL:
        assert sum(len(one.items) for one in found) > 200
