"""Kibana's own expectations of its parser, and every KQL text of Elastic's public rules."""

import json
import tomllib
from collections.abc import Iterator

import pytest

from converter.errors import RuleError
from converter.ir.pattern import AnyRun
from converter.languages.kql.diagnosis import Expected
from converter.languages.kql.parser import parse
from converter.languages.kql.printer import to_text
from converter.languages.kql.tree import (
    And,
    Expression,
    Literal,
    Match,
    Nested,
    Not,
    Or,
    Range,
    ValueAnd,
    ValueNot,
    ValueOr,
    Values,
)
from tests.shared import shared

pytestmark = pytest.mark.shared

Json = object


def cases(section: str, count: int) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = json.loads(shared("oracle/kibana-kql/parse.json").read_text("utf-8"))[section]
    assert len(found) == count
    return found


def test_trees() -> None:
    for case in cases("ast", 26):
        assert kibana(parse(str(case["query"]))) == case["expected_ast"], case["id"]


def test_literals() -> None:
    for case in cases("literals", 35):
        tree = parse(str(case["literal"]))
        assert isinstance(tree, Match)
        value = tree.values
        assert isinstance(value, Literal)
        assert value.is_wildcard == (case["expected_type"] == "wildcard")
        assert scalar(value) == case["expected_value"]


def test_syntax_errors() -> None:
    for case in cases("syntax_errors", 10):
        with pytest.raises(RuleError) as caught:
            parse(str(case["query"]))
        assert caught.value.place.column - 1 == case["error_offset"], case["query"]
        assert upstream_names(caught.value.expected or "") == case["expected_tokens"], case["query"]


def test_nodes_that_kibana_prints() -> None:
    """Ours is not Kibana's layout; what it writes parses to the tree that Kibana's text parses to."""
    for case in cases("to_kql", 26):
        tree = parse(str(case["expected_kql"]))
        assert parse(to_text(tree)) == tree
        if (given := case.get("ast")) is not None:
            assert kibana(tree) == node(given), case["expected_kql"]


def test_every_text_of_the_public_rules_prints_back() -> None:
    texts = list(corpus())
    assert len(texts) == 381
    for text in texts:
        tree = parse(text)
        assert parse(to_text(tree)) == tree


def corpus() -> Iterator[str]:
    for path in sorted(shared("corpus/elastic-rules").rglob("*.toml")):
        rule = tomllib.loads(path.read_text("utf-8"))["rule"]
        if rule.get("language") == "kuery":
            yield rule["query"]
            if "threat_query" in rule:
                yield rule["threat_query"]


_UPSTREAM = {
    Expected.FIELD: "field name",
    Expected.VALUE: "value",
    Expected.LITERAL: "literal",
    Expected.OPEN: '"("',
    Expected.OPEN_NESTED: '"{"',
    Expected.NOT: "NOT",
    Expected.AND: "AND",
    Expected.OR: "OR",
    Expected.SPACE: "whitespace",
    Expected.END: "end of input",
}


def upstream_names(expected: str) -> list[str]:
    """The tokens that a message lists, under Kibana's names and in its order."""
    return sorted(_UPSTREAM[Expected(name)] for name in expected.replace(" or ", ", ").split(", "))


def kibana(tree: Expression) -> Json:
    """A tree in the layout of the cases: lists distributed over their values."""
    match tree:
        case Match(field, values):
            return distributed(None if field is None else leaf(field), values)
        case Range(field, operator, value):
            name = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}[operator]
            return {"range": [leaf(field), name, scalar(value)]}
        case Nested(path, item):
            return {"nested": [leaf(path), kibana(item)]}
        case And(items):
            return {"and": [kibana(item) for item in items]}
        case Or(items):
            return {"or": [kibana(item) for item in items]}
        case Not(item):
            return {"not": kibana(item)}


def distributed(field: Json, values: Values) -> Json:
    match values:
        case Literal():
            return {"is": [field, leaf(values)]}
        case ValueAnd(items):
            return {"and": [distributed(field, item) for item in items]}
        case ValueOr(items):
            return {"or": [distributed(field, item) for item in items]}
        case ValueNot(item):
            return {"not": distributed(field, item)}


def leaf(literal: Literal) -> Json:
    if literal.is_wildcard:
        return {"wildcard": scalar(literal)}
    return {"quoted": scalar(literal)} if literal.quoted else scalar(literal)


def scalar(literal: Literal) -> Json:
    if literal.constant:
        return {"true": True, "false": False, "null": None}[literal.constant]
    return "".join("*" if isinstance(part, AnyRun) else part.value for part in literal.parts)


def node(given: Json) -> Json:
    """A node of a case, whose arguments are KQL literals, in the same layout."""
    assert isinstance(given, dict)
    arguments = given["args"]
    match given["function"]:
        case "is":
            return {"is": [None if arguments[0] is None else argument(arguments[0]), argument(arguments[1])]}
        case "exists":
            return {"is": [argument(arguments[0]), {"wildcard": "*"}]}
        case "range":
            return {"range": [argument(arguments[0]), arguments[1], str(arguments[2])]}
        case "nested":
            return {"nested": [arguments[0], node(arguments[1])]}
        case "not":
            return {"not": node(arguments[0])}
        case name:
            items = [node(item) for item in arguments]
            return items[0] if len(items) == 1 else {name: items}


def argument(written: object) -> Json:
    tree = parse(str(written))
    assert isinstance(tree, Match)
    assert isinstance(tree.values, Literal)
    return leaf(tree.values)
