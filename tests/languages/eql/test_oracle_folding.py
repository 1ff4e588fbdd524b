"""Elasticsearch's folding cases: expressions of constants and their values, null included."""

import tomllib
from collections.abc import Iterator
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest

from converter.errors import RuleError
from converter.languages.eql import parse
from converter.languages.eql.folding import fold
from converter.languages.eql.reading import Reading
from converter.languages.eql.tree import Filter
from converter.schema.catalogue import Catalogue
from tests.shared import shared

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

Entry = dict[str, Any]


def value(expression: str) -> object:
    """The value that the condition folds to."""
    query = parse(f"any where {expression}").query
    assert isinstance(query, Filter)
    folded = fold(query.condition, Reading(Catalogue({})))
    assert folded is not None, expression
    return folded.value


def sections(file: str) -> dict[str, Entry]:
    found: dict[str, Entry] = tomllib.loads(shared(f"oracle/elasticsearch-eql/{file}").read_text(encoding="utf-8"))
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


def wrong(file: str) -> tuple[int, dict[str, object]]:
    """The number of cases that apply, and those that come out differently."""
    checked = [entry for section, expression, entry in cases(file) if applies(section, expression, entry)]
    found = {entry["expression"]: value(entry["expression"]) for entry in checked}
    expected = {entry["expression"]: entry.get("expected") for entry in checked}
    return len(checked), {key: got for key, got in found.items() if not same(got, expected[key])}


def same(found: object, expected: object) -> bool:
    if isinstance(found, float) and isinstance(expected, int | float):
        return found == pytest.approx(expected)
    return type(found) is type(expected) and found == expected


def test_folding() -> None:
    assert wrong("test_folding.toml") == (91, {})


def test_string_functions() -> None:
    assert wrong("test_string_functions.toml") == (76, {})


def test_every_literal_against_null() -> None:
    """The templates of `null_comparison`."""
    entries = 0
    for loop in sections("test_folding.toml")["null_comparison"]["loop"]:
        for entry in loop["fold"]["tests"]:
            entries += 1
            for kind in loop["param"]["type"]:
                for literal in _LITERALS[kind]:
                    expression = entry["expression"].replace("$value", literal)
                    assert same(value(expression), entry.get("expected")), expression
    assert entries == 12


def test_what_the_verifier_refuses() -> None:
    refused = [
        entry["expression"]
        for name, section in sections("test_string_functions.toml").items()
        for entry in section.get("verifier", {}).get("failures", [])
        if name not in _LEFT_OUT_SECTIONS
    ]
    for expression in refused:
        with pytest.raises(RuleError):
            value(expression)
    assert len(refused) == 7
