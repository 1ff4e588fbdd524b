"""Functions as scripts: which source, which parameters; and that reading them gives the expression back."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from backends.elasticsearch import query
from backends.elasticsearch.clause import to_json
from converter import convert, parse
from converter.ir import (
    Call,
    Compare,
    Compute,
    Constant,
    Equal,
    Expression,
    FieldValue,
    IsNull,
    Matches,
    NumberLiteral,
    Phrase,
    Range,
    TextLiteral,
    pattern,
)
from converter.ir.walk import rewrite_expression
from converter.languages import dsl
from converter.languages.dsl import painless as sources
from tests.backends.elasticsearch import painless

CASES = tomllib.loads(Path(__file__).with_name("cases").joinpath("scripts.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_script_is_written_so(case: Mapping[str, str]) -> None:
    result = convert(parse(f"any where {case['eql']}", language="eql"), to="elasticsearch", format="dsl")
    if "refused" in case:
        assert [loss.code for loss in result.losses] == [case["refused"]]
        return
    (clause,) = json.loads(result.artifacts[0].text)["query"]["bool"]["filter"]
    written = clause["script"]["script"]
    assert written["params"] == json.loads(case["params"])
    assert written["source"] == getattr(sources, case["source"])


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(painless.conditions)
def test_a_script_read_back_is_the_expression(expression: Expression) -> None:
    written = query.clause(Compute(expression), painless.CATALOGUE)

    read = dsl.read(json.loads(json.dumps(to_json(written))), painless.CATALOGUE)

    assert read == Compute(rewrite_expression(expression, null_test))


def null_test(expression: Expression) -> Expression:
    """Equality with the literal null is a test for null (spec eql 6.4)."""
    match expression:
        case Compare("==", item, Constant(None)) | Compare("==", Constant(None), item):
            return IsNull(item)
        case _:
            return expression


TEXT, NUMBER, FLAG = FieldValue("text"), FieldValue("whole"), FieldValue("flag")


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (NUMBER, "elasticsearch-script-type"),
        (Call("length", (NUMBER,)), "elasticsearch-script-type"),
        (Compare(">", Call("add", (TEXT, NUMBER)), NUMBER), "elasticsearch-script-type"),
        (Matches(FLAG, (Range(low=NumberLiteral(1)),)), "elasticsearch-script-type"),
        (Matches(NUMBER, (Equal(TextLiteral("1")),)), "elasticsearch-script-type"),
        (Matches(TEXT, (Phrase((pattern("a"),), "standard"),)), "elasticsearch-script-type"),
        (Call("cidrMatch", (TEXT, TEXT)), "elasticsearch-script-type"),
        (Call("cidrMatch", (TEXT, Constant(TextLiteral("10.0.0.0/255.0.0.0")))), "elasticsearch-script-type"),
        (Compare("==", NUMBER, Constant(NumberLiteral(2**63))), "elasticsearch-script-number"),
        (Compare("==", FieldValue("moment"), FieldValue("moment")), "elasticsearch-script-field"),
    ],
)
def test_what_a_script_could_not_say_is_refused(expression: Expression, code: str) -> None:
    with pytest.raises(query.InexpressibleError) as caught:
        query.clause(Compute(expression), painless.CATALOGUE)
    assert caught.value.loss.code == code


def test_a_source_is_not_longer_than_clusters_take() -> None:
    assert all(len(source.encode()) < 65_535 for source in (sources.LENGTH, sources.TWO_TEXTS, sources.EXPRESSION))
