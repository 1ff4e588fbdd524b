"""The loop that runs lark's tables against lark itself: the same trees, spans included, and the same refusals."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Lark, Token, Transformer, UnexpectedInput

import converter
from converter.errors import RuleError
from converter.languages import tables
from converter.languages.driver import Driver
from converter.languages.eql.builder import Builder
from converter.languages.kql.builder import TreeBuilder
from tests.shared import shared

LARK = {"eql": tables.parser("eql", Builder()), "kql": tables.parser("kql", TreeBuilder())}
DRIVER = {language: Driver(parser) for language, parser in LARK.items()}

EQL_PIECES = (
    *(
        "process where ",
        "any where ",
        "sequence by a ",
        "with maxspan=5m ",
        "[",
        "]",
        "![",
        " by b",
        "until ",
        "sample ",
    ),
    *("a", "a.b", "`x y`", "?a", " == ", " : ", " in (", " like~ ", " and ", " or ", " not ", "not ", "(", ")", ", "),
    *('"x"', '"""y"""', "1", "1.5", "null", "true", " < ", " + ", "-", " * ", "length(", "\n", "// c\n", "/* c\n */"),
    *(" | ", "head ", "with runs=2", "  ", "\\", "'", "?'x'"),
)
KQL_PIECES = (
    *("a", "b.c", ":", " : ", "*", '"x y"', "x y", "(", ")", "{", "}", " and ", " or ", "not ", " AND ", " not ", "\n"),
    *(" <", " >= ", "5", "\\:", "\\", '"', "  ", "\u00a0", "and", "nothing", "\\u0041"),
)


def outcome(parse: Callable[[str], Any], text: str) -> object:
    try:
        return laid_open(parse(text))
    except (UnexpectedInput, RuleError) as error:
        return type(error), str(error)


def laid_open(node: Any) -> object:
    """A tree as plain tuples, with the spans that take no part in equality."""
    if dataclasses.is_dataclass(node):
        return type(node), *(laid_open(getattr(node, part.name)) for part in dataclasses.fields(node))
    if isinstance(node, Token):
        return node.type, str(node), node.start_pos, node.end_pos, node.line, node.column
    return tuple(map(laid_open, node)) if isinstance(node, tuple | list) else node


def texts(pieces: Iterable[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(tuple(pieces)), max_size=14).map("".join)


@settings(max_examples=1500)
@given(texts(EQL_PIECES))
@example('sequence by a with maxspan=5m\n[any where a.b : ("x", 1)] by b\n![any where /* c\n */ not a] | head 1')
@example("any where -1 + 2 * a < length(?a) // c\n or `x y` == null")
def test_eql_is_read_as_lark_reads_it(text: str) -> None:
    assert outcome(DRIVER["eql"].parse, text) == outcome(LARK["eql"].parse, text)


@settings(max_examples=1500)
@given(texts(KQL_PIECES))
@example("")
@example('a: (x y or not "x y")\n and b.c: { a >= 5 } or *')
def test_kql_is_read_as_lark_reads_it(text: str) -> None:
    assert outcome(DRIVER["kql"].parse, text) == outcome(LARK["kql"].parse, text)


@pytest.mark.parametrize("language", tables.languages())
def test_no_grammar_has_terminals_that_lark_renames(language: str) -> None:
    """lark gives a match of one terminal the name of another where texts overlap; the driver knows nothing of that."""
    parser: Lark = tables.parser(language, Transformer(visit_tokens=False))
    lexers: Any = parser.parser.lexer
    for lexer in lexers.lexers.values():
        assert lexer.scanner is not None
        assert not lexer.callback


@pytest.mark.shared
def test_the_public_rules_are_read_as_lark_reads_them() -> None:
    rules = converter.load(shared("corpus/elastic-rules"))
    grammars = {"eql": "eql", "kuery": "kql"}
    read = [(grammars[rule.language], rule.query) for rule in rules if rule.language in grammars and rule.query]
    for grammar, text in read:
        assert outcome(DRIVER[grammar].parse, text) == outcome(LARK[grammar].parse, text)
    assert len(read) > 800
