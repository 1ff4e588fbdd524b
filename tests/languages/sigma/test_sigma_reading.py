"""Sigma as it is read: what each modifier and value selects, by the specification's words, and what is refused."""

import pytest

from converter.errors import RuleError, UnsupportedError
from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import All, Any, Predicate, Range, Test
from converter.ir.walk import leaves
from converter.languages import sigma
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

NUMBERS = Catalogue({"n": FieldInfo("n", FieldType.DOUBLE)})


def rule(detection: str, condition: str = "sel") -> str:
    indented = "\n".join(f"    {line}" for line in detection.splitlines())
    return f"title: T\nlogsource: {{product: windows}}\ndetection:\n{indented}\n    condition: {condition}\n"


def predicate(detection: str, condition: str = "sel") -> Predicate:
    return sigma.read(rule(detection, condition))[0].predicate


def holds(detection: str, condition: str = "sel", **fields: object) -> bool:
    """Whether an event with these fields is selected; a list is a field with several values."""
    values = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in fields.items()}
    return compile_predicate(predicate(detection, condition), NUMBERS)(Event("1", values))


@pytest.mark.parametrize(
    ("item", "matching", "other"),
    [
        ("f: abc", ["abc", "ABC"], ["abcd", "xabc", ""]),
        ("f|cased: aBc", ["aBc"], ["abc", "ABC"]),
        ("f: 'a*'", ["a", "Ab", "a\nb"], ["ba"]),
        ("f: 'a?c'", ["abc", "a\nc"], ["ac", "abbc"]),
        (r"f: 'a\*'", ["a*"], ["ab", r"a\b"]),
        (r"f: 'a\\*'", ["a\\", r"a\b"], ["a*", "ab"]),
        (r"f: 'a\b'", [r"a\b"], ["ab", r"a\\b"]),
        (r"f: 'a\\b'", [r"a\b"], [r"a\\b"]),
        ("f: ''", [""], [" ", "x"]),
        ("f|startswith: ab", ["ab", "ABc"], ["cab"]),
        ("f|endswith: 'a*b'", ["xab", "a.b"], ["abx"]),
        ("f|contains: ab", ["ab", "xABy"], ["a b"]),
        ("f|contains|all: [a, b]", ["ab", "b-A"], ["a", "b"]),
        ("f: [a, b]", ["a", "B"], ["ab"]),
        ("f: 5", [5, "5", "5"], ["55", 50, "x"]),
        ("f: true", [True, "true"], [False, "yes"]),
        ("f|re: 'a.c'", ["xabcx"], ["ABC", "a\nc", "ac"]),
        ("f|re|i: 'a.c'", ["xABCx"], ["a\nc"]),
        ("f|re|s: '^a.c$'", ["a\nc", "abc"], ["xabc", "abc\n", "ABC"]),
        ("f|re: 'a$|^b'", ["xa", "bx"], ["ax", "xb"]),
        ("f|cidr: 10.0.0.0/8", ["10.1.2.3"], ["11.0.0.1", "10", "x"]),
        ("f|cidr: 'fe80::/10'", ["fe80::1"], ["10.1.2.3", "::1"]),
        ("f|windash|contains: ' -x'", ["a -x", "a /x", "a \u2013x"], ["a x", "a-x"]),
        ("f|base64offset|contains: foo", ["Zm9v", "xZvbx"], ["foo"]),
    ],
)
def test_a_value_selects(item: str, matching: list[object], other: list[object]) -> None:
    detection = f"sel:\n    {item}"
    assert [value for value in matching if not holds(detection, f=value)] == []
    assert [value for value in other if holds(detection, f=value)] == []


@pytest.mark.parametrize(
    ("item", "matching", "other"),
    [
        ("n|gt: 5", [6, "5.1"], [5, 4, "x"]),
        ("n|gte: 5", [5, "5"], [4.9]),
        ("n|lt: 5", [4, -1], [5]),
        ("n|lte: 1.5", [1.5, 1], [2]),
    ],
)
def test_a_comparison_is_of_numbers(item: str, matching: list[object], other: list[object]) -> None:
    detection = f"sel:\n    {item}"
    assert all(holds(detection, n=value) for value in matching)
    assert not any(holds(detection, n=value) for value in other)
    assert all(isinstance(leaf, Test) and isinstance(leaf.matchers[0], Range) for leaf in leaves(predicate(detection)))


