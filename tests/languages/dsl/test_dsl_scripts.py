"""Parameters of known scripts as expressions, and what is no expression."""

import pytest

from converter.errors import RuleError
from converter.ir import (
    ANY_RUN,
    BooleanLiteral,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    Either,
    Equal,
    Expression,
    FieldValue,
    IsNull,
    Like,
    Matches,
    Negation,
    Network,
    NumberLiteral,
    Predicate,
    Present,
    Range,
    TextLiteral,
    pattern,
)
from converter.languages import dsl
from converter.languages.dsl import painless
from converter.schema.catalogue import Catalogue

A, B = FieldValue("a"), FieldValue("b")
ONE = Constant(NumberLiteral(1))


def read(source: str, params: object) -> Predicate:
    return dsl.read({"script": {"script": {"lang": "painless", "source": source, "params": params}}}, Catalogue({}))


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (["field", 1], B),
        (None, Constant(None)),
        ("field", Constant(TextLiteral("field"))),
        (True, Constant(BooleanLiteral(True))),
        (["length", ["field", 0]], Call("length", (A,))),
        (["endsWith~", ["field", 0], ["field", 1]], Call("endsWith", (A, B), ignore_case=True)),
        ([">=", ["field", 0], 1], Compare(">=", A, ONE)),
        (["isNull", ["field", 0]], IsNull(A)),
        (["not", ["field", 0]], Negation(A)),
        (["and", ["field", 0], ["or", ["field", 1]]], Both((A, Either((B,))))),
        (["matches", ["field", 0], ["present"], ["equal~", "x"]],
         Matches(A, (Present(), Equal(TextLiteral("x"), ignore_case=True)))),
        (["matches", ["field", 0], ["like", "a\\**"], ["network", "10.0.0.0/8"]],
         Matches(A, (Like(pattern("a*", ANY_RUN)), Network("10.0.0.0/8")))),
        (["matches", ["field", 0], ["range", {">": 1, "<=": 2}]],
         Matches(A, (Range(NumberLiteral(1), NumberLiteral(2), open_low=True),))),
    ],
)  # fmt: skip
def test_an_expression_is_read_from_its_parameters(node: object, expected: Expression) -> None:
    assert read(painless.EXPRESSION, {"fields": ["a", "b"], "expression": node}) == Compute(expected)


def test_short_sources_are_read() -> None:
    length = {"field": "a", "operator": "<", "length": 1}
    assert read(painless.LENGTH, length) == Compute(Compare("<", Call("length", (A,)), ONE))
    texts = {"field": "a", "other": "b", "ignore_case": False}
    assert read(painless.TWO_TEXTS, {**texts, "relation": "equals"}) == Compute(Compare("==", A, B))
    found = read(painless.TWO_TEXTS, {**texts, "relation": "startsWith", "ignore_case": True})
    assert found == Compute(Call("startsWith", (A, B), ignore_case=True))


def nested(depth: int) -> object:
    node: object = True
    for _ in range(depth):
        node = ["not", node]
    return node


@pytest.mark.parametrize(
    "node",
    [
        [],
        [[]],
        [1, 2],
        {"field": 0},
        ["field"],
        ["field", 2],
        ["field", -1],
        ["field", "a"],
        ["unheard", 1],
        ["length"],
        ["length", 1, 2],
        ["isNull", 1, 2],
        ["==", 1],
        ["matches"],
        ["matches", 1, ["like"]],
        ["matches", 1, ["like", 1]],
        ["matches", 1, ["equal", None]],
        ["matches", 1, ["network", "nowhere"]],
        ["matches", 1, ["range", {}]],
        ["matches", 1, ["range", {">": 1, ">=": 1}]],
        nested(10_000),
    ],
)
def test_what_is_no_expression_is_an_error(node: object) -> None:
    with pytest.raises(RuleError):
        read(painless.EXPRESSION, {"fields": ["a", "b"], "expression": node})


@pytest.mark.parametrize(
    ("source", "params"),
    [
        (painless.LENGTH, {}),
        (painless.LENGTH, {"field": "a", "operator": "!=", "length": 1}),
        (painless.LENGTH, {"field": "a", "operator": "<", "length": 1.5}),
        (painless.LENGTH, {"field": "a", "operator": "<", "length": True}),
        (painless.TWO_TEXTS, {"field": "a", "other": "b", "relation": "like", "ignore_case": False}),
        (painless.TWO_TEXTS, {"field": "a", "other": "b", "relation": "equals", "ignore_case": True}),
        (painless.EXPRESSION, {"expression": 1}),
        (painless.EXPRESSION, {"fields": [], "expression": True, "more": 1}),
        (painless.EXPRESSION + " ", {"fields": [], "expression": True}),
    ],
)
def test_other_parameters_and_other_texts_are_errors(source: str, params: object) -> None:
    with pytest.raises(RuleError):
        read(source, params)
