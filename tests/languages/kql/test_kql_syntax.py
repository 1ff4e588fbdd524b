"""KQL text to tree: what each rule of spec kql 1 and 2 asks, and the errors as a person meets them."""

import pytest

from converter.errors import RuleError
from converter.ir.pattern import ANY_RUN, AnyRun, Text
from converter.languages.kql.parser import parse
from converter.languages.kql.tree import (
    EVERYTHING,
    And,
    Expression,
    Literal,
    Match,
    Nested,
    Not,
    Or,
    Range,
    ValueAnd,
    ValueNot,
    ValueOr,
)
from converter.languages.limits import LONGEST_TEXT


def plain(*parts: str | AnyRun) -> Literal:
    return Literal(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def quoted(text: str) -> Literal:
    return Literal((Text(text),) if text else (), quoted=True)


A, B, C, F = plain("a"), plain("b"), plain("c"), plain("f")


def bare(literal: Literal) -> Match:
    return Match(None, literal)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        (" \t\r\n\u00a0", EVERYTHING),
        ("*:*", EVERYTHING),
        ("a", bare(A)),
        ("f:a", Match(F, A)),
        ("f : a", Match(F, A)),
        ("two words: more words ", Match(plain("two words"), plain("more words"))),
        ("f:\na\nb", Match(F, plain("a\nb"))),
        ("a or b and c", Or((bare(A), And((bare(B), bare(C)))))),
        ("(a or b) and c", And((Or((bare(A), bare(B))), bare(C)))),
        ("a AND b aNd c", And((bare(A), bare(B), bare(C)))),
        ("(a or b) or c", Or((Or((bare(A), bare(B))), bare(C)))),
        ("not a and b", And((Not(bare(A)), bare(B)))),
        ("NOT (not a)", Not(Not(bare(A)))),
        ("f:(a or not b and c)", Match(F, ValueOr((A, ValueAnd((ValueNot(B), C)))))),
        ("f:((a))", Match(F, A)),
        ("f:a or b", Or((Match(F, A), bare(B)))),
        ("f>=5", Range(F, ">=", plain("5"))),
        ('f < "5*"', Range(F, "<", quoted("5*"))),
        ("a:{ f:b }", Nested(A, Match(F, B))),
        ("a:{ b:{ f:c } }", Nested(A, Nested(B, Match(F, C)))),
        ('"a*":b', Match(quoted("a*"), B)),
    ],
)
def test_structure(text: str, tree: Expression) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("*", plain(ANY_RUN)),
        ("**", plain(ANY_RUN, ANY_RUN)),
        ("a*b", plain("a", ANY_RUN, "b")),
        (r"\*a*", plain("*a", ANY_RUN)),
        ("a?b", plain("a?b")),
        ("'a'", plain("'a'")),
        (",;=!/[]'`@#$%^&|~-+", plain(",;=!/[]'`@#$%^&|~-+")),
        (r"\\\(\)\:\<\>\"\*\{\}", plain('\\():<>"*{}')),
        (r"a\tb\rc\nd", plain("a\tb\rc\nd")),
        (r"a\t", plain("a")),
        (r"\t", plain()),
        (r"\u0041\u00e9", plain("Aé")),
        (r"\ud83d\ude00", plain("😀")),
        (r"\or \AND x", plain("or AND x")),
        (r"\not x", plain("ot x")),
        (r"\NOT x", plain("NOT x")),
        ("x or", plain("x or")),
        ("or", plain("or")),
        ("not", plain("not")),
        ("notable", plain("notable")),
        ("android order", plain("android order")),
        ("a\vb\u3000c", plain("a\vb\u3000c")),
        ("\u3000a\ufeff", plain("a")),
        ("10.0.0.0/8", plain("10.0.0.0/8")),
        ('""', quoted("")),
        ('"a b*?"', quoted("a b*?")),
        (r'"\*"', quoted(r"\*")),
        (r'"C:\Windows"', quoted(r"C:\Windows")),
        (r'"C:\temp\new"', quoted("C:\temp\new")),
        (r'"\u00"', quoted(r"\u00")),
        (r'"\\\""', quoted('\\"')),
        ('"a\nb"', quoted("a\nb")),
        ('" a "', quoted(" a ")),
        ('"cannot open or close"', quoted("cannot open or close")),
    ],
)
def test_literals(text: str, literal: Literal) -> None:
    assert parse(text) == bare(literal)
    assert parse(f"f:{text}") == Match(F, literal)


