"""Lookup tables: transforms.conf, `lookup`, `inputlookup`, `outputlookup` (their pages in Splunk's Search Reference;
spec splunk 1.1, 5.2, 5.3), and how saved searches with tables and schedules are run."""

import pytest

from backends.splunk.engine import SplError, SplunkEngine, SplunkEvent, run
from backends.splunk.engine.table import Table, of_stanza
from converter.backend import Artifact, TargetEvent

EVENTS = [
    SplunkEvent("a", 1.0, {"ip": ("10.1.2.3",), "user": ("Ann",)}),
    SplunkEvent("b", 2.0, {"ip": ("192.0.2.1",), "user": ("bob",)}),
    SplunkEvent("c", 3.0, {"user": ("carl",)}),
]
FILES = {"t.csv": "network,name,note\n10.0.0.0/8,ann,inner\n192.0.2.1/32,b*,\n"}


def table(**keys: str) -> dict[str, Table]:
    found = of_stanza({"filename": "t.csv", **keys}, FILES)
    assert found is not None
    return {"t": found}


def hits(spl: str, tables: dict[str, Table]) -> list[str]:
    return sorted(
        row.event_id or "" for row in run(f"{spl} | where isnotnull(hit)", EVENTS, now=9.0, tables=tables).rows
    )


def test_values_are_compared_exactly() -> None:
    assert hits("* | lookup t name AS user OUTPUT note AS hit", table()) == []


def test_case_is_ignored_where_the_definition_says_so() -> None:
    assert hits("* | lookup t name AS user OUTPUT note AS hit", table(case_sensitive_match="false")) == ["a"]


def test_networks() -> None:
    assert hits("* | lookup t network AS ip OUTPUT network AS hit", table(match_type="CIDR(network)")) == ["a", "b"]


def test_wildcards() -> None:
    assert hits("* | lookup t name AS user OUTPUT name AS hit", table(match_type="WILDCARD(name)")) == ["b"]


def test_an_empty_cell_is_no_value() -> None:
    assert hits("* | lookup t name AS user OUTPUT note AS hit", table(match_type="WILDCARD(name)")) == []


def test_all_inputs_have_to_fit_one_row() -> None:
    spl = "* | eval who=lower(user) | lookup t network AS ip, name AS who OUTPUT name AS hit"
    assert hits(spl, table(match_type="CIDR(network)")) == ["a"]


def test_matches_are_limited() -> None:
    twice = {"t.csv": "k,v\n1,a\n1,b\n"}
    for most, expected in (("1", ("a",)), ("9", ("a", "b"))):
        found = of_stanza({"filename": "t.csv", "max_matches": most}, twice)
        assert found is not None
        (row,) = run("* | head 1 | eval k=1 | lookup t k OUTPUT v", EVENTS, now=9.0, tables={"t": found}).rows
        assert row.fields["v"] == expected


@pytest.mark.parametrize(
    ("spl", "code"),
    [
        ("* | lookup nothing ip OUTPUT x", "spl-lookup"),
        ("* | eval both=mvappend(ip, user) | lookup t network AS both OUTPUT note", "spl-undefined"),
        ("* | lookup t name AS user OUTPUT note AS ip", "spl-undefined"),
        ("* | lookup", "spl-syntax"),
    ],
)
def test_what_is_not_defined_is_an_error(spl: str, code: str) -> None:
    with pytest.raises(SplError) as raised:
        run(spl, EVENTS, now=9.0, tables=table())
    assert raised.value.code == code


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(SplError, match=r"other\.csv"):
        of_stanza({"filename": "other.csv"}, FILES)


def test_rows_are_kept_for_later_searches() -> None:
    tables = {"seen": Table(("_key", "user", "last"))}
    store = "* | eval last=_time | fields user, last | outputlookup append=true key_field=user seen"
    assert run(store, EVENTS, now=9.0, tables=tables).stored
    again = "user=bob | eval last=99 | fields user, last | outputlookup append=true key_field=user seen"
    run(again, EVENTS, now=9.0, tables=tables)
    rows = run("| inputlookup seen | sort 0 user", [], now=9.0, tables=tables).rows
    assert [(row.fields["user"][0], row.fields["last"][0]) for row in rows] == [
        ("Ann", "1"),
        ("bob", "99"),
        ("carl", "3"),
    ]


def test_without_append_a_table_begins_anew() -> None:
    tables = {"seen": Table(("user",), [{"user": "old"}])}
    run("user=bob | outputlookup seen", EVENTS, now=9.0, tables=tables)
    assert tables["seen"].rows == [{"user": "bob"}]


# ---- the engine ----------------------------------------------------------------------------------------------------


def test_tables_are_read_from_the_artifacts() -> None:
    artifacts = [
        Artifact("r", ".spl", "* | lookup bad value AS user OUTPUT value AS hit | where isnotnull(hit)"),
        Artifact("r", ".csv", "value\nbob\n", "list"),
        Artifact("r", ".conf", "[bad]\nfilename = r-list.csv\n", "transforms"),
    ]
    events = [TargetEvent("1", {"user": ("ann",)}, None, 1), TargetEvent("2", {"user": ("bob",)}, None, 2)]
    assert SplunkEngine().run(artifacts, events, now=9).items == {("2",)}


STANZA = """[Rule]
cron_schedule = 2-59/5 * * * *
dispatch.earliest_time = -11m@m
dispatch.latest_time = -5m@m
search = * | addinfo | where _time>=info_max_time-300
"""


def test_a_search_that_looks_at_its_range_is_run_on_schedule() -> None:
    """Each event lies in the newest five minutes of exactly one run, whenever that is."""
    events = [TargetEvent(str(minute), {"n": (minute,)}, None, minute * 30_000) for minute in range(60)]
    found = SplunkEngine().run([Artifact("r", ".conf", STANZA)], events, now=59 * 30_000)
    assert found.items == {(event.id,) for event in events}


def test_a_search_of_windows_that_leave_gaps_misses_events() -> None:
    gaps = STANZA.replace("-300", "-120")
    events = [TargetEvent(str(minute), {"n": (minute,)}, None, minute * 60_000) for minute in range(20)]
    found = SplunkEngine().run([Artifact("r", ".conf", gaps)], events, now=19 * 60_000)
    assert 0 < len(found.items) < len(events)
