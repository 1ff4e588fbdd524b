"""Queries that Elasticsearch's acceptance suite keeps as comments: why each is one, and that we say the same.

`commented_out.toml` classifies them. What is no longer EQL is refused with a code and a place; what is EQL today with
other results than the comment expects is evaluated, and the difference is the one that its reason explains.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import converter
from tests.evaluate.elasticsearch import FILES, CommentedOut, commented_out

pytestmark = pytest.mark.shared

CLASSIFIED: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("commented_out.toml").read_text(encoding="utf-8")
)
ENTRIES = [(file, int(line)) for file, entries in CLASSIFIED.items() for line in entries]


def entry_of(file: str, line: int) -> tuple[CommentedOut, dict[str, Any]]:
    (query,) = (item for item in commented_out(file) if item.line == line)
    return query, CLASSIFIED[file][str(line)]


def test_every_query_is_classified_and_nothing_else() -> None:
    found = {(item.file, item.line): item.digest for file in FILES for item in commented_out(file)}
    assert {
        (file, int(line)): entry["digest"] for file, entries in CLASSIFIED.items() for line, entry in entries.items()
    } == found


def test_the_kinds() -> None:
    kinds = Counter(entry["kind"] for entries in CLASSIFIED.values() for entry in entries.values())
    assert kinds == {"unsupported": 84, "syntax": 13, "old expectations": 10, "unknown field": 7}


@pytest.mark.parametrize(("file", "line"), [at for at in ENTRIES if "code" in CLASSIFIED[at[0]][str(at[1])]])
def test_what_is_not_eql_is_refused_with_a_clear_message(file: str, line: int) -> None:
    query, entry = entry_of(file, line)
    with pytest.raises(converter.RuleError) as caught:
        converter.parse(query.query, language="eql", schema=FILES[file][1]().schema)
    error = caught.value
    assert error.code == entry["code"]
    assert error.excerpt == query.query.split("\n")[error.place.line - 1].rstrip("\r")
    assert 1 <= error.place.column <= len(error.excerpt) + 1


def test_unknown_fields_are_refused_only_under_a_strict_schema() -> None:
    unknown = [at for at in ENTRIES if CLASSIFIED[at[0]][str(at[1])]["kind"] == "unknown field"]
    assert all(converter.parse(entry_of(*at)[0].query, language="eql").detection is not None for at in unknown)


@pytest.mark.parametrize(("file", "line"), [at for at in ENTRIES if "found" in CLASSIFIED[at[0]][str(at[1])]])
def test_what_is_eql_differs_as_its_reason_says(file: str, line: int) -> None:
    query, entry = entry_of(file, line)
    data = FILES[file][1]()
    rule = converter.parse(query.query, language="eql", schema=data.schema)
    found = [id_ for match in converter.evaluate(rule, data.documents, schema=data.schema) for id_ in match.ids]
    match entry["found"]:
        case "same":
            assert tuple(found) == query.ids
        case "none":
            assert (found, query.ids != ()) == ([], True)
        case "fewer":
            assert found
            assert set(found) < set(query.ids)
        case "more":
            assert set(found) > set(query.ids)
        case other:
            pytest.fail(f"no such difference: {other}")
