"""What conditions mean: the IR that spec eql 4 to 9 asks for, written out by hand."""

import pytest

from converter.errors import RuleError
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    AddressLiteral,
    All,
    Always,
    Any,
    BooleanLiteral,
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    DateLiteral,
    Either,
    Equal,
    Events,
    Field,
    FieldValue,
    Flavour,
    IsNull,
    Like,
    Matcher,
    Matches,
    Negation,
    Network,
    Never,
    Not,
    NumberLiteral,
    Predicate,
    Present,
    Range,
    Regex,
    Sample,
    Sequence,
    Stage,
    Take,
    Test,
    TextLiteral,
    VersionLiteral,
    pattern,
)
from converter.languages import regex
from converter.languages.eql import lower, parse
from converter.schema.catalogue import Catalogue, FieldType

CATALOGUE = Catalogue({}).retyped(
    {
        "key": FieldType.KEYWORD,
        "key2": FieldType.KEYWORD,
        "num": FieldType.LONG,
        "dec": FieldType.DOUBLE,
        "flag": FieldType.BOOLEAN,
        "day": FieldType.DATE,
        "ip": FieldType.IP,
        "ver": FieldType.VERSION,
        "words": FieldType.TEXT,
        "objects": FieldType.NESTED,
        "event.category": FieldType.KEYWORD,
    }
)


def meaning(condition: str) -> Predicate:
    detection = lower(parse(f"any where {condition}"), CATALOGUE).detection
    assert isinstance(detection, Events)
    return detection.predicate


def on(field: str, *matchers: Matcher) -> Test:
    return Test(Field(field), matchers)


def text(value: str, *, ignore_case: bool = False) -> Equal:
    return Equal(TextLiteral(value), ignore_case)


def number(value: float) -> NumberLiteral:
    return NumberLiteral(value)


KEY = FieldValue("key")
NUM = FieldValue("num")
LENGTH = Call("length", (KEY,))