@pytest.mark.parametrize(
    ("item", "missing", "present"),
    [
        ("f: null", True, False),
        ("f: []", True, False),
        ("f|exists: true", False, True),
        ("f|exists: false", True, False),
    ],
)
def test_presence(item: str, missing: bool, present: bool) -> None:
    assert holds(f"sel:\n    {item}") is missing
    assert holds(f"sel:\n    {item}", f="") is present


def test_a_missing_field_is_false_and_its_negation_true() -> None:
    assert not holds("sel:\n    f: a")
    assert holds("sel:\n    f: a", "not sel")
    assert holds("sel:\n    f|neq: a")


def test_some_value_of_a_list_has_to_match() -> None:
    assert holds("sel:\n    f: a", f=["x", "a"])
    assert not holds("sel:\n    f: a", "not sel", f=["x", "a"])
    assert holds("sel:\n    f|contains|all: [a, b]", f=["xa", "xb"])


@pytest.mark.parametrize(
    ("detection", "selected", "left"),
    [
        pytest.param("sel:\n    f: a\n    g: b", [("a", "b")], [("a", "x"), ("x", "b")], id="a map is an and"),
        pytest.param("sel:\n    - f: a\n    - g: b", [("a", "x"), ("x", "b")], [("x", "x")], id="a list is an or"),
        pytest.param("sel: [a, b]", [("xa", "-"), ("-", "B")], [("-", "-")], id="keywords"),
        pytest.param("sel:\n    '|all': [a, b]", [("a", "b")], [("a", "-"), ("-", "b")], id="all keywords"),
        pytest.param("sel:\n    - a\n    - g: b", [("xa", "-"), ("-", "b")], [("-", "bb")], id="keyword or map"),
    ],
)
def test_structure(detection: str, selected: list[tuple[str, str]], left: list[tuple[str, str]]) -> None:
    assert all(holds(detection, f=f, g=g) for f, g in selected)
    assert not any(holds(detection, f=f, g=g) for f, g in left)


THREE = "sel_a:\n    f: a\nsel_b:\n    f: b\nother:\n    g: c\n_hidden:\n    f: z"


@pytest.mark.parametrize(
    ("condition", "selected", "left"),
    [
        ("1 of sel_*", [("a", "-"), ("b", "-")], [("-", "c")]),
        ("all of sel_*", [], [("a", "-"), ("b", "-")]),
        ("1 of them", [("a", "-"), ("-", "c")], [("z", "-")]),
        ("sel_a or sel_b and other", [("a", "-"), ("b", "c")], [("b", "-")]),
        ("(sel_a or sel_b) and other", [("a", "c")], [("a", "-")]),
        ("not sel_a and other", [("b", "c")], [("a", "c"), ("b", "-")]),
        ("not 1 of sel_*", [("-", "-")], [("a", "-"), ("b", "-")]),
        ("[sel_a, other]", [("a", "-"), ("-", "c")], [("b", "-")]),
    ],
)
def test_conditions(condition: str, selected: list[tuple[str, str]], left: list[tuple[str, str]]) -> None:
    assert all(holds(THREE, condition, f=f, g=g) for f, g in selected)
    assert not any(holds(THREE, condition, f=f, g=g) for f, g in left)


def test_what_a_rule_says_of_itself() -> None:
    text = (
        "title: Some Title\nid: 0b7f6a52-5d0a-5b6e-9d57-0d3c1d1f6a21\ntaxonomy: ecs\n"
        "logsource: {category: process_creation, product: linux, definition: audit everything}\n"
        "detection: {sel: {f: a}, condition: sel}\n"
    )
    (found,) = sigma.read(text)
    assert found.title == "Some Title"
    assert found.id == "0b7f6a52-5d0a-5b6e-9d57-0d3c1d1f6a21"
    assert found.taxonomy == "ecs"
    assert found.logsource == {"category": "process_creation", "product": "linux"}


def test_a_file_may_hold_several_rules() -> None:
    first, second = rule("sel:\n    f: a"), rule("sel:\n    f: b")
    assert [found.predicate for found in sigma.read(f"{first}---\n{second}")] == [
        predicate("sel:\n    f: a"),
        predicate("sel:\n    f: b"),
    ]


