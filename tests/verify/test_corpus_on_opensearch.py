"""Every search body and query string of the public corpus on a real OpenSearch, on the events generated from its rule:
it observes what the reference evaluator does.

CI takes every so many rules of each kind; `RULEPORT_OPENSEARCH_EVERY=1` takes all (eight minutes on two cores).
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

import converter
from converter.backend import Artifact, Engine, Observations, TargetEvent, Verdict, engine_of
from converter.ir import Detection, Events, IndicatorMatch, NewTerms, Threshold
from converter.rule import Rule
from converter.verify import Proof, verify
from tests.engines.opensearch.server import Server
from tests.shared import shared

pytestmark = [pytest.mark.shared, pytest.mark.engine]

EVERY = int(os.environ.get("RULEPORT_OPENSEARCH_EVERY", "8"))
KINDS: dict[type[Detection], tuple[int, int]] = {
    Events: (600, EVERY),
    NewTerms: (120, EVERY),
    Threshold: (15, min(EVERY, 3)),
    IndicatorMatch: (4, 1),
}
"""The least number of rules the corpus has of each kind, and every how many of them are taken."""


class Counting:
    """An engine that counts what it runs."""

    def __init__(self, inner: Engine) -> None:
        self._inner = inner
        self.name = inner.name
        self.independent = inner.independent
        self.runs = 0

    def run(self, artifacts: Sequence[Artifact], events: Sequence[TargetEvent], *, now: float) -> Observations:
        self.runs += 1
        return self._inner.run(artifacts, events, now=now)


@dataclass(slots=True)
class Totals:
    """What the outputs were tried on, and what they found."""

    rules: int = 0
    events: int = 0
    observations: int = 0

    def add(self, proof: Proof) -> None:
        self.rules += 1
        self.events += sum(item.events for item in proof.evidence)
        self.observations += sum(item.observations for item in proof.evidence)

    def __str__(self) -> str:
        return f"{self.rules:,} rules, {self.events:,} events, {self.observations:,} observations"


@pytest.fixture(name="corpus", scope="module")
def readable_rules_of_the_corpus() -> list[Rule]:
    return [rule for rule in converter.load(shared("corpus/elastic-rules")) if rule.error is None]


@pytest.mark.parametrize(
    ("kind", "format_", "written"),
    [*((kind, "dsl", 0.99) for kind in KINDS), (Events, "lucene", 0.75)],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value),
)
def test_outputs_observe_what_the_rules_mean(
    kind: type[Detection],
    format_: str,
    written: float,
    corpus: list[Rule],
    opensearch: Server,
    capsys: pytest.CaptureFixture[str],
) -> None:
    least, every = KINDS[kind]
    rules = [rule for rule in corpus if type(rule.detection) is kind]
    assert len(rules) >= least
    engine = Counting(engine_of("elasticsearch", f"opensearch={opensearch.url}"))
    totals, refused, differences = Totals(), Counter[str](), list[str]()
    for rule in rules[::every]:
        proof = verify(rule, "elasticsearch", format=format_, engine=engine)
        if proof.result.verdict is Verdict.REFUSED:
            refused.update({loss.code for loss in proof.result.losses})
            continue
        assert proof.result.verdict is Verdict.EXACT, rule.name
        totals.add(proof)
        if not proof.holds:
            differences.append(f"{rule.name}: {proof.untried or proof.evidence[0].counterexamples}")
    with capsys.disabled():
        told = f"{totals}, {engine.runs:,} comparisons, {len(differences)} differences, refused {dict(refused)}"
        print(f"\n{engine.name}, {kind.__name__} as {format_}: {told}")
    assert differences == []
    assert totals.rules >= written * len(rules[::every])
    assert totals.events > totals.observations > totals.rules