TESTS = [
    # equality is exact and its negation is the complement (5, 7)
    ('key == "a*"', on("key", text("a*"))),
    ('"a" == key', on("key", text("a"))),
    ('key != "a"', Not(on("key", text("a")))),
    ('not key == "a"', Not(on("key", text("a")))),
    ("key == null", Not(on("key", Present()))),
    ("null != key", on("key", Present())),
    ('?key == "a"', Test(Field("key", optional=True), (text("a"),))),
    ('key in ("a", "b")', on("key", text("a"), text("b"))),
    ('key not in ("a", "b")', Not(on("key", text("a"), text("b")))),
    ('key in~ ("a*")', on("key", text("a*", ignore_case=True))),
    # patterns (5.1)
    ('key : "a*?"', on("key", Like(pattern("a", ANY_RUN, ANY_ONE), ignore_case=True))),
    ('key : ("a", "b*")', on("key", text("a", ignore_case=True), Like(pattern("b", ANY_RUN), ignore_case=True))),
    ('key like "a*"', on("key", Like(pattern("a", ANY_RUN)))),
    ('key like~ "a"', on("key", text("a", ignore_case=True))),
    (r'key like "a\\*"', on("key", Like(pattern("a\\", ANY_RUN)))),
    ('key : "**"', on("key", Present())),
    ('not key : "*"', Not(on("key", Present()))),
    ('key : ""', on("key", text("", ignore_case=True))),
    # regular expressions (5.2)
    ('key regex "a.c"', on("key", Regex(regex.parse("a.c", Flavour.LUCENE), Flavour.LUCENE))),
    ('key regex~ "abc"', on("key", text("abc", ignore_case=True))),
    ('key regex ".*"', on("key", Present())),
    # the field's type decides what a constant is (4, 5.3 to 5.6)
    ("key == 5", on("key", text("5"))),
    ("key == true", on("key", text("true"))),
    ('num == "123"', on("num", Equal(number(123)))),
    ("num == -(2 + 3)", on("num", Equal(number(-5)))),
    ("num < 4.5", on("num", Range(high=number(4.5), open_high=True))),
    ("5 < num", on("num", Range(low=number(5), open_low=True))),
    ("num >= 5", on("num", Range(low=number(5)))),
    ('key <= "m"', on("key", Range(high=TextLiteral("m")))),
    ('flag == "true"', on("flag", Equal(BooleanLiteral(True)))),
    ("flag == false", on("flag", Equal(BooleanLiteral(False)))),
    ("flag != true", Not(on("flag", Equal(BooleanLiteral(True))))),
    ("flag", on("flag", Equal(BooleanLiteral(True)))),
    ("not flag", Not(on("flag", Equal(BooleanLiteral(True))))),
    ('day == "2024-05-01"', on("day", Range(DateLiteral("2024-05-01"), DateLiteral("2024-05-01")))),
    ("day > 1516116808349", on("day", Range(low=DateLiteral("1516116808349"), open_low=True))),
    ('day >= "now-1d/d"', on("day", Range(low=DateLiteral("now-1d/d")))),
    ('ip == "10.1.2.3"', on("ip", Network("10.1.2.3/32"))),
    ('ip in ("10.1.2.3/8", "::1")', on("ip", Network("10.0.0.0/8"), Network("::1/128"))),
    ('ip > "10.0.0.0"', on("ip", Range(low=AddressLiteral("10.0.0.0"), open_low=True))),
    ('ver < "1.10.0"', on("ver", Range(high=VersionLiteral("1.10.0"), open_high=True))),
    ('words == "a b"', on("words", text("a b"))),
    # functions that are pushed down, with the wildcard leak (9)
    ('startsWith(key, "a*")', on("key", Like(pattern("a*", ANY_RUN)))),
    ('startswith~(key, "a")', on("key", Like(pattern("a", ANY_RUN), ignore_case=True))),
    ('endsWith(key, "a*b")', on("key", Like(pattern(ANY_RUN, "a", ANY_RUN, "b")))),
    (r'endsWith(key, "\\cmd.exe")', on("key", Like(pattern(ANY_RUN, "cmd.exe")))),
    (r'stringContains(key, "a\\*b?")', on("key", Like(pattern(ANY_RUN, "a*b", ANY_ONE, ANY_RUN)))),
    ('endsWith(key, "")', on("key", Present())),
    ('cidrMatch(ip, "10.6.48.157/8", "fe80::/10")', on("ip", Network("10.0.0.0/8"), Network("fe80::/10"))),
    ('cidrMatch(ip, "10.0.0.0/8") == false', Not(on("ip", Network("10.0.0.0/8")))),
    ('true == (key in ("a"))', on("key", text("a"))),
    # script leaves (6.3)
    ("length(key) > 3", Compute(Compare(">", LENGTH, Constant(number(3))))),
    ("3 < length(key)", Compute(Compare(">", LENGTH, Constant(number(3))))),
    ("length(key) != 3", Not(Compute(Compare("==", LENGTH, Constant(number(3)))))),
    ("length(key) == null", Compute(IsNull(LENGTH))),
    ("length(key) != null", Not(Compute(IsNull(LENGTH)))),
    ("null == (num > -1)", Compute(IsNull(Matches(FieldValue("num"), (Range(low=number(-1), open_low=True),))))),
    ("startsWith(key, key2)", Compute(Call("startsWith", (KEY, FieldValue("key2"))))),
    ('endsWith(concat(key), "a*")', Compute(Call("endsWith", (Call("concat", (KEY,)), Constant(TextLiteral("a*")))))),
    ("num + 1 == 2", Compute(Compare("==", Call("add", (NUM, Constant(number(1)))), Constant(number(2))))),
    ("-num < 1 % 2", Compute(Compare("<", Call("negate", (FieldValue("num"),)), Constant(number(1))))),
    ("length(key) not in (1, 1 + 1)", Not(Compute(Matches(LENGTH, (Equal(number(1)), Equal(number(2))))))),
    ('concat(key) : "a*"', Compute(Matches(Call("concat", (KEY,)), (Like(pattern("a", ANY_RUN), ignore_case=True),)))),
    (
        'string(num > 5 and (flag or not key == "a")) == "x"',
        Compute(
            Compare(
                "==",
                Call(
                    "string",
                    (
                        Both(
                            (
                                Matches(FieldValue("num"), (Range(low=number(5), open_low=True),)),
                                Either((FieldValue("flag"), Negation(Matches(KEY, (text("a"),))))),
                            )
                        ),
                    ),
                ),
                Constant(TextLiteral("x")),
            )
        ),
    ),
    # constants (6.4)
    ("true", Always()),
    ("1 == 2", Never()),
    ("null", Never()),
    ("not null", Never()),
    ("not (num > null)", Never()),
    ("key in (null)", on("key")),
    ('length("abc") == 3 or flag', Any((Always(), on("flag", Equal(BooleanLiteral(True)))))),
    ("flag and null", Never()),
    ("flag or null", Any((on("flag", Equal(BooleanLiteral(True))),))),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "expected"), TESTS, ids=[condition for condition, _ in TESTS])
