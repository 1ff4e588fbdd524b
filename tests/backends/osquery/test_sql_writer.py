"""SQL text: precedence, quoting, layout. SQLite itself says what a text means."""

import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.osquery.quoting import glob_pattern, identifier, json_path, like_pattern, string, unwritable
from backends.osquery.sql import (
    And,
    Between,
    Binary,
    Case,
    Cast,
    Collated,
    Column,
    Function,
    In,
    Is,
    Like,
    Minus,
    Null,
    Number,
    Or,
    Output,
    Select,
    Sql,
    Text,
    Truth,
    all_of,
    any_of,
    depth,
)
from backends.osquery.write import WIDTH, expression, select_line, select_text
from converter.ir import ANY_ONE, ANY_RUN, pattern

PATH, PID = Column("e", "path"), Column("e", "pid")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Binary("=", PATH, Text("it's")), "e.path = 'it''s'"),
        (And((Truth(True), Or((PATH, PID)))), "TRUE AND (e.path OR e.pid)"),
        (Or((And((PATH, PID)), Null())), "(e.path AND e.pid) OR NULL"),
        (Is(Or((PATH, PID)), "NOT TRUE"), "(e.path OR e.pid) IS NOT TRUE"),
        (Is(Is(PATH, "NULL"), "NOT TRUE"), "(e.path IS NULL) IS NOT TRUE"),
        (In(Collated(PATH, "NOCASE"), (Text("a"), Text("b"))), "e.path COLLATE NOCASE IN ('a', 'b')"),
        (Binary("=", Collated(PATH, "NOCASE"), Text("a")), "e.path COLLATE NOCASE = 'a'"),
        (Like(PATH, "a\\%", True), "e.path LIKE 'a\\%' ESCAPE '\\'"),
        (Binary("GLOB", PATH, Text("a*")), "e.path GLOB 'a*'"),
        (Between(PID, Number(1), Number(2)), "e.pid BETWEEN 1 AND 2"),
        (Binary("-", PID, Binary("-", Number(2), Number(1))), "e.pid - (2 - 1)"),
        (Binary("*", Binary("+", PID, Number(1)), Number(2)), "(e.pid + 1) * 2"),
        (Binary("||", PATH, Binary("+", PID, Number(1))), "e.path || (e.pid + 1)"),
        (Minus(Minus(PID)), "-(-e.pid)"),
        (Number(float("inf")), "9e999"),
        (Binary("-", PID, Number(-1)), "e.pid - -1"),
        (Cast(PATH, "INTEGER"), "CAST(e.path AS INTEGER)"),
        (Case(((Is(PATH, "NULL"), Number(0)),), Number(1)), "CASE WHEN e.path IS NULL THEN 0 ELSE 1 END"),
        (Function("lower", (PATH,)), "lower(e.path)"),
        (Binary("=", Binary("=", PID, Number(1)), Truth(False)), "(e.pid = 1) = FALSE"),
    ],
)
def test_one_line(node: Sql, text: str) -> None:
    assert expression(node) == text


numbers = st.integers(-3, 3).map(Number)
operators = st.sampled_from(["+", "-", "*", "||", "=", "<", "<=", ">", ">="])
arithmetic: st.SearchStrategy[Sql] = st.recursive(
    st.one_of(numbers, st.just(Null()), st.builds(Truth, st.booleans())),
    lambda inner: st.one_of(
        st.builds(Binary, operators, inner, inner),
        st.builds(Is, inner, st.sampled_from(["NULL", "NOT NULL", "NOT TRUE"])),
        st.builds(Minus, inner),
        st.builds(Between, inner, inner, inner),
        st.builds(lambda value, items: In(value, tuple(items)), inner, st.lists(numbers, min_size=1, max_size=2)),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: And(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Or(tuple(items))),
    ),
    max_leaves=8,
)


