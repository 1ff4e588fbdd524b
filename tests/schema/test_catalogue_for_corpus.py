"""The catalogue over Elastic's public rules: it knows every field that their queries read."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from converter.ir import Detection, Predicate, Sample, Sequence
from converter.ir.walk import field_names
from converter.languages import eql
from converter.languages.kql.lowering import lower as lower_kql
from converter.languages.kql.parser import parse as parse_kql
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared

UNKNOWN: dict[str, str] = {}
"""Fields that stay unknown, with the reason."""


def predicates(detection: Detection) -> list[Predicate]:
    match detection:
        case Sequence(stages, _, until):
            return [stage.predicate for stage in (*stages, *((until,) if until else ()))]
        case Sample(stages):
            return [stage.predicate for stage in stages]
        case _:
            return [detection.predicate]


def fields(path: Path) -> set[str]:
    rule = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    named = set(rule.get("new_terms", {}).get("value", ()))
    match rule.get("language"):
        case "eql":
            found = eql.lower(eql.parse(rule["query"]), default_catalogue()).detection
        case "kuery":
            found = lower_kql(parse_kql(rule["query"]), default_catalogue()).detection
        case _:
            return named
    return named | {name for predicate in predicates(found) for name in field_names(predicate)}


def test_every_field_of_the_rules_is_known() -> None:
    used: Counter[str] = Counter()
    for path in sorted(shared("corpus/elastic-rules").rglob("*.toml")):
        used.update(fields(path))
    assert len(used) > 300
    assert {name for name in used if name not in default_catalogue()} == set(UNKNOWN)
