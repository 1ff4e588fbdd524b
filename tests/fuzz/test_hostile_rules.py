"""Hostile rules by name (cases/hostile.toml): one error with its code and place, or a rule that also converts."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

import converter
from converter.backend import backend_names
from converter.errors import ConverterError
from tests.fuzz.outcome import check_conversion, check_error

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases/hostile.toml").read_text(encoding="utf-8")
)
SECONDS = 60
"""Far above what a case needs and far below what anything but linear work would take."""


def written(case: dict[str, Any]) -> str:
    """The query with its repetitions."""
    before, mark, rest = str(case["query"]).partition("«")
    repeated, _, after = rest.partition("»")
    return before + repeated * int(case.get("times", 1)) + after if mark else before


@pytest.mark.parametrize(
    ("language", "case"),
    [(language, case) for language, cases in CASES.items() for case in cases],
    ids=[f"{language}-{case['name']}" for language, cases in CASES.items() for case in cases],
)
def test_hostile_rules(language: str, case: dict[str, Any]) -> None:
    query = written(case)
    started = time.process_time()
    if "code" in case:
        with pytest.raises(ConverterError) as caught:
            converter.parse(query, language)
        check_error(caught.value, query)
        assert (caught.value.code, caught.value.place.line) == (case["code"], 1)
        assert caught.value.place.column == case.get("column", caught.value.place.column)
    else:
        check_conversion(converter.parse(query, language), backend_names())
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('any where user.id == "\ud800"', "eql"),
        ("user.id: \udfff", "kuery"),
        ('{"query": {"term": {"user.id": "\\ud800"}}}', "dsl"),
    ],
)
def test_half_characters_are_refused(text: str, language: str) -> None:
    with pytest.raises(ConverterError) as caught:
        converter.parse(text, language)
    assert caught.value.code == "text-half-character"
