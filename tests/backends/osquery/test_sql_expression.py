"""Value expressions in SQL give what the reference evaluator gives (spec eql 6.4, 9; osquery 6)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.osquery.engine import SqliteEngine
from backends.osquery.layout import Layout
from backends.osquery.predicate import Conditions
from backends.osquery.refusal import InexpressibleError
from backends.osquery.sql import Column, Output, Select
from backends.osquery.write import select_text
from converter.backend import Artifact, TargetEvent
from converter.evaluate import compile_predicate
from converter.events.event import Event, Values
from converter.ir import (
    ANY_RUN,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    Either,
    Equal,
    Expression,
    FieldValue,
    IsNull,
    Like,
    Matches,
    Negation,
    Not,
    NumberLiteral,
    Predicate,
    TextLiteral,
    pattern,
)
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

LAYOUT = Layout("process_events", "linux")
CATALOGUE = Catalogue({name: FieldInfo(name, FieldType.LONG) for name in ("pid", "parent")})


def selects(predicate: Predicate, row: dict[str, Values]) -> bool:
    where = Conditions(LAYOUT).condition(predicate)
    text = select_text(Select((Output(Column("e", "time"), "time"),), "process_events", "e", (), where, ()))
    artifact = Artifact("case", ".sql", f"-- platform: linux\n{text};\n")
    found = SqliteEngine({"s": LAYOUT}).run([artifact], [TargetEvent("1", row, "s")], now=0).items
    assert found in (frozenset(), frozenset({("1",)})), "the answer depends on how a missing text is spelled"
    return bool(found)


def text(value: str) -> Constant:
    return Constant(TextLiteral(value))


def number(value: int) -> Constant:
    return Constant(NumberLiteral(value))


words = st.text("aAbB/.\\*%'", min_size=1, max_size=6)
fields = st.sampled_from([FieldValue("path"), FieldValue("cmdline"), FieldValue("cwd")])
numbers = st.one_of(st.sampled_from([FieldValue("pid"), FieldValue("parent")]), st.integers(1, 5).map(number))
separators = st.sampled_from([text("/"), text("\\")])
text_values: st.SearchStrategy[Expression] = st.one_of(
    fields,
    st.builds(lambda a, b: Call("concat", (a, b)), fields, st.one_of(fields, words.map(text))),
    st.builds(lambda a, i: Call("substring", (a, number(i))), fields, st.integers(-3, 4)),
    st.builds(
        lambda a, i, j: Call("substring", (a, number(i), number(j))), fields, st.integers(0, 4), st.integers(0, 4)
    ),
    st.builds(
        lambda name, a, b: Call(name, (a, b)), st.sampled_from(["basename", "dirname", "extension"]), fields, separators
    ),
    st.builds(lambda name, a: Call(name, (a,)), st.sampled_from(["lower", "upper"]), fields),
)
number_values: st.SearchStrategy[Expression] = st.one_of(
    numbers,
    st.builds(lambda a: Call("length", (a,)), text_values),
    st.builds(lambda a, b: Call("indexOf", (a, text(b))), text_values, words),
    st.builds(
        lambda name, a, b: Call(name, (a, b)),
        st.sampled_from(["add", "subtract", "multiply", "divide", "modulo"]),
        numbers,
        st.integers(1, 4).map(number),
    ),
    st.builds(lambda a: Call("negate", (a,)), numbers),
)
searches = st.builds(
    lambda name, a, b, fold: Call(name, (a, text(b)), fold),
    st.sampled_from(["startsWith", "endsWith", "stringContains"]),
    text_values,
    words,
    st.booleans(),
)
operators = st.sampled_from(["==", "<", "<=", ">", ">="])
conditions: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(
        st.builds(Compare, operators, number_values, number_values),
        st.builds(lambda a, b: Compare("==", a, b), text_values, st.one_of(text_values, words.map(text))),
        st.builds(
            lambda a, b: Matches(a, (Equal(TextLiteral(b), True), Like(pattern(b, ANY_RUN)))), text_values, words
        ),
        st.builds(IsNull, st.one_of(text_values, number_values)),
        searches,
    ),
    lambda inner: st.one_of(
        st.builds(Negation, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Both(tuple(items))),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Either(tuple(items))),
    ),
    max_leaves=4,
)
rows: st.SearchStrategy[dict[str, Values]] = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("path", "cmdline", "cwd"), words.map(lambda word: (word,))),
        **dict.fromkeys(("pid", "parent"), st.integers(0, 9).map(lambda value: (value,))),
    },
)


@settings(max_examples=300, deadline=None)
@given(conditions, rows, st.booleans())
def test_random_expressions(expression: Expression, row: dict[str, Values], negated: bool) -> None:
    predicate: Predicate = Not(Compute(expression)) if negated else Compute(expression)
    assert selects(predicate, row) == compile_predicate(predicate, CATALOGUE)(Event("1", row))


@pytest.mark.parametrize(
    "expression",
    [
        Call("between", (FieldValue("path"), text("a"), text("b"))),
        Compare("==", Call("number", (FieldValue("path"),)), number(1)),
        Compare(">", Call("concat", (FieldValue("path"),)), number(1)),
        Call("stringContains", (FieldValue("path"), FieldValue("cwd"))),
        Call("endsWith", (FieldValue("path"), text(""))),
        Call("substring", (FieldValue("path"), number(1), number(-1))),
        Call("cidrMatch", (FieldValue("path"), FieldValue("cwd"))),
    ],
)
def test_what_sql_cannot_say_is_refused_and_not_changed(expression: Expression) -> None:
    with pytest.raises(InexpressibleError) as caught:
        Conditions(LAYOUT).condition(Compute(expression))
    assert caught.value.loss.code == "osquery-expression"
    assert caught.value.loss.direction is None


def test_a_text_column_beside_a_number_is_converted() -> None:
    layout = Layout("windows_events", "windows", payload="EventData")
    conditions = Conditions(layout)
    conditions.condition(Compute(Compare(">", FieldValue("DestinationPort"), number(1024))))
    assert "osquery-number-text" in {assumption.code for assumption in conditions.assumptions}
