"""Every public rule that groups events or compares them with indicators is a search body that finds the same."""

import os
from collections import Counter

import pytest

from converter import verify
from converter.batch import read_rules
from converter.languages.dsl import read_search
from converter.languages.settled import mean_the_same
from converter.schema.catalogue import default_catalogue
from tests.shared import shared

pytestmark = pytest.mark.shared

EVERY = {"threshold": 1, "threat_match": 1, "new_terms": 1 if os.environ.get("CI") else 10}
"""Of each type every so many: the last type alone takes half a minute."""


def test_the_bodies_of_public_rules_find_what_the_rules_find() -> None:
    catalogue = default_catalogue()
    found = [one.rule for one in read_rules([str(shared("corpus/elastic-rules"))]).found]
    rules = [rule for kind, step in EVERY.items() for rule in [rule for rule in found if rule.type == kind][::step]]
    verdicts: Counter[str] = Counter()
    wrong = []
    for rule in rules:
        proof = verify(rule, to="elasticsearch", format="dsl")
        verdicts[proof.result.verdict] += 1
        translation = proof.result.translation
        bodies = [read_search(artifact.text, catalogue) for artifact in proof.result.artifacts]
        assert translation is not None
        assert translation.effective is not None
        if not proof.holds or proof.untried or not mean_the_same(bodies[0], translation.effective, catalogue):
            wrong.append(rule.name)
    assert wrong == []
    assert set(verdicts) == {"exact"}
    assert verdicts.total() >= 15 + 4 + 12
