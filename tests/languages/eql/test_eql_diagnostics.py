"""What is said about texts that are not EQL."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.errors import Place, RuleError
from converter.languages.eql import lower, parse, to_text
from converter.languages.limits import DEEPEST_NESTING, LONGEST_TEXT
from converter.losses import CodeKind, converter_codes
from converter.schema.catalogue import default_catalogue
from tests.ir.show import show

CASES = tomllib.loads((Path(__file__).parent / "cases/diagnostics.toml").read_text(encoding="utf-8"))["case"]


def refused(query: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse(query)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_message(case: dict[str, Any]) -> None:
    error = refused(case["query"])
    assert (error.code, error.place.line, error.place.column) == (case["code"], case["line"], case["column"])
    assert case["says"] in error.message
    assert error.excerpt == case["query"].split("\n")[error.place.line - 1]


def test_every_code_is_registered() -> None:
    sources = Path(__file__).parents[3] / "converter/languages/eql"
    used = set()
    for path in sources.glob("*.py"):
        used |= set(re.findall(r'"((?:eql|nesting-too)-[a-z-]+)"', path.read_text(encoding="utf-8")))
    codes = converter_codes()
    assert used <= set(codes)
    errors = {name for name, code in codes.items() if name.startswith("eql-") and code.kind is CodeKind.ERROR}
    assert errors <= used, "codes that nothing raises"


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "not " * 10_000 + "a",
        "- " * 10_000 + "1 == a",
        "length(" * 10_000 + "a" + ")" * 10_000,
        "a == 1" + " + 1" * 10_000,
        "(" * 10_000,
        "a == " + "(1 * " * 10_000,
        ("(not (" * 60) + "b" + "))" * 60,
    ],
)
def test_deep_nesting_has_a_code(condition: str) -> None:
    assert refused(f"process where {condition}").code == "nesting-too-deep"


def test_wide_texts_are_no_nesting() -> None:
    for condition in (
        " or ".join(["not a == -1"] * 5_000),
        f"a in ({', '.join(['-1'] * 10_000)})",
        " and ".join(["(a == 1)"] * 5_000),
        "(" * (DEEPEST_NESTING - 1) + "a" + ")" * (DEEPEST_NESTING - 1),
        f'a == "{"(" * 1_000}" /* {"(" * 1_000} */ and `{"(" * 500}` == 1 // {"(" * 500}',
    ):
        parse(f"process where {condition}")


def test_the_deepest_query_goes_all_the_way() -> None:
    deepest = "(a == 1 or b == 2 and " * DEEPEST_NESTING + "c" + ")" * DEEPEST_NESTING
    for condition in (deepest, "not " * DEEPEST_NESTING + "a", "a == 1" + " + 1" * DEEPEST_NESTING):
        statement = parse(f"process where {condition}")
        assert parse(to_text(statement)) == statement
        detection = lower(statement, default_catalogue()).detection
        assert hash(detection) == hash(lower(statement, default_catalogue()).detection)
        assert show(detection)


def test_long_texts_have_a_code() -> None:
    assert refused("x" * (LONGEST_TEXT + 1)).code == "text-too-long"


@pytest.mark.parametrize(
    "text",
    [
        'a == "' + '\\"' * 500_000,
        '" ' + "/*" * 500_000,
        "/**/" * 250_000,
        "/*/**/*/" * 130_000,
        "'\\" * 500_000,
        "`" * 1_000_001,
    ],
)
def test_long_odd_texts_take_no_longer_than_their_length(text: str) -> None:
    """Quadratic scanning would take hours here."""
    with pytest.raises(RuleError):
        parse(f"any where {text}")


@pytest.mark.parametrize(
    "comment", ["/* a */", "/* a /* b */ c */", "/*/**/*/", "/* \n /* ' \" */ \n */", '// " ( \n', "/* // */"]
)
def test_comments_are_blank(comment: str) -> None:
    assert parse(f"process where a == 1 {comment} and b == 2") == parse("process where a == 1 and b == 2")


def test_comment_signs_in_strings_are_text() -> None:
    assert parse('any where a == "/* // */" and b == """/* x"""') != parse("any where a == 1")


def place_of_refusal(query: str) -> Place | None:
    try:
        parse(query)
    except RuleError as error:
        return error.place
    return None


@given(st.text(st.sampled_from(list("aw \n\"'`?*/\\()[]!|&=<>:,.~+-%0195@_é{}$#")), max_size=40))
def test_any_text_gives_a_tree_or_a_rule_error(text: str) -> None:
    for query in (text, f"process where {text}", f"sequence [a where {text}] {text}"):
        place = place_of_refusal(query)
        assert place is None or (place.line >= 1 and place.column >= 1)