def test_a_condition(condition: str, expected: Predicate) -> None:
    assert meaning(condition) == expected


REFUSED = [
    ("key == key2", "eql-field-to-field"),
    ("length(key) == length(key2)", "eql-field-to-field"),
    ("key in (key2)", "eql-field-to-field"),
    ('num : "1*"', "eql-type-mismatch"),
    ('ip like "10.*"', "eql-type-mismatch"),
    ('day regex ".*"', "eql-type-mismatch"),
    ('flag : "true"', "eql-type-mismatch"),
    ("key : 5", "eql-pattern-type"),
    ('key : ("a", null)', "eql-pattern-type"),
    ("key", "eql-condition"),
    ("length(key)", "eql-type-mismatch"),
    ("num + 1", "eql-condition"),
    ('"a"', "eql-condition"),
    ("not 5", "eql-condition"),
    ("length(num) > 1", "eql-type-mismatch"),
    ("key + 1 == 2", "eql-type-mismatch"),
    ("-key == 2", "eql-type-mismatch"),
    ('length(key) == "a"', "eql-type-mismatch"),
    ('(num > 5) == "a"', "eql-type-mismatch"),
    ("(num > 5) > false", "eql-type-mismatch"),
    ("num in (1) in (true)", "eql-syntax"),
    ("a + num in (3)", "eql-condition"),
    ('cidrMatch(key, "10.0.0.0/8")', "eql-type-mismatch"),
    ("cidrMatch(ip, key)", "eql-type-mismatch"),
    ('cidrMatch(ip, "10.0.0.0/64")', "value-not-an-address"),
    ('num == "abc"', "value-not-a-number"),
    ('day == "20200241x"', "value-not-a-date"),
    ('ip == "host"', "value-not-an-address"),
    ("flag == 5", "value-not-a-boolean"),
    ("flag < true", "range-on-type"),
    ("objects == 1", "eql-field-type"),
    ("1 / 0 == 1", "eql-constant"),
    ('number("x") == 1', "eql-constant"),
    ('1 < "a"', "eql-type-mismatch"),
    ('key regex "a("', "regex-syntax"),
]


