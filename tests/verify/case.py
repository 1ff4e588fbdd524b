"""The cases of tests/cases: a shipped rule, sample events, what every target answers on them, and why.

`expected.toml` holds a table per event: `selects` is the answer of the source and, where no `differs` names it,
of every target. An answer is one of

* `selects`, `misses`: what the output does;
* `not recorded`: no source of the target holds such an event;
* `outside`: the event is outside the assumption named by `code`, so that nothing is claimed of it.

Wherever a target answers otherwise than the source, `code` names the loss that says so.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from converter import load
from converter.events.event import Event
from converter.events.reading import read_events
from converter.rule import Rule

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
NAMES = tuple(sorted(path.stem for path in (ROOT / "rules").glob("*.toml")))
TARGETS = (
    ("elasticsearch", "ecs"),
    ("splunk", "ecs"),
    ("splunk", "ta"),
    ("sigma", "ecs"),
    ("sigma", "sigma"),
    ("osquery", "osquery"),
)

SELECTS, MISSES, NOT_RECORDED, OUTSIDE = "selects", "misses", "not recorded", "outside"
Term = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one target does with one event; `code` is the loss or assumption that says so, None where it is the source's
    own answer or where the target has no such event."""

    answer: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Alerts:
    """Expected combinations of new terms; in `first`, each with the id of its first event."""

    first: Mapping[Term, str]
    per_target: Mapping[str, frozenset[Term]]


@dataclass(frozen=True, slots=True)
class Case:
    """One shipped rule with its sample events and the expected answers, by event id and `target:profile`."""

    rule: Rule
    events: tuple[Event, ...]
    source: Mapping[str, bool]
    answers: Mapping[str, Mapping[str, Answer]]
    alerts: Alerts | None


@cache
def case(name: str) -> Case:
    (rule,) = load(ROOT / "rules" / f"{name}.toml")
    folder = CASES / name
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    alerts = expected.pop("alerts", None)
    events = tuple(read_events(str(folder / "events.ndjson")))
    source = {event_id: entry["selects"] for event_id, entry in expected.items()}
    answers = {event_id: _answers(entry) for event_id, entry in expected.items()}
    return Case(rule, events, source, answers, None if alerts is None else _alerts(alerts))


def _answers(entry: dict[str, Any]) -> dict[str, Answer]:
    answers = {f"{target}:{profile}": Answer(SELECTS if entry["selects"] else MISSES) for target, profile in TARGETS}
    for differs in _tables(entry):
        answers |= {at: Answer(differs["answer"], differs.get("code")) for at in differs["at"]}
    return answers


def _alerts(entry: dict[str, Any]) -> Alerts:
    first = {(file, process): event_id for file, process, event_id in entry["source"]}
    per_target = {f"{target}:{profile}": frozenset(first) for target, profile in TARGETS}
    for differs in _tables(entry):
        missing = {(file, process) for file, process in differs["missing"]}
        more = {(file, process) for file, process in differs["more"]}
        assert missing <= set(first), "a combination can only be missing where the source has it"
        per_target |= {at: (frozenset(first) - missing) | more for at in differs["at"]}
    return Alerts(first, per_target)


def _tables(entry: dict[str, Any]) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = entry.get("differs", [])
    return tables
