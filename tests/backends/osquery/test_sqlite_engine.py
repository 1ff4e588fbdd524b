"""The engine rejects what osquery would not run and lays events out as its tables hold them (spec osquery 10)."""

import pytest

from backends.osquery.engine import QueryError, SqliteEngine
from backends.osquery.engine.checks import check, violations
from backends.osquery.engine.database import connect, prepare
from backends.osquery.engine.rows import rows
from backends.osquery.layout import Join, Layout
from backends.osquery.schema import PLATFORMS, tables, tables_on
from converter.backend import Artifact, TargetEvent
from converter.errors import ConfigurationError

PROCESS = Layout("process_events", "linux", {"parent": Join("processes", {"pid": "parent"})})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_table_of_a_platform_is_there(platform: str) -> None:
    names = {name for (name,) in connect(platform).execute("SELECT name FROM sqlite_master")}
    assert names == set(tables_on(platform))
    assert len(tables()) == 284


@pytest.mark.parametrize(
    ("sql", "platform", "reason"),
    [
        ("SELECT absent FROM process_events", "linux", "no such column: absent"),
        ("SELECT status FROM process_events", "linux", "no such column: status"),
        ("SELECT path FROM registry", "linux", "a table of windows"),
        ("SELECT path FROM bpf_process_events", "linux", "removed after osquery 5.23.1"),
        ("SELECT path FROM process_events WHERE path REGEXP 'a'", "linux", "REGEXP"),
        ("DELETE FROM users", "linux", "not authorized"),
        ("ATTACH 'x' AS y", "linux", "."),
        ("PRAGMA user_version", "linux", "not authorized"),
        ("SELECT carve(uid) FROM users", "linux", "no such function: carve"),
    ],
)
def test_queries_that_do_not_prepare(sql: str, platform: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        prepare(sql, platform)


TIME = "e.time > (SELECT unix_time - 60 FROM time)"


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("SELECT * FROM users", "leaves the columns open"),
        ("SELECT u.* FROM users AS u", "leaves the columns open"),
        ("SELECT pid FROM processes WHERE NOT path = 'a'", "complement"),
        ("SELECT pid FROM processes WHERE path NOT LIKE 'a'", "complement"),
        ('SELECT pid FROM processes WHERE path = "a"', "becomes a text"),
        ("SELECT md5 FROM hash", "needs a condition on path or directory"),
        ("SELECT 1 FROM users; SELECT 2 FROM users", "more than one statement"),
        ("SELECT 1 FROM process_events AS e, socket_events AS s", "without a bound"),
        (f"SELECT 1 FROM process_events AS e JOIN socket_events AS s ON s.pid = e.pid WHERE {TIME}", "without a bound"),
    ],
)
def test_what_sqlite_accepts_and_osquery_or_the_rule_does_not(sql: str, what: str) -> None:
    with pytest.raises(QueryError, match=what):
        check(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM users WHERE (uid = 1) IS NOT TRUE AND username IS NOT NULL",
        "SELECT pid * 2 FROM processes WHERE path = 'NOT *' -- NOT this",
        'SELECT pid AS "process.pid" FROM processes',
        "SELECT h.md5 FROM processes AS p LEFT JOIN hash AS h ON h.path = p.path",
        f"SELECT 1 FROM process_events AS e, process_events AS f WHERE {TIME} AND f.time > 1",
    ],
)
def test_what_the_checks_let_pass(sql: str) -> None:
    assert list(violations(sql)) == []


