"""Assumptions are needed: one event outside of each, on which text and rule disagree or the text has no answer."""

import pytest

import converter
from backends.splunk.engine import SplError
from converter.backend import TargetEvent, backend
from converter.events.event import Event, Values
from converter.schema.catalogue import default_catalogue
from converter.verify.judge import Judge

OUTSIDE: list[tuple[str, str, str, dict[str, Values]]] = [
    ("splunk:ecs", "splunk-normalised", 'any where host.os.type == "linux"', {"host.os.type": ("Linux",)}),
    (
        "splunk:ecs",
        "splunk-address-spelling",
        'any where cidrMatch(source.ip, "10.0.0.1/32")',
        {"source.ip": ("::ffff:10.0.0.1",)},
    ),
    (
        "splunk:ecs",
        "field-single-valued",
        'any where process.name == "Curl"',
        {"process.name": ("curl", "Curl")},
    ),
    ("sigma:ecs", "sigma-normalised", 'any where host.os.type == "linux"', {"host.os.type": ("Linux",)}),
]


@pytest.mark.parametrize(("target", "code", "query", "fields"), OUTSIDE, ids=[case[1] for case in OUTSIDE])
def test_outside_an_assumption_the_verdict_would_be_wrong(
    target: str, code: str, query: str, fields: dict[str, Values]
) -> None:
    name, _, profile = target.partition(":")
    rule = converter.parse(query, language="eql")
    result = converter.convert(rule, to=name, profile=profile)
    assumption = next(item for item in result.assumptions if item.code == code)
    assert assumption.allows is not None
    assert assumption.field is not None
    assert not assumption.allows(fields[assumption.field])
    assert rule.detection is not None

    meant = Judge(default_catalogue(), 1).observe(rule.detection, [Event("e", fields, fields, 0)]).items

    assert _found(name, result, fields) != meant


def _found(name: str, result: converter.Result, fields: dict[str, Values]) -> frozenset[tuple[str, ...]] | None:
    """What the text selects; None if the interpreter says that Splunk's answer is undefined."""
    try:
        return backend(name).engine().run(result.artifacts, [TargetEvent("e", fields, None, 0, fields)], now=1).items
    except SplError:
        return None
