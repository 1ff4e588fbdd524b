"""Searches over Python's documents."""

import pytest

from backends.splunk.engine import Rendering, SplError, lookup_table, search_documents
from converter.errors import ConfigurationError

DOCUMENTS: list[dict[str, object]] = [
    {"_id": "a", "@timestamp": "1970-01-01T00:00:10Z", "user": "ann", "tags": ["x", "y"], "_raw": "login of ann"},
    {"_time": 20.5, "user": {"name": "bob"}},
]


def test_times_and_ids() -> None:
    result = search_documents("* | table _time", DOCUMENTS)
    assert [(row.event_id, row.fields["_time"]) for row in result.rows] == [("1", ("20.5",)), ("a", ("10",))]


def test_now_is_the_newest_event_unless_it_is_given() -> None:
    assert [row.event_id for row in search_documents("earliest=-5s *", DOCUMENTS).rows] == ["1"]
    assert [row.event_id for row in search_documents("earliest=-5s *", DOCUMENTS, now=12).rows] == ["a"]


def test_raw_text() -> None:
    assert [row.event_id for row in search_documents("login", DOCUMENTS).rows] == ["a"]


@pytest.mark.parametrize(("rendering", "found"), [(Rendering.ALIAS, ["a"]), (Rendering.BRACES, [])])
def test_plain_names_of_lists_are_those_of_the_aliases(rendering: Rendering, found: list[str]) -> None:
    assert [row.event_id for row in search_documents("tags=x", DOCUMENTS, rendering=rendering).rows] == found
    assert len(search_documents('"tags{}"=x', DOCUMENTS, rendering=rendering).rows) == 1


def test_lookups_and_macros() -> None:
    known = lookup_table("user,team\nANN,red\n", case_sensitive_match="false")
    result = search_documents(
        "`someone` | lookup known user OUTPUT team | stats count BY team",
        DOCUMENTS,
        macros={"someone": "user=*"},
        tables={"known": known},
    )
    assert [dict(row.fields) for row in result.rows] == [{"team": ("red",), "count": ("1",)}]


def test_a_time_that_is_none() -> None:
    with pytest.raises(ConfigurationError) as raised:
        search_documents("*", [{"@timestamp": "yesterday"}])
    assert raised.value.code == "events-time-unreadable"


def test_no_documents() -> None:
    assert search_documents("* | stats count", []).rows[0].fields == {"count": ("0",)}
    with pytest.raises(SplError):
        search_documents("* | frobnicate", [])