def value(expression: str, platform: str = "linux") -> object:
    return connect(platform).execute(f"SELECT {expression}").fetchone()[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("split('a, b,,c', ',', 1)", "b"),
        ("split('a,b', ',', 9)", None),
        ("regex_split('a12b3c', '[0-9]+', 2)", "c"),
        ("regex_match('xaby', 'a(b)', 1)", "b"),
        ("regex_match('x', 'y', 0)", None),
        ("regex_match(NULL, 'y', 0)", None),
        ("concat('a', NULL, 1)", "a1"),
        ("concat_ws('-', 'a', NULL, 'b')", "a-b"),
        ("concat_ws('-', 'a', NULL)", "a-"),
        ("inet_aton('1.2.3.4')", 16909060),
        ("inet_aton('::1')", None),
        ("inet_aton('')", None),
        ("in_cidr_block('10.0.0.0/8', '10.0.0.0')", 0),
        ("in_cidr_block('10.0.0.0/8', '10.255.255.255')", 0),
        ("in_cidr_block('10.9.9.9/8', '10.1.1.1')", 1),
        ("in_cidr_block('10.0.0.0/31', '10.0.0.1')", 0),
        ("in_cidr_block('10.0.0.1/32', '10.0.0.1')", 1),
        ("in_cidr_block('fe80::/10', 'fe80::')", 1),
        ("sha1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("to_base64('a')", "YQ=="),
        ("from_base64('YQ==')", "a"),
        ("from_base64('!')", ""),
        ("parent_directory('/a/b')", "/a"),
        ("round(log(10), 3)", 2.303),
    ],
)
def test_osquery_s_own_functions(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "in_cidr_block('10.0.0.0/8', '::1')",
        "in_cidr_block('10.0.0.0/8', '')",
        "in_cidr_block('10.0.0.0/8', NULL)",
        "split('a', '', 0)",
        "regex_match('a', '(', 0)",
    ],
)
def test_functions_that_fail_the_query(expression: str) -> None:
    with pytest.raises(Exception, match="user-defined function raised exception"):
        value(expression)


def test_an_event_becomes_its_row_and_the_snapshot_row_it_points_to() -> None:
    event = TargetEvent("1", {"pid": (5,), "parent": (4,), "parent.path": ("/bin/sh",)}, "s", time=1_999)
    own, parent = rows(event, PROCESS, None)
    assert own.table == "process_events"
    assert (own.cells["time"], own.cells["pid"], own.cells["path"]) == (1, 5, None)
    assert (parent.table, parent.cells["pid"], parent.cells["path"]) == ("processes", 4, "/bin/sh")


def test_a_missing_text_may_be_empty_and_a_missing_number_is_not() -> None:
    own, parent = rows(TargetEvent("1", {"parent": (4,)}), PROCESS, "")
    assert own.cells["path"] == ""
    assert "pid" not in own.cells
    assert parent.cells["path"] == ""


def test_windows_event_values_are_texts_in_json() -> None:
    layout = Layout("windows_events", "windows", payload="EventData")
    (row,) = rows(TargetEvent("1", {"eventid": (3,), "DestinationPort": (443,), "Initiated": (True,)}), layout, None)
    assert row.cells["data"] == '{"EventData": {"DestinationPort": "443", "Initiated": "true"}}'
    assert row.cells["eventid"] == 3


def test_events_after_now_and_of_another_platform_or_table_are_not_seen() -> None:
    sql = "-- platform: linux\nSELECT e.time FROM process_events AS e"
    engine = SqliteEngine({"l": PROCESS, "w": Layout("windows_events", "windows")})
    events = [
        TargetEvent("seen", {}, "l", time=1_000),
        TargetEvent("late", {}, "l", time=2_000),
        TargetEvent("windows", {}, "w", time=1_000),
        TargetEvent("neighbour", {"table": ("process_events",)}, None, time=1_000),
        TargetEvent("elsewhere", {"table": ("windows_events",)}, None, time=1_000),
    ]
    found = engine.run([Artifact("a", ".sql", sql)], events, now=1_500)
    assert found.items == {("seen",), ("neighbour",)}


def test_a_query_without_platform_or_in_another_format_is_not_run() -> None:
    engine = SqliteEngine({"l": PROCESS})
    for artifact in (Artifact("a", ".sql", "SELECT 1 FROM users"), Artifact("a", ".spl", "search x")):
        with pytest.raises(ConfigurationError):
            engine.run([artifact], [], now=0)
