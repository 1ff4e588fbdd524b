"""The rendering for programs: nothing is lost, and its layout is the one that is published."""

import json
import math
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import converter
from converter.describe import SCHEMA, document
from converter.describe.node import NODES, data_of
from converter.ir import Detection, Field, NumberLiteral, Present, Test
from converter.jsonline import json_line
from converter.rule import ExceptionItem, Origin, Rule
from tests.describe.reading import read
from tests.describe.rules import detections, regular
from tests.shared import shared

PUBLISHED = (Path(__file__).parents[2] / "docs" / "inspect.md").read_text(encoding="utf-8")


def through_json(value: object) -> object:
    return json.loads(json_line(data_of(value)))


@given(detections)
@settings(max_examples=300, deadline=None)
def test_a_detection_comes_back(detection: Detection) -> None:
    assert read(through_json(detection)) == detection


@given(regular)
@settings(deadline=None)
def test_a_regular_expression_comes_back(tree: object) -> None:
    assert read(through_json(tree)) == tree


@pytest.mark.parametrize("number", [0, 1, 1.0, -0.0, 10**30, 1e300, math.inf, 0.1])
def test_a_number_keeps_its_kind_and_its_digits(number: float) -> None:
    back = read(through_json(NumberLiteral(number)))
    assert isinstance(back, NumberLiteral)
    assert (type(back.value), repr(back.value)) == (type(number), repr(number))


@given(st.text(st.characters(exclude_categories=())))
@settings(deadline=None)
def test_a_line_is_one_line_that_can_be_shown(text: str) -> None:
    """Halves of characters, which JSON lets in, and control characters included."""
    line = json_line({"name": text})
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    assert json.loads(line) == {"name": text}


def test_what_no_node_holds_is_no_data() -> None:
    with pytest.raises(TypeError):
        data_of(object())


@pytest.mark.parametrize(("kind", "name"), NODES.items())
def test_every_node_is_published_with_its_attributes(kind: type, name: str) -> None:
    """A row `| `name` | attributes | meaning |` of docs/inspect.md."""
    row = re.search(rf"^\| `{name}` \| (.*?) \|", PUBLISHED, re.MULTILINE)
    assert row is not None
    keys = ["kind", "value"] if kind is NumberLiteral else [attribute.name for attribute in fields(kind)]
    assert re.findall(r"`(\w+)`", row[1]) == keys


def test_every_key_of_a_rule_is_published() -> None:
    keys = document(Rule(Origin("-"), "n", "eql", "eql", "any where true"))
    assert [key for key in keys if f"| `{key}` |" not in PUBLISHED] == []
    assert keys["schema"] == SCHEMA
    assert f"`{SCHEMA}`" in PUBLISHED


def test_a_document_speaks_of_everything_a_rule_has() -> None:
    """A rule's attributes by name; its origin stands under `source`, `index` and `format`; what it was read from and
    what it is compared with are not repeated."""
    keys = document(Rule(Origin("-"), "n", "eql", "eql", "any where true"))
    apart = {"origin", "data", "exception_objects", "indicators"}
    assert {attribute.name for attribute in fields(Rule)} - keys.keys() <= apart


def test_exceptions_and_filters_are_data() -> None:
    rule = converter.parse("any where true", "eql")
    test = Test(Field("f"), (Present(),))
    shown = document(replace(rule, filters=(test,), exceptions=(ExceptionItem("n", "l", test, "2027-01-01"),)))
    assert shown["filters"] == [data_of(test)]
    assert shown["exceptions"] == [
        {"name": "n", "list_id": "l", "predicate": data_of(test), "expires": "2027-01-01"},
    ]


@pytest.mark.shared
def test_every_rule_of_elastic_comes_back() -> None:
    rules = converter.load(shared("corpus/elastic-rules"))
    assert len(rules) > 1_000
    for rule in rules:
        data = json.loads(json_line(document(rule)))
        assert read(data["detection"]) == rule.detection
        assert read(data["stated"]) == rule.stated
        assert read(data["filters"]) == rule.filters
        assert [read(item["predicate"]) for item in data["exceptions"]] == [item.predicate for item in rule.exceptions]
        assert (data["error"] or {}).get("code") == (rule.error and rule.error.code)
        assert (data["name"], data["query"]) == (rule.name, rule.query)
