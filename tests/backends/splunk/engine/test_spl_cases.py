"""Tables of cases written from the specification; each case names its trap."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backends.splunk.engine import Result, SplError, SplunkEvent, run

CASES = Path(__file__).parent / "cases"
NOW = 1_000_000.0


def texts(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(value) if isinstance(value, list) else (value,) for name, value in values.items()}


def cases(file: str) -> list[Any]:
    """(what the file's events or fields are, case) pairs, named for the test report."""
    data = tomllib.loads((CASES / file).read_text(encoding="utf-8"))
    given = data.get("events", data.get("fields"))
    return [pytest.param(given, case, id=name) for name, case in data["cases"].items()]


def outcome(spl: str, events: list[SplunkEvent], error: str | None) -> Result | None:
    """What the search returns, or None where the case expects an error of that code and gets it."""
    if error is None:
        return run(spl, events, now=NOW)
    with pytest.raises(SplError) as raised:
        run(spl, events, now=NOW)
    assert raised.value.code == error
    return None


def numbered(given: Mapping[str, Any]) -> list[SplunkEvent]:
    return [SplunkEvent(name, float(time), texts(fields)) for time, (name, fields) in enumerate(given.items(), start=1)]


@pytest.mark.parametrize(("given", "case"), [*cases("search.toml"), *cases("where.toml"), *cases("names.toml")])
def test_selection(given: dict[str, Any], case: dict[str, Any]) -> None:
    result = outcome(case["spl"], numbered(given), case.get("error"))
    if result is not None:
        assert sorted(row.event_id or "" for row in result.rows) == sorted(case["ids"])


@pytest.mark.parametrize(("given", "case"), cases("values.toml"))
def test_value(given: dict[str, Any], case: dict[str, Any]) -> None:
    event = SplunkEvent("e", 1.0, texts(given))
    result = outcome(f"* | eval x={case['eval']}", [event], case.get("error"))
    if result is not None:
        expected = texts({"x": case["x"]})["x"] if "x" in case else None
        assert result.rows[0].fields.get("x") == expected


@pytest.mark.parametrize(("given", "case"), cases("commands.toml"))
def test_rows(given: dict[str, Any], case: dict[str, Any]) -> None:
    result = outcome(case["spl"], numbered(given), case.get("error"))
    if result is not None:
        assert [dict(row.fields) for row in result.rows] == [texts(row) for row in case["rows"]]
