"""Every so many rules of the public corpus, converted for every target and profile, hold what their verdicts claim."""

from collections import Counter

import pytest

import converter
from converter.backend import Verdict
from converter.rule import Rule
from converter.verify import verify
from tests.shared import shared

pytestmark = pytest.mark.shared

EVERY = 40
LEAST_WRITTEN = {
    ("elasticsearch", "ecs"): 15,
    ("splunk", "ecs"): 15,
    ("splunk", "ta"): 4,
    ("splunk", "cim"): 4,
    ("sigma", "ecs"): 12,
    ("sigma", "sigma"): 4,
    ("osquery", "osquery"): 4,
}
"""Outputs each target has to produce, lest a sample in which everything is refused passes."""


@pytest.fixture(name="sample", scope="module")
def sample_of_the_corpus() -> list[Rule]:
    read = [rule for rule in converter.load(shared("corpus/elastic-rules")) if rule.error is None]
    assert len(read) > 500
    return read[::EVERY]


@pytest.mark.parametrize(("target", "profile"), LEAST_WRITTEN)
def test_what_is_written_holds(target: str, profile: str, sample: list[Rule]) -> None:
    verdicts: Counter[Verdict] = Counter()
    failed: list[str] = []
    for rule in sample:
        proof = verify(rule, target, profile)
        verdicts[proof.result.verdict] += 1
        if not proof.holds:
            failed.append(f"{rule.name}: {proof.untried or proof.evidence[0].counterexamples}")
    assert failed == []
    assert verdicts[Verdict.EXACT] + verdicts[Verdict.APPROXIMATE] >= LEAST_WRITTEN[target, profile]
    assert set(verdicts) <= {Verdict.EXACT, Verdict.APPROXIMATE, Verdict.REFUSED}