@pytest.mark.parametrize(("condition", "code"), REFUSED)
def test_a_condition_that_makes_no_sense(condition: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        meaning(condition)
    assert caught.value.code == code
    assert caught.value.excerpt == f"any where {condition}"
    assert caught.value.place.column > len("any where")


def test_the_category_is_a_test_of_its_field() -> None:
    lowered = lower(parse('"my category" where flag'), CATALOGUE, category_field="event.type")
    flag = on("flag", Equal(BooleanLiteral(True)))
    assert lowered.detection == Events(All((on("event.type", text("my category")), flag)))


def test_pipes_are_taken_in_order() -> None:
    lowered = lower(parse("any where true | tail 2 * 5 | head 7"), CATALOGUE)
    assert lowered.detection == Events(Always(), (Take("tail", 10), Take("head", 7)))


@pytest.mark.parametrize("count", ["-1", '"5"', "1.5", "true", "num"])
def test_a_pipe_takes_a_whole_number(count: str) -> None:
    with pytest.raises(RuleError) as caught:
        lower(parse(f"any where true | head {count}"), CATALOGUE)
    assert caught.value.code == "eql-pipe"


def test_a_sequence() -> None:
    query = """sequence by key with maxspan=2m
      [a where true] by ip with runs=3
      ![any where flag] by ?ip
      until [c where false] by ip | head 1"""
    key, address = Field("key"), Field("ip")
    assert lower(parse(query), CATALOGUE).detection == Sequence(
        (
            Stage(All((on("event.category", text("a")), Always())), (key, address), runs=3),
            Stage(on("flag", Equal(BooleanLiteral(True))), (key, Field("ip", optional=True)), missing=True),
        ),
        120_000,
        Stage(All((on("event.category", text("c")), Never())), (key, address)),
        (Take("head", 1),),
    )


def test_a_sample() -> None:
    lowered = lower(parse("sample by key [any where true] [any where flag]"), CATALOGUE)
    flag = on("flag", Equal(BooleanLiteral(True)))
    assert lowered.detection == Sample((Stage(Always(), (Field("key"),)), Stage(flag, (Field("key"),))))


def test_keys_of_one_position_have_one_type() -> None:
    lower(parse("sequence [a where true] by key [b where true] by words"), CATALOGUE)
    with pytest.raises(RuleError) as caught:
        lower(parse("sequence [a where true] by num [b where true] by day"), CATALOGUE)
    assert caught.value.code == "eql-type-mismatch"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("?gone == null", Always()),
        ('?gone != "x"', Always()),
        ('?gone == "x"', Never()),
        ("?gone", Never()),
        ('not ?gone : "x"', Never()),
        ('?gone : "x" or flag', Any((on("flag", Equal(BooleanLiteral(True))),))),
        ('flag and not ?gone in ("x")', Never()),
        ("?gone == ?lost", Always()),
    ],
)
def test_optional_fields_that_no_mapping_defines(condition: str, expected: Predicate) -> None:
    lowered = lower(parse(f"any where {condition}"), CATALOGUE, unmapped=("gone", "lost"))
    assert lowered.detection == Events(expected)


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("new > 5", "double"),
        ("new == 5 and new < 9", "double"),
        ('new > "2024-01-01"', "date"),
        ('cidrMatch(new, "10.0.0.0/8") and new != "10.0.0.1"', "ip"),
        ("new", "boolean"),
        ("new == true", "boolean"),
        ("new + 1 > 2", "double"),
        ("length(new) > 2", "keyword"),
        ('new == "5" and new in ("x", "y")', "keyword"),
        ('new : "5*" and new > 5', "keyword"),
        ("new == 5", "keyword"),
    ],
)
def test_the_type_of_an_unknown_field_follows_its_use(condition: str, kind: str) -> None:
    (note,) = lower(parse(f"any where {condition}"), CATALOGUE).notes
    assert (note.code, note.message) == ("field-type-unknown", f"`new` is in no catalogue and taken as {kind}")


def test_what_is_said_about_leaks_classes_and_texts() -> None:
    lowered = lower(parse(r'any where endsWith(key, "\\x") and key regex~ "[a-c]+" and words == "a"'), CATALOGUE)
    assert [note.code for note in lowered.notes] == ["eql-wildcard-leak"]
    assert [found.code for found in lowered.assumptions] == ["regex-class-case", "text-field-exact"]
    quiet = lower(parse('any where endsWith(key, "x") and key regex "[a-c]+" and key regex~ "[0-9]+"'), CATALOGUE)
    assert (quiet.notes, quiet.assumptions) == ((), ())


def test_leaves_carry_the_place_they_were_read_from() -> None:
    query = 'process where\n  not (key : "a*") and length(key) > 1'
    detection = lower(parse(query), CATALOGUE).detection
    match detection:
        case Events(All((category, All((negation, computed))))):
            spans = [item.span for item in (category, negation, computed)]
        case _:
            pytest.fail("another shape")
    assert [span and span.text(query) for span in spans] == ["process", 'not (key : "a*")', "length(key) > 1"]
    assert [span and (span.line, span.column) for span in spans] == [(1, 1), (2, 3), (2, 24)]
