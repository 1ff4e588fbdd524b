"""Pages of random rules: none fails, none is unsafe to print, and whatever the rule names is on it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import converter
from converter import parse
from converter.describe import page
from converter.describe.node import data_of, nodes
from converter.ir import (
    ANY_ONE,
    AddressLiteral,
    All,
    Any,
    Call,
    Compute,
    Constant,
    DateLiteral,
    Detection,
    Equal,
    Events,
    Field,
    FieldValue,
    Like,
    Not,
    NumberLiteral,
    Predicate,
    Test,
    Text,
    TextLiteral,
    VersionLiteral,
    pattern,
)
from converter.rule import Origin, Rule
from tests.describe.reading import read
from tests.describe.rules import detections, predicates
from tests.shared import shared
from tests.strategies import tests

EMPTY = Rule(Origin("-"), "Random", "eql", "eql", "")


def words_of(meaning: Detection | Predicate) -> str:
    """The page of a rule that means this, with what it writes by number as the characters themselves."""
    detection = Events(meaning) if isinstance(meaning, Predicate) else meaning
    shown = page(replace(EMPTY, detection=detection)).partition("\nHow to read this")[0]
    return re.sub(r"<U\+([0-9A-F]{4,6})>", lambda found: chr(int(found[1], 16)), shown)


def named(meaning: Detection | Predicate) -> Iterator[str]:
    """What has to be on the page: fields and literals."""
    for node in nodes(meaning):
        match node:
            case Field(name) | FieldValue(name):
                yield name
            case TextLiteral(text) | DateLiteral(text) | AddressLiteral(text) | VersionLiteral(text):
                yield text
            case NumberLiteral(number):
                yield repr(number)
            case Text(text):
                yield text
            case _:
                pass


@given(detections)
@settings(max_examples=300, deadline=None)
def test_a_page_names_every_field_and_every_literal(detection: Detection) -> None:
    shown = words_of(detection)
    assert [text for text in named(detection) if text not in shown] == []


@given(detections, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_a_page_shows_every_yes_or_no(detection: Detection, random: Random) -> None:
    """Turning any one of a rule's switches (case, negation, an open bound, an optional field, …) changes the words."""
    data = json.loads(json.dumps(data_of(detection)))
    switches = list(switches_of(data))
    if switches:
        holder, name = random.choice(switches)
        holder[name] = not holder[name]
        turned = read(data)
        assert isinstance(turned, Detection)
        assert words_of(turned) != words_of(detection)


def switches_of(data: object) -> Iterator[tuple[dict[str, object], str]]:
    """Every attribute that is true or false, save those that change nothing: the case of what is no text or of a
    pattern that anything matches, the openness of a bound that is not there, the absence of what ends a sequence."""
    if isinstance(data, list):
        for item in data:
            yield from switches_of(item)
    elif isinstance(data, dict):
        for name, value in data.items():
            idle = (
                name == "missing"
                or (name == "ignore_case" and data["node"] == "equal" and data["value"]["node"] != "text-literal")
                or (name == "ignore_case" and [part["node"] for part in data.get("pattern", [])] == ["any-run"])
                or (name == "open_low" and data["low"] is None)
                or (name == "open_high" and data["high"] is None)
            )
            if isinstance(value, bool) and not idle:
                yield data, name
            yield from switches_of(value)


@given(predicates)
@settings(deadline=None)
def test_a_page_shows_what_is_denied(predicate: Predicate) -> None:
    assert words_of(Not(predicate)) != words_of(predicate)


@given(tests, tests)
@settings(deadline=None)
def test_a_page_tells_and_from_or(one: Test, other: Test) -> None:
    assert words_of(All((one, other))) != words_of(Any((one, other)))


@given(detections)
@settings(deadline=None)
def test_a_page_is_safe_to_print(detection: Detection) -> None:
    shown = page(replace(EMPTY, detection=detection))
    assert shown.endswith("\n")
    assert all(line.isprintable() for line in shown[:-1].split("\n"))


@given(st.text(max_size=40))
@settings(deadline=None)
def test_metadata_is_safe_to_print(text: str) -> None:
    rule = replace(EMPTY, name=text, description=text, rule_id=text, tags=(text,), maturity=text, severity=None)
    assert all(line.isprintable() for line in page(rule)[:-1].split("\n"))


def test_a_long_list_is_cut_with_its_count() -> None:
    names = tuple(Equal(TextLiteral(f"name-{number}")) for number in range(10_000))
    shown = words_of(Test(Field("process.name"), names))
    assert '"name-49", … and 9,950 more (10,000 in all)' in shown.replace("\n      ", " ")
    assert "name-50" not in shown


def test_a_long_value_is_cut_with_its_length() -> None:
    shown = words_of(Test(Field("process.name"), (Equal(TextLiteral("x" * 5_000_000)),)))
    assert f'"{"x" * 160}"… (5,000,000 characters)' in shown
    assert len(shown) < 2_000


def test_a_long_pattern_is_cut_with_its_length() -> None:
    shown = words_of(Test(Field("a"), (Like(pattern("b", *(ANY_ONE, "x") * 400)),)))
    assert "… (801 characters)" in shown


@pytest.mark.parametrize("group", [All, Any])
def test_a_large_group_is_cut_with_its_count(group: type[All] | type[Any]) -> None:
    items = tuple(Test(Field(f"f{number}"), (Equal(NumberLiteral(number)),)) for number in range(3_000))
    shown = words_of(group(items))
    assert "… and 2,800 more of these (3,000 in all)" in shown
    assert "f199 is 199" in shown
    assert "f200" not in shown


def test_a_large_page_is_cut() -> None:
    def nested(level: int) -> Predicate:
        if level == 0:
            return Test(Field("a"), (Equal(NumberLiteral(1)),))
        return (Any if level % 2 else All)((nested(level - 1),) * 15)

    shown = words_of(nested(3))
    assert "the rest of this section is cut; --json has all of it" in shown
    assert shown.count("\n") < 2_100


def test_a_large_computation_is_cut() -> None:
    value: Call = Call("concat", (FieldValue("a"),))
    for _ in range(60):
        value = Call("concat", (value, *(Constant(TextLiteral("x" * 150)) for _ in range(30))))
    assert len(words_of(Compute(value))) < 20_000


def test_the_deepest_query_has_a_page() -> None:
    text = "any where " + "not (a == 1 or b == 2 and " * 25 + "x == 1" + ")" * 25
    shown = words_of(parse(text, "eql").detection or Events(All(())))
    assert '(level 49) x is "1"' in shown
    assert max(map(len, shown.split("\n"))) <= 100


@pytest.mark.shared
def test_every_rule_of_elastic_has_a_page() -> None:
    for rule in converter.load(shared("corpus/elastic-rules")):
        shown = page(rule)
        assert all(line.isprintable() for line in shown[:-1].split("\n"))
        wide = [line for line in shown.split("\n") if len(line) > 100 and '"' not in line and "/" not in line]
        assert [line for line in wide if len(line.split()) > 3] == []
        assert ("\nProblem\n" in shown) == (rule.error is not None)
        assert ("\nWhat it finds\n" in shown) == (rule.detection is not None)
