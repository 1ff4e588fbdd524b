"""Properties: the interpreter against naive definitions of the same thing."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.splunk.engine import SplError, SplunkEvent, run

ALPHABET = "aAbB*?.\\\"é| [']%_\n"
VALUES = st.text(ALPHABET, max_size=6)
NAMES = ("a", "b", "c")
TRUTHS = st.fixed_dictionaries({name: st.booleans() for name in NAMES})


def found(spl: str, fields: Mapping[str, str | tuple[str, ...]]) -> bool:
    texts = {name: value if isinstance(value, tuple) else (value,) for name, value in fields.items()}
    return bool(run(spl, [SplunkEvent("e", 1.0, texts)], now=2.0).rows)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def folded(text: str) -> str:
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def naive_match(pattern: str, text: str) -> bool:
    """`*` is any run of characters, everything else itself, by definition and not by speed."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return naive_match(pattern[1:], text) or (bool(text) and naive_match(pattern, text[1:]))
    return bool(text) and pattern[0] == text[0] and naive_match(pattern[1:], text[1:])


@given(VALUES, VALUES)
def test_search_wildcards(pattern: str, value: str) -> None:
    assert found(f"f={quoted(pattern)}", {"f": value}) == naive_match(folded(pattern), folded(value))


@given(VALUES, st.lists(VALUES, min_size=1, max_size=3))
def test_search_takes_any_value(pattern: str, values: list[str]) -> None:
    single = [found(f"f={quoted(pattern)}", {"f": value}) for value in values]
    several = {"f": tuple(values)}
    assert found(f"f={quoted(pattern)}", several) == any(single)
    assert found(f"f!={quoted(pattern)}", several) == (not all(single))
    assert found(f"NOT f={quoted(pattern)}", several) == (not any(single))


@given(VALUES)
def test_where_compares_text_as_it_stands(value: str) -> None:
    assert found(f"* | where f=={quoted(value)}", {"f": value})
    assert found(f"* | where f=={quoted(value)}", {"f": value.swapcase()}) == (value == value.swapcase())


@given(VALUES, VALUES)
def test_text_survives_eval(value: str, other: str) -> None:
    result = run(f"* | eval x={quoted(value)}.f", [SplunkEvent("e", 1.0, {"f": (other,)})], now=2.0)
    assert result.rows[0].fields["x"] == (value + other,)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(NAMES)), min_size=1, max_size=6), st.data())
def test_where_precedence(terms: list[tuple[bool, str]], data: st.DataObject) -> None:
    """NOT, then AND, then OR, as in Python."""
    truths = data.draw(TRUTHS)
    operators = data.draw(st.lists(st.sampled_from(["AND", "OR"]), min_size=len(terms) - 1, max_size=len(terms) - 1))
    text = _chain([f'{"NOT " * negated}{name}=="1"' for negated, name in terms], operators)
    python = _chain([str(truths[name] != negated) for negated, name in terms], [each.lower() for each in operators])
    assert found(f"* | where {text}", _fields(truths)) == eval(python)  # noqa: S307 - the text is made above


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(NAMES)), min_size=1, max_size=6), st.data())
def test_search_precedence(terms: list[tuple[bool, str]], data: st.DataObject) -> None:
    """NOT, then OR, then AND, written or not: a conjunction of disjunctions."""
    truths = data.draw(TRUTHS)
    operators = data.draw(
        st.lists(st.sampled_from(["AND", "OR", ""]), min_size=len(terms) - 1, max_size=len(terms) - 1)
    )
    text = _chain([f"{'NOT ' * negated}{name}=1" for negated, name in terms], operators)
    groups: list[list[bool]] = [[]]
    for position, (negated, name) in enumerate(terms):
        if position and operators[position - 1] != "OR":
            groups.append([])
        groups[-1].append(truths[name] != negated)
    assert found(text, _fields(truths)) == all(any(group) for group in groups)


def _fields(truths: Mapping[str, bool]) -> dict[str, str]:
    return {name: "1" if truth else "0" for name, truth in truths.items()}


def _chain(terms: list[str], operators: list[str]) -> str:
    return " ".join([terms[0], *(part for pair in zip(operators, terms[1:], strict=True) for part in pair if part)])


def failure(text: str) -> SplError | None:
    try:
        run(text, [SplunkEvent("e", 1.0, {"a": ("1",)})], now=2.0)
    except SplError as error:
        return error
    return None


@given(st.text("ab|()[]\"'\\`=*, $%.-\n", max_size=30))
def test_hostile_text_is_a_search_or_an_error_with_a_place(text: str) -> None:
    error = failure(text)
    assert error is None or (error.place.line >= 1 and error.place.column >= 1)


@pytest.mark.parametrize(
    "text",
    [
        "* | where " + "(" * 5000 + "NOT a==1" + ")" * 5000,
        "* | where " + "NOT " * 5000 + "a==1",
        "* | where " + "NOT (" * 5000 + "a==1" + ")" * 5000,
        "(" * 5000 + "a=1" + ")" * 5000,
        "(a=1 " * 5000 + ")" * 5000,
        "(a=1 OR (a=1 " * 5000 + "))" * 5000,
        "NOT " * 5000 + "a=1",
        "* | eval x=" + "-" * 5000 + "1",
        "* | eval x=" + "lower(" * 5000 + "a" + ")" * 5000,
        "| multisearch " + "[" * 5000 + "]" * 5000,
    ],
)
def test_deep_nesting_is_bounded_by_us(text: str) -> None:
    error = failure(text)
    assert error is None or error.code == "spl-nesting"


def test_long_conjunctions_are_not_nesting() -> None:
    assert found("* | where " + " AND ".join(["a==1"] * 3000), {"a": "1"})
    assert found(" ".join(["a=1"] * 3000), {"a": "1"})
