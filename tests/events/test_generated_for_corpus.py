"""Generated events over Elastic's public rules: nearly every branch of every rule has an event that satisfies it."""

import os
import tomllib
from pathlib import Path

import pytest

from converter.events.generate import Generated, generate
from converter.ir import Detection
from converter.languages import eql
from converter.languages.kql.lowering import lower as lower_kql
from converter.languages.kql.parser import parse as parse_kql
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared

EVERY = 1 if os.environ.get("CI") else 10
"""The whole corpus takes a minute; elsewhere every tenth rule is enough to notice a step back."""


def lowered(path: Path) -> Detection | None:
    rule = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    match rule.get("language"):
        case "eql":
            return eql.lower(eql.parse(rule["query"]), default_catalogue()).detection
        case "kuery":
            return lower_kql(parse_kql(rule["query"]), default_catalogue()).detection
        case _:
            return None


@pytest.fixture(scope="module")
def generated() -> list[Generated]:
    paths = sorted(shared("corpus/elastic-rules").rglob("*.toml"))[::EVERY]
    found = (lowered(path) for path in paths)
    return [generate(detection, default_catalogue()) for detection in found if detection is not None]


def test_branches_are_covered(generated: list[Generated]) -> None:
    branches = sum(item.branches for item in generated)
    uncovered = sum(len(item.uncovered) for item in generated)
    assert branches > 1000
    assert uncovered <= branches // 1000


def test_branches_are_covered_coherently(generated: list[Generated]) -> None:
    branches = [item for rule in generated for item in rule.events if item.purpose.startswith("branch ")]
    incoherent = [item for item in branches if not item.coherent]
    assert len(incoherent) <= len(branches) // 500


def test_every_rule_has_events_on_both_sides(generated: list[Generated]) -> None:
    assert all({item.satisfies for item in rule.events} == {True, False} for rule in generated)
