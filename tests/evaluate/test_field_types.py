"""What a literal means to a field of each type (spec eql 5.3 to 5.6, kql 4.3 to 4.5)."""

import pytest

from converter.evaluate import EvaluationError, compile_predicate
from converter.events.event import Event, Scalar, flatten
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    AddressLiteral,
    All,
    BooleanLiteral,
    DateLiteral,
    Equal,
    Field,
    FieldPattern,
    Like,
    Matcher,
    Nested,
    Network,
    Not,
    NumberLiteral,
    Phrase,
    Present,
    Range,
    Test,
    TextLiteral,
    VersionLiteral,
    pattern,
)
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType

NOW = 1_714_557_600_000.0  # 2024-05-01T10:00:00Z
TYPES = {
    "keyword": FieldType.KEYWORD,
    "long": FieldType.LONG,
    "double": FieldType.DOUBLE,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "ip": FieldType.IP,
    "version": FieldType.VERSION,
    "text": FieldType.TEXT,
}
CATALOGUE = Catalogue({name: FieldInfo(name, kind, analyzer="standard") for name, kind in TYPES.items()})


def matches(name: str, matcher: Matcher, *values: Scalar) -> bool:
    event = Event("1", {CATALOGUE[name].parent or name: values} if values else {})
    return compile_predicate(Test(Field(name), (matcher,)), CATALOGUE, now=NOW)(event)


def equal(value: Scalar) -> Equal:
    if isinstance(value, bool):
        return Equal(BooleanLiteral(value))
    return Equal(TextLiteral(value) if isinstance(value, str) else NumberLiteral(value))


@pytest.mark.parametrize(
    ("name", "literal", "accepted", "rejected"),
    [
        ("keyword", "4625", [4625, "4625"], [4625.0, "04625"]),
        ("keyword", 4625, [4625, "4625"], ["4625.0"]),
        ("keyword", True, [True, "true"], ["True", 1]),
        ("keyword", "", [""], ["-"]),
        ("long", 5, [5, 5.0, "5", 5.7], [6, "x", True]),
        ("long", "5", [5], [6]),
        ("long", 5.5, [], [5, 6, 5.5]),
        ("double", 5.5, [5.5, "5.5"], [5]),
        ("boolean", True, [True, "true"], [False, "", "True", 1]),
        ("boolean", "false", [False, "false", ""], [True, "no"]),
        ("ip", "10.0.0.0/8", ["10.1.2.3", "::ffff:10.1.2.3"], ["11.0.0.1", "x"]),
        ("ip", "FE80::1", ["fe80:0::1"], ["fe80::2", "fe80::1%eth0"]),
        ("version", "1.2", ["1.2"], ["1.2.0"]),
        ("version", "odd", ["odd"], ["1.0"]),
    ],
)
def test_equality(name: str, literal: Scalar, accepted: list[Scalar], rejected: list[Scalar]) -> None:
    assert [matches(name, equal(literal), value) for value in accepted] == [True] * len(accepted)
    assert [matches(name, equal(literal), value) for value in rejected] == [False] * len(rejected)


@pytest.mark.parametrize(
    ("name", "matcher", "accepted", "rejected"),
    [
        ("keyword", Range(low=TextLiteral("1000")), ["1000", "9", "a"], ["0", "10"]),
        ("keyword", Range(high=TextLiteral("b"), open_high=True), ["a", "B", "az"], ["b", "c"]),
        ("long", Range(NumberLiteral(1), NumberLiteral(4.5), open_low=True), [2, 4], [1, 5]),
        ("ip", Range(AddressLiteral("9.0.0.0"), AddressLiteral("10.0.0.1")), ["9.1.1.1"], ["10.0.0.2", "8.0.0.0"]),
        ("version", Range(low=VersionLiteral("1.5.0"), open_low=True), ["1.11.3", "odd"], ["1.5.0", "1.5.0-beta"]),
        ("version", Range(high=VersionLiteral("1.5.0")), ["1.2.4-SNAPSHOT", "1.5.0-1"], ["odd"]),
        ("long", Like(pattern("5")), [], [5]),
        ("boolean", Range(low=NumberLiteral(0)), [], [True]),
        ("keyword", Network("10.0.0.0/8"), ["10.0.0.1"], ["x"]),
        ("keyword", Like(pattern("a", ANY_ONE, ANY_RUN, "z")), ["abz", "a\n\U0001f600z"], ["az", "abzz\n", "abZ"]),
        ("keyword", Like(pattern("k", ANY_RUN), ignore_case=True), ["Kb"], ["\u212ab"]),
        ("keyword", Like(pattern("A", ANY_RUN, "b", ANY_RUN, "b"), ignore_case=True), ["aBB", "aabxb"], ["ab"]),
        ("long", Present(), [0], ["x"]),
    ],
)  # fmt: skip
def test_other_matchers(name: str, matcher: Matcher, accepted: list[Scalar], rejected: list[Scalar]) -> None:
    assert [matches(name, matcher, value) for value in accepted] == [True] * len(accepted)
    assert [matches(name, matcher, value) for value in rejected] == [False] * len(rejected)


