"""Cases as files: `rule.eql` in, and of each Sigma rule that comes out the log source and the detection.

The expectation is compared as YAML data, so that a case shows meaning; `test_sigma_yaml` has the form.
"""

from pathlib import Path

import pytest
import yaml
from sigma.rule import SigmaRule

import converter
from converter.conversion import convert
from converter.result import Result
from converter.verify import verify

CASES = sorted((Path(__file__).parent / "cases").iterdir())


def converted(case: Path) -> Result:
    rule = converter.parse((case / "rule.eql").read_text(encoding="utf-8"), "eql")
    return convert(rule, "sigma", "sigma")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_log_source_and_detection(case: Path) -> None:
    found = [yaml.safe_load(artifact.text) for artifact in converted(case).artifacts]
    expected = list(yaml.safe_load_all((case / "expected.yml").read_text(encoding="utf-8")))
    assert [{key: rule[key] for key in ("logsource", "detection")} for rule in found] == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_pysigma_loads_it(case: Path) -> None:
    for artifact in converted(case).artifacts:
        rule = SigmaRule.from_yaml(artifact.text)
        assert not rule.errors
        assert all(condition.parsed is not None for condition in rule.detection.parsed_condition)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_selects_what_it_is_meant_to(case: Path) -> None:
    rule = converter.parse((case / "rule.eql").read_text(encoding="utf-8"), "eql")
    (evidence,) = verify(rule, "sigma", "sigma").evidence
    assert evidence.holds, evidence.counterexamples
    assert evidence.observations > 0
