"""What SPL does, as statements of the specification and of Splunk's documentation with events that show each.

`spl_cases/*.toml`: every case names the statement it comes from. None was made from what the converter writes.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from backends.splunk.engine import Row, SplError, SplunkEvent, Table, lookup_table, run

NOW = 1_000_000.0
FILES = sorted((Path(__file__).parent / "spl_cases").glob("*.toml"))
SOURCE = re.compile(r"splunk\.md \d|(?:SearchReference|Search|Knowledge|Admin)/\w+|RFC \d|FIPS \d")

Case = Mapping[str, Any]


def cases() -> Iterator[tuple[str, Mapping[str, Any], Case]]:
    """The name of every case, the file it stands in, and the case."""
    for path in FILES:
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, case in file["cases"].items():
            yield f"{path.stem}/{name}", file, case


def parameters() -> list[Any]:
    return [pytest.param(file, case, id=name) for name, file, case in cases()]


def texts(fields: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(value) if isinstance(value, list) else (value,) for name, value in fields.items()}


def events_of(file: Mapping[str, Any]) -> list[SplunkEvent]:
    """The file's events, one second apart; a file of functions has one event, whose fields stand alone."""
    given = file.get("events", {"only": file.get("fields", {})})
    return [SplunkEvent(name, float(time), texts(fields)) for time, (name, fields) in enumerate(given.items(), start=1)]


def tables_of(file: Mapping[str, Any]) -> dict[str, Table]:
    """The file's lookups: the text of a CSV file with the settings of its stanza in transforms.conf."""
    given: dict[str, dict[str, str]] = file.get("tables", {})
    return {name: lookup_table(**settings) for name, settings in given.items()}


def rows_of(file: Mapping[str, Any], case: Case) -> tuple[Row, ...]:
    spl = f"* | eval x={case['eval']}" if "eval" in case else case["spl"]
    return run(spl, events_of(file), now=NOW, tables=tables_of(file)).rows


@pytest.mark.parametrize(("file", "case"), parameters())
def test_documented(file: Mapping[str, Any], case: Case) -> None:
    if "error" in case:
        with pytest.raises(SplError) as raised:
            rows_of(file, case)
        assert raised.value.code == case["error"]
        return
    rows = rows_of(file, case)
    if "ids" in case:
        assert sorted(row.event_id or "" for row in rows) == sorted(case["ids"])
    elif "rows" in case:
        assert [dict(row.fields) for row in rows] == [texts(row) for row in case["rows"]]
    else:
        (row,) = rows
        assert row.fields.get("x", ()) == texts({"x": case.get("x", [])})["x"]


def test_every_case_cites_where_it_comes_from() -> None:
    without = [name for name, _, case in cases() if not SOURCE.match(case["from"])]
    assert not without


def test_no_two_cases_say_the_same() -> None:
    """Cases carry the weight of an engine that no one else has: what counts is how many different ones there are."""
    asked = [(name.split("/")[0], case.get("spl", case.get("eval"))) for name, _, case in cases()]
    assert len(asked) == len(set(asked))
    assert len(asked) >= 200