def bracketed(node: Sql) -> str:
    """The same expression with a pair of brackets around everything: no precedence is needed to read it."""
    match node:
        case Binary(operator, left, right):
            return f"({bracketed(left)} {operator} {bracketed(right)})"
        case Is(value, what):
            return f"({bracketed(value)} IS {what})"
        case Minus(value):
            return f"(-{bracketed(value)})"
        case Between(value, low, high):
            return f"({bracketed(value)} BETWEEN {bracketed(low)} AND {bracketed(high)})"
        case In(value, items):
            return f"({bracketed(value)} IN ({', '.join(str(item.value) for item in items)}))"
        case And(items):
            return f"({' AND '.join(bracketed(item) for item in items)})"
        case Or(items):
            return f"({' OR '.join(bracketed(item) for item in items)})"
        case Number(value):
            return f"({value})"
        case _:
            return expression(node)


@given(arithmetic)
def test_precedence_is_sqlite_s(node: Sql) -> None:
    connection = sqlite3.connect(":memory:")
    written = connection.execute(f"SELECT {expression(node)}").fetchone()
    assert written == connection.execute(f"SELECT {bracketed(node)}").fetchone()


ask: dict[str, Callable[[sqlite3.Connection, str, str], bool]] = {
    "LIKE": lambda connection, value, text: connection.execute(
        f"SELECT {string(value)} LIKE {string(text)} ESCAPE '\\'"
    ).fetchone()[0],
    "GLOB": lambda connection, value, text: connection.execute(
        f"SELECT {string(value)} GLOB {string(text)}"
    ).fetchone()[0],
}
special = st.text("a%_\\[]^-*?'\n!é", max_size=6)


@given(special)
def test_escaped_literals_stand_for_themselves_only(value: str) -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute(f"SELECT {string(value)}").fetchone() == (value,)
    for other in (value + "a", "a" + value, value[1:] + "b"):
        assert not ask["LIKE"](connection, other, like_pattern(pattern(value))[0])
        assert not ask["GLOB"](connection, other, glob_pattern(pattern(value)))
    assert ask["LIKE"](connection, value, like_pattern(pattern(value))[0])
    assert ask["GLOB"](connection, value, glob_pattern(pattern(value)))


def test_wildcards() -> None:
    assert like_pattern(pattern("a", ANY_RUN, "50%", ANY_ONE)) == ("a%50\\%_", True)
    assert like_pattern(pattern(ANY_RUN, "a b")) == ("%a b", False)
    assert glob_pattern(pattern("[a]", ANY_RUN, "?", ANY_ONE)) == "[[]a]*[?]?"


def test_names_and_paths() -> None:
    assert identifier("path") == "path"
    assert identifier("order") == "`order`"
    assert identifier("a`b") == "`a``b`"
    assert json_path("EventData", "Image") == "$.EventData.Image"
    assert json_path("EventData", "Odd Name") == '$.EventData."Odd Name"'
    with pytest.raises(ValueError, match="double quote"):
        json_path("EventData", 'a"b')
    assert unwritable("a\0b")
    assert unwritable("\ud800")
    assert not unwritable("é\n'")


def test_long_conditions_are_laid_out_over_lines() -> None:
    items = tuple(Binary("=", PATH, Text(f"/usr/local/bin/program-{number}")) for number in range(4))
    where = all_of((any_of(items), Is(any_of(items[:3]), "NOT TRUE"), In(PID, tuple(map(Number, range(60))))))
    select = Select((Output(PID, "pid"), Output(PATH, "process_executable")), "process_events", "e", (), where, (PID,))
    text = select_text(select)
    assert max(map(len, text.splitlines())) <= WIDTH + 10
    assert text.startswith("SELECT\n  e.pid,\n  e.path AS process_executable\nFROM process_events AS e\nWHERE (")
    assert "\n  AND (\n    e.path = " in text
    assert " ".join(text.split()).replace("( ", "(").replace(" )", ")") == select_line(select)


def test_chains_are_balanced() -> None:
    items: tuple[Sql, ...] = tuple(Binary("GLOB", PATH, Text(f"{number}*")) for number in range(5_000))
    assert depth(any_of(items)) < 300
    assert any_of(()) == Truth(False)
    assert all_of(()) == Truth(True)
    assert all_of(items[:1]) == items[0]
