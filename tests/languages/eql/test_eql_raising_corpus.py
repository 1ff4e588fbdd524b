"""Every EQL rule of the public repository comes back from its meaning; KQL rules say in EQL what they said."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from converter.ir.detection import Detection
from converter.languages import eql, kql
from converter.languages.eql.raising import raise_
from converter.passes import canonical_detection, map_predicates
from converter.schema.catalogue import default_catalogue
from tests.languages.settled import settled
from tests.shared import shared

pytestmark = pytest.mark.shared

CATALOGUE = default_catalogue()


@cache
def rules() -> tuple[dict[str, str], ...]:
    paths = sorted(shared("corpus").rglob("*.toml"))
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")).get("rule", {}) for path in paths)


def kql_texts() -> Iterator[str]:
    for rule in rules():
        if rule.get("language") == "kuery":
            yield rule["query"]
        if "threat_query" in rule:
            yield rule["threat_query"]


def settled_detection(detection: Detection) -> Detection:
    return map_predicates(detection, lambda predicate: settled(predicate, CATALOGUE))


def test_every_eql_rule_comes_back() -> None:
    same = Counter[bool]()
    for rule in rules():
        if rule.get("type") != "eql":
            continue
        detection = eql.lower(eql.parse(rule["query"]), CATALOGUE).detection
        raised = raise_(detection, CATALOGUE)
        assert raised.tree is not None, raised.losses
        again = eql.lower(raised.tree, CATALOGUE).detection
        same[canonical_detection(again) == canonical_detection(detection)] += 1
        assert settled_detection(again) == settled_detection(detection)
    assert same == {True: 501, False: 1}  # the one says a literal star within a pattern, which becomes an expression


def test_kql_rules_say_the_same_in_eql() -> None:
    refused = Counter[str]()
    said = 0
    for text in kql_texts():
        detection = kql.lower(kql.parse(text), CATALOGUE).detection
        raised = raise_(detection, CATALOGUE, mark_unknown=True)
        if raised.tree is None:
            refused.update({loss.code for loss in raised.losses})
            continue
        said += 1
        assert settled_detection(eql.lower(raised.tree, CATALOGUE).detection) == settled_detection(detection)
    assert said == 351
    assert refused == {"eql-analysed-text": 25, "eql-field-pattern": 5}