@pytest.mark.parametrize(
    ("text", "constant"),
    [("true", "true"), (" false ", "false"), ("null", "null"), ("True", None), ("NULL", None), ('"true"', None)],
)
def test_constants(text: str, constant: str | None) -> None:
    tree = parse(f"f:{text}")
    assert isinstance(tree, Match)
    assert isinstance(tree.values, Literal)
    assert tree.values.constant == constant


def test_spans_cover_what_was_written() -> None:
    text = 'a: b  and\n  not (f: (x or "y") )'
    tree = parse(text)
    assert isinstance(tree, And)
    first, second = tree.items
    assert first.span
    assert second.span
    assert first.span.text(text) == "a: b"
    assert second.span.text(text) == 'not (f: (x or "y") )'
    assert (second.span.line, second.span.column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("not(a:b)", "kql-not-needs-blank", 1, 4),
        ("a: not b", "kql-not-misplaced", 1, 4),
        ("not not a", "kql-not-misplaced", 1, 5),
        ("a:(not not b)", "kql-not-misplaced", 1, 8),
        ("a: cannot open", "kql-keyword-in-value", 1, 7),
        ("a:'x' b:'y'", "kql-operator-missing", 1, 8),
        ('a:"x" b:"y"', "kql-operator-missing", 1, 7),
        ('"a"and b:c', "kql-operator-missing", 1, 4),
        ("a:b and\n (c:d) e", "kql-operator-missing", 2, 8),
        ('a = "b"', "kql-equals-sign", 1, 5),
        ('a == "b"', "kql-equals-sign", 1, 6),
        ('a != "b"', "kql-equals-sign", 1, 6),
        ("a: > 5", "kql-comparison-after-colon", 1, 4),
        ("(a:b", "kql-unbalanced", 1, 5),
        ("a:{ b:c", "kql-unbalanced", 1, 8),
        ("a:b)", "kql-unbalanced", 1, 4),
        (r"a:C:\\x", "kql-reserved-character", 1, 4),
        ("a:(b:c)", "kql-reserved-character", 1, 5),
        (r"a:\d", "kql-escape-unknown", 1, 3),
        (r"a:x\-y", "kql-escape-unknown", 1, 4),
        ('a:"x', "kql-quote-unclosed", 1, 3),
        (r'a:"C:\"', "kql-quote-unclosed", 1, 3),
        ('process where process.name == "x"', "kql-is-eql", 1, 31),
        ("sequence by a [b where c]\n[d where e == 'x'] \"", "kql-is-eql", 2, 20),
        (r"a:\ud800", "kql-half-character", 1, 3),
        ("a:()", "kql-syntax", 1, 4),
        ("()", "kql-syntax", 1, 2),
        ("a >", "kql-syntax", 1, 4),
    ],
)
def test_errors_have_a_code_and_a_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.place.line, caught.value.place.column) == (code, line, column)
    assert caught.value.advice


def test_an_error_shows_its_line() -> None:
    with pytest.raises(RuleError) as caught:
        parse("a:b and\nc: not d\nor e")
    assert caught.value.excerpt == "c: not d"
    assert caught.value.caret() == "  c: not d\n     ^"


@pytest.mark.parametrize(
    "text", ["(" * 10_000 + "a" + ")" * 10_000, "a:{" * 10_000 + "b:c" + "}" * 10_000, "(" * 10_000]
)
def test_deep_nesting_is_an_error_not_a_crash(text: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert caught.value.code == "nesting-too-deep"


def test_brackets_in_values_do_not_count_as_nesting() -> None:
    assert parse('a:"' + "(" * 1_000 + '"') == Match(A, quoted("(" * 1_000))
    assert parse("a:" + r"\(" * 1_000) == Match(A, plain("(" * 1_000))


def test_many_values_and_long_blanks() -> None:
    values = [f"v{number}" for number in range(10_000)]
    tree = parse(f"f:({' or '.join(values)})")
    assert tree == Match(F, ValueOr(tuple(plain(value) for value in values)))
    assert parse("a" + " " * 100_000 + "b") == bare(plain("a" + " " * 100_000 + "b"))


def test_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(RuleError) as caught:
        parse("a" * (LONGEST_TEXT + 1))
    assert caught.value.code == "text-too-long"
