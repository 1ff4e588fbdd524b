"""Elasticsearch's folding cases through the library: expressions of constants and their values, null included.

A value is asked for by comparing the expression with it: the rule selects any event, or none.
"""

import json
import tomllib
from collections.abc import Iterator
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest

import converter
from tests.evaluate.elasticsearch import text_of

pytestmark = pytest.mark.shared

_LITERALS = {"bool": ["true", "false"], "int": ["1"], "string": ['"a"'], "float": ["1.5"], "null": ["null"]}
# What the README of the data says is not true of Elasticsearch.
_LEFT_OUT_SECTIONS = {
    "complex",
    "match",
    "wildcard",
    "wildcard_case_insensitive",
    "wildcard_case_sensitive",
}
_TOLERANCE = 1e-9

Entry = dict[str, Any]


def selects(condition: str) -> bool:
    """Whether a condition on nothing but constants is true."""
    rule = converter.parse(f"any where {condition}", language="eql")
    return bool(converter.evaluate(rule, [{}]))


def has_value(expression: str, value: object) -> bool:
    """Whether the expression has the value, and not the one that it would be mistaken for."""
    match value:
        case None | bool():
            others = {None, True, False} - {value}
            return selects(f"({expression}) == {_spelled(value)}") and not any(
                selects(f"({expression}) == {_spelled(other)}") for other in others
            )
        case float():
            return selects(f"({expression}) > {value - _TOLERANCE} and ({expression}) < {value + _TOLERANCE}")
        case _:
            return selects(f"({expression}) == {_spelled(value)}") and not selects(f"({expression}) == null")


def _spelled(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def sections(file: str) -> dict[str, Entry]:
    found: dict[str, Entry] = tomllib.loads(text_of(file))
    return found


def entries_of(section: Entry) -> list[Entry]:
    return [*section.get("fold", {}).get("tests", []), *section.get("tests", [])]


def cases(file: str) -> Iterator[tuple[str, str, Entry]]:
    """Section, expression and entry of every plain case."""
    for name, section in sections(file).items():
        for entry in entries_of(section):
            yield name, entry["expression"], entry


def applies(section: str, expression: str, entry: Entry) -> bool:
    if section in _LEFT_OUT_SECTIONS or "'" in expression:
        return False
    if section == "string_case_insensitive_match_comparison":
        return not _depends_on_case(expression)
    return not (section == "between" and _bound_is_odd(expression, entry))


def _depends_on_case(expression: str) -> bool:
    """Whether the old case-insensitive mode, which this section is about, changes the answer."""
    left, operator, right = expression.split()
    compare = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}[operator]
    return bool(compare(left, right)) != bool(compare(left.lower(), right.lower()))


def _bound_is_odd(expression: str, entry: Entry) -> bool:
    """Bounds of `between` that do not occur, where the file says null, and empty ones, where it does not say that the
    source is unchanged."""
    if '""' in expression:
        return entry.get("expected") != expression.split('"')[1]
    return "expected" not in entry and "null" not in expression


def wrong(file: str) -> tuple[int, list[str]]:
    """The number of cases that apply, and those that come out differently."""
    checked = [entry for section, expression, entry in cases(file) if applies(section, expression, entry)]
    return len(checked), [
        entry["expression"] for entry in checked if not has_value(entry["expression"], entry.get("expected"))
    ]


def test_folding() -> None:
    assert wrong("test_folding.toml") == (91, [])


def test_string_functions() -> None:
    assert wrong("test_string_functions.toml") == (76, [])


def test_every_literal_against_null() -> None:
    """The templates of `null_comparison`."""
    entries = 0
    for loop in sections("test_folding.toml")["null_comparison"]["loop"]:
        for entry in loop["fold"]["tests"]:
            entries += 1
            for kind in loop["param"]["type"]:
                for literal in _LITERALS[kind]:
                    expression = entry["expression"].replace("$value", literal)
                    assert has_value(expression, entry.get("expected")), expression
    assert entries == 12


def test_what_the_verifier_refuses() -> None:
    refused = [
        entry["expression"]
        for name, section in sections("test_string_functions.toml").items()
        for entry in section.get("verifier", {}).get("failures", [])
        if name not in _LEFT_OUT_SECTIONS
    ]
    for expression in refused:
        with pytest.raises(converter.RuleError):
            selects(expression)
    assert len(refused) == 7
