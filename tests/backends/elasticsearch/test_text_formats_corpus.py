"""Every public rule, written in EQL, KQL and Lucene's syntax: what is said reads back as the rule, and how many are."""

from collections import Counter
from functools import cache

import pytest

from backends.elasticsearch.engine import detection_of
from converter import convert, load
from converter.backend import Verdict
from converter.ir import Detection, Events, IndicatorMatch
from converter.languages import kql
from converter.languages.settled import mean_the_same
from converter.passes.detection import event_predicates
from converter.rule import Rule
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared

CATALOGUE = default_catalogue()


@cache
def corpus() -> tuple[Rule, ...]:
    return tuple(rule for rule in load(shared("corpus/elastic-rules")) if rule.detection is not None)


def same(one: Detection, other: Detection | None) -> bool:
    return other is not None and mean_the_same(one, other, CATALOGUE)


@pytest.mark.parametrize(
    ("format", "request_", "least", "codes"),
    [
        ("eql", "false", 706, {"eql-detection-kind", "eql-field-pattern", "eql-analysed-text"}),
        ("eql", "true", 734, {"eql-detection-kind"}),
        (
            "kuery",
            "false",
            345,
            {"kql-ignore-case", "kql-regex", "kql-detection-kind", "kql-script", "kql-one-character", "kql-blank"},
        ),
        ("lucene", "false", 629, {"lucene-detection", "lucene-script"}),
    ],
)
def test_what_is_written_reads_back_as_the_rule(format: str, request_: str, least: int, codes: set[str]) -> None:
    verdicts = Counter[str]()
    refused = Counter[str]()
    for rule in corpus():
        result = convert(rule, to="elasticsearch", format=format, options={"request": request_})
        verdicts[result.verdict] += 1
        refused.update({loss.code for loss in result.losses})
        for artifact in result.artifacts:
            assert same(detection_of(artifact, CATALOGUE), rule.detection), rule.name
    print(format, request_, dict(verdicts), dict(refused))
    assert verdicts[Verdict.EXACT] >= least
    assert verdicts[Verdict.APPROXIMATE] == 0
    assert set(refused) <= codes


def test_every_eql_rule_is_written_in_eql() -> None:
    rules = [rule for rule in corpus() if rule.language == "eql"]
    results = [convert(rule, to="elasticsearch", format="eql") for rule in rules]
    exact = sum(result.verdict is Verdict.EXACT for result in results)
    print(f"EQL {exact}/{len(rules)}")
    assert exact == len(rules) >= 502


def test_every_kql_query_is_written_in_kql() -> None:
    """Of rules of all types, and the queries that choose indicators."""
    rules = [rule for rule in corpus() if rule.language == "kuery"]
    predicates = [predicate for rule in rules if rule.stated for predicate in event_predicates(rule.stated)]
    predicates += [rule.stated.indicators for rule in rules if isinstance(rule.stated, IndicatorMatch)]
    said = 0
    for predicate in predicates:
        raised = kql.raise_(Events(predicate), CATALOGUE)
        assert raised.tree is not None, raised.losses
        read = kql.lower(kql.parse(kql.to_text(raised.tree)), CATALOGUE.retyped(raised.types))
        said += mean_the_same(read.detection, Events(predicate), CATALOGUE.retyped(raised.types))
    print(f"KQL {said}/{len(predicates)}")
    assert said == len(predicates) >= 381


def test_every_rule_is_exact_in_its_default_format() -> None:
    verdicts = Counter((rule.type, convert(rule, to="elasticsearch").verdict.value) for rule in corpus())
    print(dict(verdicts))
    exact = sum(count for (_, verdict), count in verdicts.items() if verdict == "exact")
    assert exact == len(corpus()) >= 879