@pytest.mark.parametrize(
    ("matcher", "accepted", "rejected"),
    [
        (Equal(DateLiteral("2024-05-01")), ["2024-05-01T23:59:59.999Z", 1714521600000], ["2024-05-02", "2024-04-30"]),
        (Equal(DateLiteral("2024-05-01T10:00:00.001Z")), [1714557600001, "2024-05-01T12:00:00.001+02:00"], [NOW]),
        (Equal(DateLiteral("2024-05-01T10:00:00.000000001Z")), ["2024-05-01T10:00:00.000000001Z"], [NOW]),
        (Equal(NumberLiteral(1714557600000)), ["2024-05-01T10:00:00Z", "1714557600000"], ["2024-05-01T10:00:01Z"]),
        (Range(low=DateLiteral("2024-05-01||/d"), open_low=True), ["2024-05-02"], ["2024-05-01T23:59:59.999Z"]),
        (Range(low=DateLiteral("2024-05-01")), ["2024-05-01"], ["2024-04-30T23:59:59.999Z"]),
        (Range(high=DateLiteral("2024-05"), open_high=True), ["2024-04-30"], ["2024-05-01"]),
        (Range(high=DateLiteral("2024-05")), ["2024-05-01T23:59:59.999999999Z"], ["2024-05-02"]),
        (Equal(DateLiteral("2024")), ["2024-01-01T23:59:59.999Z"], ["2024-01-02", "2023-12-31T23:59:59.999Z"]),
        (Range(low=DateLiteral("now-1d")), ["2024-04-30T10:00:00Z"], ["2024-04-30T09:59:59Z"]),
        (Range(low=DateLiteral("now-30d/d")), ["2024-04-01"], ["2024-03-31T23:59:59Z"]),
        (Range(low=DateLiteral("2024-05-31||-3M")), ["2024-02-29"], ["2024-02-28"]),
        (Range(low=DateLiteral("now/w")), ["2024-04-29"], ["2024-04-28"]),
        (Range(low=DateLiteral("2024-05-01||+1y/y")), ["2025"], ["2024-12-31"]),
        (Range(low=DateLiteral("nonsense")), [], ["2024"]),
        (Range(low=DateLiteral("2024-13-01")), [], ["2030"]),
        (Range(low=DateLiteral("9999-12-31||+1y")), [], ["2030"]),
    ],
)
def test_dates(matcher: Matcher, accepted: list[Scalar], rejected: list[Scalar]) -> None:
    assert [matches("date", matcher, value) for value in accepted] == [True] * len(accepted)
    assert [matches("date", matcher, value) for value in rejected] == [False] * len(rejected)


def test_relative_dates_need_a_time() -> None:
    with pytest.raises(EvaluationError) as caught:
        compile_predicate(Test(Field("date"), (Range(low=DateLiteral("now-1d")),)), CATALOGUE)
    assert caught.value.code == "date-needs-now"


def test_phrases_are_consecutive_tokens() -> None:
    phrase = Phrase((pattern("cve"), pattern("20", ANY_RUN), pattern("0601")), "standard")
    assert matches("text", phrase, "see [CVE-2020-0601]!")
    assert not matches("text", phrase, "CVE 2020 x 0601")
    assert not matches("text", Phrase((), "standard"), "anything")


def test_multi_fields_read_their_parent() -> None:
    assert matches("keyword.caseless", equal("CMD.exe"), "Cmd.EXE")
    assert matches("keyword.caseless", Like(pattern("CM", ANY_RUN)), "cmd")
    assert matches("keyword.text", Phrase((pattern("b"),), "standard"), "a B")


def test_a_field_pattern_is_some_field_and_its_negation_none() -> None:
    some = Test(FieldPattern(pattern("file.hash.", ANY_RUN)), (equal("x"),))
    one, other = Event("1", {"file.hash.md5": ("y",), "file.hash.sha1": ("x",)}), Event("2", {"file.name": ("x",)})
    assert [compile_predicate(some, CATALOGUE)(event) for event in (one, other)] == [True, False]
    assert [compile_predicate(Not(some), CATALOGUE)(event) for event in (one, other)] == [False, True]


def test_free_text_means_tokens_in_text_and_whole_values_elsewhere() -> None:
    free = Test(FieldPattern(pattern(ANY_RUN)), (equal("b"), Phrase((pattern("b"),), "standard")))
    found = [
        compile_predicate(free, CATALOGUE)(Event("1", fields))
        for fields in ({"text": ("a b",)}, {"keyword": ("a b",)}, {"keyword": ("b",)}, {"long": (5,)})
    ]
    assert found == [True, False, True, False]


def test_nested_conditions_hold_for_one_object() -> None:
    both = [Test(Field(name), (equal(1),)) for name in ("o.x", "o.y")]
    document: dict[str, object] = {"o": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]}
    event = Event("1", flatten(document), document)
    assert compile_predicate(All(tuple(both)), CATALOGUE)(event)
    assert not compile_predicate(Nested("o", All(tuple(both))), CATALOGUE)(event)
    assert compile_predicate(Nested("o", both[0]), CATALOGUE)(event)


def test_missing_values_satisfy_nothing_and_every_complement() -> None:
    for name in TYPES:
        for matcher in (equal("1"), Present(), Range(low=TextLiteral("0"))):
            assert not matches(name, matcher)
