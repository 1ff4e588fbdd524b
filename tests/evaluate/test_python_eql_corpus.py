"""The evaluator against python-eql, on Elastic's public rules and events generated for them.

Rules and events are compared in lower case, since python-eql knows one way of case for a whole rule and Elastic's rules
mix both, and lists by their first value (tests/engines/python_eql/difference.py); the random rules of
test_python_eql_differential.py cover case. RULEPORT_PYTHON_EQL_EVERY takes every nth rule.
"""

import os
import tomllib
from collections import Counter
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from converter.evaluate import evaluate
from converter.evaluate.match import in_order
from converter.events.event import Event, Scalar
from converter.events.generate import Limits, generate
from converter.languages import eql
from converter.languages.eql.tree import Filter, Sequence, Statement, String
from converter.schema.catalogue import default_catalogue
from tests.engines.python_eql.client import PythonEql, RejectedError
from tests.engines.python_eql.difference import Difference
from tests.engines.python_eql.fair_event import event_differences, needs
from tests.engines.python_eql.fair_query import query_differences
from tests.shared import shared

pytestmark = [pytest.mark.shared, pytest.mark.engine]

EVERY = int(os.environ.get("RULEPORT_PYTHON_EQL_EVERY", "1"))
LIMITS = Limits(matchers=6, close=8, near=1, events=200)
CATALOGUE = default_catalogue()


@dataclass
class Totals:
    """What became of the rules and, of those compared, of the events."""

    rules: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    differences: Counter[Difference] = field(default_factory=Counter)
    compared: int = 0
    events: int = 0
    left_out: Counter[Difference] = field(default_factory=Counter)
    selected: int = 0
    differing: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def statements() -> dict[str, Statement]:
    """The queries by the names of their files."""
    paths = sorted(shared("corpus/elastic-rules").rglob("*.toml"))[::EVERY]
    rules = ((path.name, tomllib.loads(path.read_text(encoding="utf-8"))["rule"]) for path in paths)
    return {name: eql.parse(rule["query"]) for name, rule in rules if rule.get("language") == "eql"}


@pytest.mark.parametrize("kind", [Filter, Sequence])
def test_rules(
    python_eql: PythonEql,
    statements: dict[str, Statement],
    kind: type[Filter | Sequence],
    capsys: pytest.CaptureFixture[str],
) -> None:
    totals = Totals()
    for name, statement in statements.items():
        if isinstance(statement.query, kind):
            compare(python_eql, name, in_lower_case(statement), totals)
    with capsys.disabled():
        print(report(kind.__name__, totals))
    assert totals.differing == []
    assert totals.compared > totals.rules / 2
    assert totals.selected > 5 * totals.compared


def compare(python_eql: PythonEql, name: str, statement: Statement, totals: Totals) -> None:
    totals.rules += 1
    query = eql.to_text(statement)
    try:
        python_eql.parse(query)
    except RejectedError as refusal:
        totals.rejected[str(refusal).splitlines()[1]] += 1
        return
    different = set(query_differences(statement, CATALOGUE))
    totals.differences.update(different)
    if different:
        return
    detection = eql.lower(statement, CATALOGUE).detection
    events = in_order((item.event for item in generate(detection, CATALOGUE, limits=LIMITS).events), None)
    events = comparable(statement, totals, events)
    ours = [match.ids for match in evaluate(detection, events, CATALOGUE)]
    theirs = python_eql.evaluate(query, events)
    totals.compared += 1
    totals.events += len(events)
    totals.selected += len(ours)
    if ours != theirs:
        totals.differing.append(f"{name}: ours {set(ours) - set(theirs)}, python-eql {set(theirs) - set(ours)}")


def comparable(statement: Statement, totals: Totals, events: list[Event]) -> list[Event]:
    """Those events, made plain, about which both have to agree."""
    asked = needs(statement, CATALOGUE)
    found = []
    for event in map(plain, events):
        different = set(event_differences(event, asked))
        totals.left_out.update(different)
        if not different:
            found.append(event)
    return found


def in_lower_case(node: Any) -> Any:
    """A syntax tree with all its texts in lower case."""
    match node:
        case String(value):
            return replace(node, value=value.lower())
        case tuple():
            return tuple(in_lower_case(item) for item in node)
        case _ if is_dataclass(node) and not isinstance(node, type):
            changed = {item.name: in_lower_case(getattr(node, item.name)) for item in fields(node)}
            return replace(node, **changed)
        case _:
            return node


def plain(event: Event) -> Event:
    """An event with its texts in lower case, and of each list the first value."""
    return replace(event, fields={name: (_lower(values[0]),) for name, values in event.fields.items()})


def _lower(value: Scalar) -> Scalar:
    return value.lower() if isinstance(value, str) else value


def report(kind: str, totals: Totals) -> str:
    outcome = (
        f"{kind}: {totals.rules} rules, not taken by python-eql {totals.rejected.total()}, "
        f"compared {totals.compared}, differing {len(totals.differing)}"
    )
    lines = ["", outcome, f"events compared {totals.events}, selected {totals.selected}"]
    lines += [f"  rules left out: {count} {item.name}" for item, count in totals.differences.most_common()]
    lines += [f"  events left out: {count} {item.name}" for item, count in totals.left_out.most_common()]
    lines += [f"  rules not taken: {count} {text}" for text, count in totals.rejected.most_common()]
    return "\n".join(lines)
