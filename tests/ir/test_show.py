"""The IR as text: complete, one condition per line, and harmless on a terminal."""

from hypothesis import given

from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Any,
    Call,
    Compare,
    Compute,
    Constant,
    Equal,
    Events,
    Field,
    FieldPattern,
    FieldValue,
    Like,
    NewTerms,
    Not,
    NumberLiteral,
    Phrase,
    Predicate,
    Present,
    Range,
    Regex,
    Sequence,
    Stage,
    Test,
    TextLiteral,
    pattern,
)
from converter.ir.detection import Take
from converter.ir.matcher import Flavour
from converter.languages.regex import parse
from tests import strategies
from tests.ir.show import show


def test_a_predicate_line_by_line() -> None:
    predicate = All(
        (
            Test(Field("process.name", optional=True), (Equal(TextLiteral('a"*'), True), Present())),
            Not(Any((Test(Field("n"), (Range(NumberLiteral(1), NumberLiteral(2.5), open_low=True),)),))),
            Test(FieldPattern(pattern("file.hash.", ANY_RUN)), (Like(pattern("a*", ANY_ONE, "\x1b")),)),
            Test(Field("f"), (Regex(parse("(ab|c)+[^d]", Flavour.LUCENE)),)),
            Test(Field("message"), (Phrase((pattern("x"), pattern("y", ANY_RUN)), "standard"),)),
            Compute(Compare(">", Call("length", (FieldValue("f"),)), Constant(NumberLiteral(5)))),
        )
    )
    assert show(predicate).splitlines() == [
        "all of",
        "  ?process.name one of",
        '    ==~ "a\\"*"',
        "    is present",
        "  not",
        "    any of",
        "      n > 1 and <= 2.5",
        '  some field "file.hash.*" like "a\\*?\\u{1b}"',
        "  f regex (lucene) /(ab|c)+[^d]/",
        '  message holds (standard) "x" "y*"',
        "  compute (length(f) > 5)",
    ]


def test_detections_have_a_headline() -> None:
    present = Test(Field("f"), (Present(),))
    assert show(Events(present, (Take("tail", 1),))) == "events | tail 1\n  f is present"
    new = NewTerms(present, (Field("a"), Field("b")), "now-5d", "now-9m")
    assert show(new).splitlines()[0] == "new terms by a, b, history from now-5d, new after now-9m"
    stages = (Stage(present, (Field("k"),), runs=3), Stage(present, missing=True))
    assert show(Sequence(stages, maxspan=1000)).splitlines() == [
        "sequence within 1000 ms",
        "  stage by k 3 times",
        "    f is present",
        "  missing stage",
        "    f is present",
    ]


@given(strategies.predicates)
def test_every_predicate_is_shown_in_printable_lines(predicate: Predicate) -> None:
    assert all(line.isprintable() for line in show(predicate).split("\n"))


@given(strategies.predicates, strategies.predicates)
def test_different_predicates_look_different(one: Predicate, other: Predicate) -> None:
    assert one == other or show(one) != show(other)