REFUSALS = [
    ("sel:\n    f|fieldref: g", "sigma-value"),
    ("sel:\n    f|hour: 5", "sigma-value"),
    ("sel:\n    f|hour|gt: 5", "sigma-value"),
    ("sel:\n    f|expand: '%list%'", "sigma-value"),
    ("sel:\n    - a\n    - null", "sigma-value"),
]
ERRORS = [
    ("sel:\n    f|foo: a", "sigma-rule"),
    ("sel:\n    f|contains: 5", "sigma-rule"),
    ("sel:\n    f|gt: '5'", "sigma-rule"),
    ("sel:\n    f|cidr: 10.0.0.1/8", "sigma-rule"),
    ("sel:\n    f: {g: a}", "sigma-rule"),
    ("sel:\n    f: 2026-01-01", "sigma-rule"),
    ("sel:\n    5: a", "sigma-rule"),
    ("sel: {}", "sigma-rule"),
    ("sel:\n    f: a\n    f: b", "sigma-yaml"),
]


@pytest.mark.parametrize(("detection", "code"), REFUSALS)
def test_what_is_understood_and_not_read_is_refused(detection: str, code: str) -> None:
    with pytest.raises(UnsupportedError) as refused:
        predicate(detection)
    assert refused.value.code == code
    assert refused.value.place.line == 3


@pytest.mark.parametrize(("detection", "code"), ERRORS)
def test_what_is_no_sigma_is_an_error(detection: str, code: str) -> None:
    with pytest.raises(RuleError) as failed:
        predicate(detection)
    assert failed.value.code == code


@pytest.mark.parametrize(
    "condition", ["sel and", "1 of missing*", "missing", "5", "sel | count() > 5", "sel AND sel", "[]"]
)
def test_a_condition_that_is_none_is_an_error(condition: str) -> None:
    with pytest.raises(RuleError) as failed:
        predicate("sel:\n    f: a", condition)
    assert failed.value.code == "sigma-rule"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "sigma-rule"),
        ("- a", "sigma-rule"),
        ("title: T", "sigma-rule"),
        ("title: T\nlogsource: {}\ndetection: {sel: {f: a}, condition: sel}", "sigma-rule"),
        ("title: T\nlogsource: {product: 5}\ndetection: {sel: {f: a}, condition: sel}", "sigma-rule"),
        ("title: [T]\nlogsource: {product: a}\ndetection: {sel: {f: a}, condition: sel}", "sigma-rule"),
        ("title: 'T", "sigma-yaml"),
        ("title: T\ntitle: U", "sigma-yaml"),
        ("title: T\ncorrelation: {type: event_count}", "sigma-document"),
        ("title: T\nfilter: {rules: any}", "sigma-document"),
        ("action: global\ntitle: T", "sigma-document"),
    ],
)
def test_documents_that_are_no_rules(text: str, code: str) -> None:
    with pytest.raises(RuleError) as failed:
        sigma.read(text)
    assert failed.value.code == code


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BOMB, id="aliases of aliases"),
        pytest.param("[" * 10_000, id="depth"),
        pytest.param("a: &a [*a]", id="an alias of itself"),
        pytest.param("a: \x00", id="control characters"),
        pytest.param("? [a, b]\n: c", id="a list as a key"),
    ],
)
def test_hostile_yaml_is_an_error(text: str) -> None:
    with pytest.raises(RuleError) as failed:
        sigma.read(text)
    assert failed.value.code == "sigma-yaml"


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("(" * 10_000 + "sel" + ")" * 10_000, id="parentheses"),
        pytest.param("not " * 10_000 + "sel", id="negations"),
        pytest.param(" and (sel or ".join(["sel"] * 60) + ")" * 59, id="groups"),
        pytest.param(" or ".join(["sel"] * 50_000), id="length"),
    ],
)
def test_hostile_conditions_are_an_error(condition: str) -> None:
    with pytest.raises(RuleError) as failed:
        predicate("sel:\n    f: a", f"'{condition}'")
    assert failed.value.code == "sigma-nesting"


def test_conditions_up_to_the_limit_are_read() -> None:
    deep = " and (sel or ".join(["sel"] * 40) + ")" * 39
    assert isinstance(predicate("sel:\n    f: a", f"'{deep}'"), All)
    assert isinstance(predicate("sel:\n    f: a", f"'{' or '.join(['sel'] * 2_000)}'"), Any)


def test_a_long_list_is_one_alternative_each() -> None:
    values = ", ".join(f"v{number}" for number in range(10_000))
    assert holds(f"sel:\n    f: [{values}]", f="V9999")
    assert not holds(f"sel:\n    f: [{values}]", f="v10000")
