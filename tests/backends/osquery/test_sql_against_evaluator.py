"""The SQL that is written selects what the reference evaluator selects, on the same rows (spec osquery 6).

Rows hold columns of a text type, of a number type, of a joined snapshot table and of a JSON payload; a text that a row
does not state is spelled NULL in one run and as an empty text in the other.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.osquery.engine import MISSING, SqliteEngine
from backends.osquery.layout import Join, Layout
from backends.osquery.predicate import Conditions
from backends.osquery.sql import Column, Output, Select, columns
from backends.osquery.statement import join_clause
from backends.osquery.write import select_line, select_text
from converter.backend import Artifact, TargetEvent
from converter.evaluate import compile_predicate
from converter.events.event import Event, Values
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Always,
    Any,
    Equal,
    Field,
    Like,
    Matcher,
    Network,
    Never,
    Not,
    NumberLiteral,
    Predicate,
    Present,
    Range,
    Test,
    TextLiteral,
    pattern,
)
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

PROCESS = Layout(
    "process_events",
    "linux",
    {"parent": Join("processes", {"pid": "parent"}), "user": Join("users", {"uid": "euid"})},
    order=("time", "eid"),
)
SYSMON = Layout("windows_events", "windows", payload="EventData", order=("time", "eid"))
CATALOGUE = Catalogue({name: FieldInfo(name, FieldType.LONG) for name in ("pid", "parent", "parent.pid", "eventid")})

TEXTS = {
    PROCESS.table: ("path", "cmdline", "parent.path", "user.username"),
    SYSMON.table: ("Image", "CallTrace", "Odd.Name"),
}
NUMBERS = {PROCESS.table: ("pid", "parent"), SYSMON.table: ("eventid",)}

# Few letters, so that values and patterns meet; every character that some escaping cares about.
letters = st.text("aAbBkK/\\ %_[]^-*?'\"\néÉ\u212a$.(0", max_size=5)
words = letters.filter(bool)


def values(layout: Layout) -> st.SearchStrategy[dict[str, Values]]:
    text: st.SearchStrategy[Values] = words.map(lambda word: (word,))
    number: st.SearchStrategy[Values] = st.integers(-2, 5).map(lambda value: (value,))
    columns = {**dict.fromkeys(TEXTS[layout.table], text), **dict.fromkeys(NUMBERS[layout.table], number)}
    return st.fixed_dictionaries({}, optional=columns).map(_with_parent)


def _with_parent(row: dict[str, Values]) -> dict[str, Values]:
    """A snapshot row is found by the id that the event states."""
    return {"parent": (7,), **row} if "parent.path" in row else row


parts = st.lists(st.one_of(words, st.just(ANY_RUN), st.just(ANY_ONE)), min_size=1, max_size=4)
patterns = parts.map(lambda items: pattern(*items))
text_matchers: st.SearchStrategy[Matcher] = st.one_of(
    st.builds(Equal, words.map(TextLiteral), st.booleans()),
    st.builds(Like, patterns, st.booleans()),
    st.just(Present()),
    st.builds(lambda low: Range(low=TextLiteral(low), open_low=True), words),
    st.builds(lambda high: Range(high=TextLiteral(high)), words),
)
number_matchers: st.SearchStrategy[Matcher] = st.one_of(
    st.builds(lambda value: Equal(NumberLiteral(value)), st.integers(-2, 5)),
    st.builds(
        lambda low, high: Range(NumberLiteral(low), NumberLiteral(high), True, False),
        st.integers(-2, 5),
        st.floats(-2, 5),
    ),
    st.just(Present()),
)


def leaf_tests(names: tuple[str, ...], matchers: st.SearchStrategy[Matcher]) -> st.SearchStrategy[Predicate]:
    several = st.lists(matchers, min_size=1, max_size=3).map(tuple)
    return st.builds(Test, st.sampled_from(names).map(Field), several)


def predicates(layout: Layout) -> st.SearchStrategy[Predicate]:
    leaves = st.one_of(
        leaf_tests(TEXTS[layout.table], text_matchers),
        leaf_tests(NUMBERS[layout.table], number_matchers),
        st.just(Always()),
        st.just(Never()),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.lists(inner, max_size=3).map(lambda items: All(tuple(items))),
            st.lists(inner, max_size=3).map(lambda items: Any(tuple(items))),
        ),
        max_leaves=8,
    )


def sql_artifact(predicate: Predicate, layout: Layout, *, pretty: bool = True) -> Artifact:
    where = Conditions(layout).condition(predicate)
    used = {column.table for column in columns(where)}
    joins = tuple(join_clause(name, join) for name, join in layout.joins.items() if name in used)
    select = Select((Output(Column("e", "time"), "time"),), layout.table, "e", joins, where, ())
    text = select_text(select) if pretty else select_line(select)
    return Artifact("case", ".sql", f"-- platform: {layout.platform}\n{text};\n")


def selected(predicate: Predicate, rows: list[dict[str, Values]], layout: Layout, *, pretty: bool = True) -> set[int]:
    engine = SqliteEngine({"source": layout})
    events = [TargetEvent(str(number), row, "source") for number, row in enumerate(rows)]
    found = engine.run([sql_artifact(predicate, layout, pretty=pretty)], events, now=0)
    assert all(len(item) == 1 for item in found.items), "the answer depends on how a missing text is spelled"
    return {int(item[0]) for item in found.items}


def meant(predicate: Predicate, rows: list[dict[str, Values]]) -> set[int]:
    holds = compile_predicate(predicate, CATALOGUE)
    return {number for number, row in enumerate(rows) if holds(Event(str(number), row))}


@pytest.mark.parametrize("layout", [PROCESS, SYSMON], ids=["columns and joins", "json"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_random_predicates_over_random_rows(layout: Layout, data: st.DataObject) -> None:
    rows = data.draw(st.lists(values(layout), min_size=1, max_size=4))
    predicate = data.draw(predicates(layout))
    assert selected(predicate, rows, layout, pretty=data.draw(st.booleans())) == meant(predicate, rows)


@settings(max_examples=300, deadline=None)
@given(patterns, words, st.booleans())
def test_pattern_encoders(like: tuple[object, ...], value: str, ignore_case: bool) -> None:
    predicate = Test(Field("path"), (Like(like, ignore_case),))  # type: ignore[arg-type]
    rows: list[dict[str, Values]] = [{"path": (value,)}]
    assert selected(predicate, rows, PROCESS) == meant(predicate, rows)


BLOCKS = ["10.0.0.0/8", "192.168.1.4/30", "1.2.3.4/32", "0.0.0.0/0", "fe80::/10", "::1/128"]
ADDRESSES = [
    "10.0.0.0",
    "10.255.255.255",
    "11.0.0.0",
    "192.168.1.4",
    "192.168.1.7",
    "192.168.1.8",
    "1.2.3.4",
    "fe80::1",
]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("negated", [False, True])
def test_networks_include_their_ends_and_stand_other_texts(block: str, negated: bool) -> None:
    layout = Layout("socket_events", "linux")
    test = Test(Field("remote_address"), (Network(block),))
    predicate: Predicate = Not(test) if negated else test
    rows: list[dict[str, Values]] = [{"remote_address": (text,)} for text in (*ADDRESSES, "::1", "", "none")]
    rows.append({})
    types = CATALOGUE.extended([FieldInfo("remote_address", FieldType.IP)])
    holds = compile_predicate(predicate, types)
    expected = {number for number, row in enumerate(rows) if holds(Event("", row))}
    assert selected(predicate, rows, layout) == expected


@pytest.mark.parametrize("count", [65, 1_500, 10_000])
def test_long_lists_stay_below_the_depth_limit(count: int) -> None:
    equal = Test(Field("path"), tuple(Equal(TextLiteral(f"/bin/{number}")) for number in range(count)))
    like = Test(Field("path"), tuple(Like(pattern(f"/opt/{number}", ANY_RUN)) for number in range(count)))
    rows: list[dict[str, Values]] = [
        {"path": (f"/bin/{count - 1}",)},
        {"path": (f"/opt/{count - 1}/x",)},
        {"path": (f"/bin/{count}",)},
    ]
    assert selected(Any((equal, like)), rows, PROCESS) == {0, 1}
    assert selected(Not(Any((equal, like))), rows, PROCESS) == {2}


def test_the_letter_case_of_ascii_only_is_ignored() -> None:
    kelvin: list[dict[str, Values]] = [{"path": (text,)} for text in ("K", "k", "\u212a")]
    assert selected(Test(Field("path"), (Equal(TextLiteral("k"), True),)), kelvin, PROCESS) == {0, 1}
    assert selected(Test(Field("path"), (Like(pattern("k", ANY_RUN), True),)), kelvin, PROCESS) == {0, 1}


def test_a_collating_column_does_not_lose_the_case() -> None:
    layout = Layout("file_events", "linux")
    rows: list[dict[str, Values]] = [{"md5": ("aB",)}, {"md5": ("ab",)}]
    assert selected(Test(Field("md5"), (Equal(TextLiteral("ab")),)), rows, layout) == {1}
    assert selected(Test(Field("md5"), (Equal(TextLiteral("AB"), True),)), rows, layout) == {0, 1}


@pytest.mark.parametrize("literal", ["0", "00", "1e0", "root", "-1", " 0"])
def test_texts_beside_a_number_column(literal: str) -> None:
    rows: list[dict[str, Values]] = [{"euid": (value,)} for value in ("0", "1", "-1")]
    predicate = Test(Field("euid"), (Equal(TextLiteral(literal)),))
    assert selected(predicate, rows, PROCESS) == meant(predicate, rows)


def test_missing_spellings_are_the_engine_s_to_try() -> None:
    """A query that tells NULL from an empty text is found out."""
    artifact = Artifact("x", ".sql", "-- platform: linux\nSELECT e.time FROM process_events AS e WHERE e.cwd IS NULL")
    found = SqliteEngine({"source": PROCESS}).run([artifact], [TargetEvent("1", {}, "source")], now=0)
    assert found.items == {("1", "only if a missing text is NULL")}
    assert set(MISSING) == {"NULL", "''"}


def test_an_ipv4_address_in_ipv6_form_is_outside_the_assumptions() -> None:
    layout = Layout("socket_events", "linux")
    conditions = Conditions(layout)
    conditions.condition(Test(Field("remote_address"), (Network("10.0.0.0/8"),)))
    (mapped,) = [item for item in conditions.assumptions if item.code == "osquery-mapped-address"]
    assert mapped.allows is not None
    assert not mapped.allows(("::ffff:10.0.0.1",))
    assert mapped.allows(("10.0.0.1", "::1", "no address"))
