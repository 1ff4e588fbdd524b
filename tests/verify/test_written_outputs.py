"""What is written for the five rules, as files to be reviewed line by line (`pytest --update-cases` refreshes them)."""

import pytest

from converter.backend import Verdict
from converter.conversion import convert
from tests.verify.case import CASES, NAMES, case

OUTPUTS = {
    "elasticsearch.dsl.json": ("elasticsearch", "ecs", "dsl"),
    "elasticsearch.ndjson": ("elasticsearch", "ecs", "rule"),
    "osquery.pack.json": ("osquery", "osquery", "pack"),
    "osquery.sql": ("osquery", "osquery", "sql"),
    "sigma.yml": ("sigma", "sigma", "yaml"),
    "sigma-ecs.yml": ("sigma", "ecs", "yaml"),
    "splunk-ecs.spl": ("splunk", "ecs", "search"),
    "splunk-ta.conf": ("splunk", "ta", "savedsearch"),
    "splunk-ta.spl": ("splunk", "ta", "search"),
}


@pytest.mark.parametrize("file", OUTPUTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_output_is_the_reviewed_one(name: str, file: str, request: pytest.FixtureRequest) -> None:
    target, profile, format_ = OUTPUTS[file]
    result = convert(case(name).rule, target, profile, format_)
    assert result.verdict in (Verdict.EXACT, Verdict.APPROXIMATE)
    (artifact,) = result.artifacts
    path = CASES / name / file
    if request.config.getoption("--update-cases"):
        path.write_text(artifact.text, encoding="utf-8")
    assert artifact.text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_stands_beside_the_reviewed_outputs(name: str) -> None:
    assert {path.name for path in (CASES / name).iterdir()} == {*OUTPUTS, "events.ndjson", "expected.toml"}
