"""The rules of `rules/` as Sigma: verdicts, what pySigma and its validators say, and proof by events."""

from pathlib import Path
from typing import cast

import pytest
from sigma.collection import SigmaCollection
from sigma.plugins import InstalledSigmaPlugins
from sigma.validators.base import SigmaRuleValidator

import converter
from converter.conversion import convert
from converter.losses import Direction
from converter.rule import Rule
from converter.verify import verify

RULES = converter.load(Path(__file__).parents[3] / "rules")
VERDICTS = {
    "Potential Linux Tunneling and/or Port Forwarding": ("approximate", "exact"),
    "Potential Remote Code Execution via Web Server": ("approximate", "exact"),
    "Shared Object Created or Changed by Previously Unknown Process": ("approximate", "approximate"),
    "Suspicious Process Access via Direct System Call": ("exact", "exact"),
    "System V Init Script Created": ("approximate", "exact"),
}
"""By name: with SigmaHQ's taxonomy, and with ECS names kept."""

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
each_profile = pytest.mark.parametrize("profile", ["sigma", "ecs"])


@each_rule
def test_verdicts(rule: Rule) -> None:
    found = tuple(str(convert(rule, "sigma", profile).verdict) for profile in ("sigma", "ecs"))
    assert found == VERDICTS[rule.name]


@each_rule
@each_profile
def test_the_text_selects_what_it_is_meant_to(rule: Rule, profile: str) -> None:
    proof = verify(rule, "sigma", profile)
    (evidence,) = proof.evidence
    assert evidence.holds, evidence.counterexamples
    assert 0 < evidence.observations < evidence.events


@pytest.mark.parametrize("profile", ["sigma", "ecs"])
def test_new_terms_become_the_base_rule_at_a_lower_level(profile: str) -> None:
    (rule,) = (rule for rule in RULES if rule.type == "new_terms")
    result = convert(rule, "sigma", profile)
    dropped = [loss for loss in result.losses if loss.code == "first-seen-dropped"]
    assert [loss.direction for loss in dropped] == [Direction.WIDER]
    assert rule.severity == "medium"
    assert "\nlevel: informational\n" in result.artifacts[0].text


DOWNLOADING = {"attacktag", "d3_fendtag"}
"""Validators that fetch what they compare with (spec sigma 9.2)."""

MEANT = {"escaped_wildcard", "number_as_string"}
"""Validators that take for mistakes what these rules mean: a star in a path, an event code that ECS holds as text."""


@pytest.fixture
def validators() -> list[SigmaRuleValidator]:
    """pySigma's own validators, new ones for each collection, since they remember titles and ids."""
    installed = cast("dict[str, type[SigmaRuleValidator]]", InstalledSigmaPlugins.autodiscover().validators)
    return [kind() for name, kind in sorted(installed.items()) if name not in DOWNLOADING | MEANT]


@each_rule
@each_profile
def test_pysigma_has_nothing_to_complain_of(rule: Rule, profile: str, validators: list[SigmaRuleValidator]) -> None:
    texts = [artifact.text for artifact in convert(rule, "sigma", profile).artifacts]
    collection = SigmaCollection.from_yaml("---\n".join(texts))
    assert not collection.errors
    issues = [issue for found in collection.rules for item in validators for issue in item.validate(found)]
    assert issues + [issue for item in validators for issue in item.finalize()] == []
