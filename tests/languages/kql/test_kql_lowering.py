"""What a KQL query finds, as IR: the tables of spec kql 3.2, 4.3 to 4.7 and 5, and the traps of 9."""

import pytest

from converter.errors import RuleError
from converter.ir import (
    ANY_RUN,
    AddressLiteral,
    All,
    Always,
    Any,
    BooleanLiteral,
    DateLiteral,
    Equal,
    Events,
    Field,
    FieldPattern,
    Like,
    Matcher,
    Nested,
    Network,
    Never,
    Not,
    NumberLiteral,
    Phrase,
    Predicate,
    Present,
    Range,
    Test,
    TextLiteral,
    VersionLiteral,
    pattern,
)
from converter.languages.kql.lowering import KqlOptions, lower
from converter.languages.kql.parser import parse
from converter.languages.lowered import Lowered
from converter.losses import converter_codes
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from converter.schema.catalogue import FieldType as T

CATALOGUE = Catalogue(
    {
        name: FieldInfo(name, kind, analyzer=analyzer)
        for name, kind, analyzer in [
            ("k", T.KEYWORD, None),
            ("hash.md5", T.KEYWORD, None),
            ("hash.sha1", T.KEYWORD, None),
            ("mixed.k", T.KEYWORD, None),
            ("mixed.n", T.LONG, None),
            ("n", T.LONG, None),
            ("d", T.DOUBLE, None),
            ("b", T.BOOLEAN, None),
            ("t", T.DATE, None),
            ("ip", T.IP, None),
            ("v", T.VERSION, None),
            ("text", T.TEXT, "standard"),
            ("script", T.TEXT, "powershell"),
            ("flat", T.FLATTENED, None),
            ("o", T.NESTED, None),
            ("o.k", T.KEYWORD, None),
        ]
    }
)


def lowered(text: str, options: KqlOptions | None = None) -> Lowered:
    return lower(parse(text), CATALOGUE, options)


def meaning(text: str, options: KqlOptions | None = None) -> Predicate:
    detection = lowered(text, options).detection
    assert isinstance(detection, Events)
    return detection.predicate


def equal(value: str) -> Equal:
    return Equal(TextLiteral(value))


def words(*tokens: str, analyzer: str = "standard") -> Phrase:
    return Phrase(tuple(pattern(token) for token in tokens), analyzer)


def number(value: float) -> Equal:
    return Equal(NumberLiteral(value))


def day(text: str) -> Range:
    return Range(DateLiteral(text), DateLiteral(text))


@pytest.mark.parametrize(
    ("text", "matchers"),
    [
        ("k:a", (equal("a"),)),
        ("k:a b", (equal("a b"),)),
        ('k:"a*"', (equal("a*"),)),
        ("k:a?", (equal("a?"),)),
        ("k:5", (equal("5"),)),
        ("k:true", (equal("true"),)),
        ("k:10.0.0.0/8", (equal("10.0.0.0/8"),)),
        ('k:""', (equal(""),)),
        ("k:a*b?", (Like(pattern("a", ANY_RUN, "b?")),)),
        (r"k:\**", (Like(pattern("*", ANY_RUN)),)),
        ("k:* x*", (Like(pattern(ANY_RUN, " x", ANY_RUN)),)),
        ("k:*", (Present(),)),
        ("k:**", (Like((ANY_RUN,)),)),
        ("k >= b", (Range(low=TextLiteral("b")),)),
        ("k:(a or b* or c)", (equal("a"), Like(pattern("b", ANY_RUN)), equal("c"))),
        ("k.caseless:CMD", (Equal(TextLiteral("CMD"), ignore_case=True),)),
        ("k.caseless:CMD*", (Like(pattern("CMD", ANY_RUN), ignore_case=True),)),
        ("n:5", (number(5),)),
        ('n:"5.0"', (number(5),)),
        ("n:5.5", (number(5.5),)),
        ("n:-3", (number(-3),)),
        ("d:1e3", (number(1000),)),
        ("n > 5", (Range(low=NumberLiteral(5), open_low=True),)),
        ("n <= 5", (Range(high=NumberLiteral(5)),)),
        ("n:*", (Present(),)),
        ("b:true", (Equal(BooleanLiteral(True)),)),
        ('b:"false"', (Equal(BooleanLiteral(False)),)),
        ("t:2024-05-01", (day("2024-05-01"),)),
        ("t:1714521600000", (day("1714521600000"),)),
        ("t >= now-30d/d", (Range(low=DateLiteral("now-30d/d")),)),
        ('t < "2024-01-01||/M"', (Range(high=DateLiteral("2024-01-01||/M"), open_high=True),)),
        ("ip:10.1.2.3", (Network("10.1.2.3/32"),)),
        ("ip:10.1.2.3/8", (Network("10.0.0.0/8"),)),
        ('ip:"FE80::1"', (Network("fe80::1/128"),)),
        ('ip:"::ffff:1.2.3.4"', (Network("1.2.3.4/32"),)),
        ('ip:"::ffff:10.0.0.0/104"', (Network("10.0.0.0/8"),)),
        ("ip >= 10.0.0.1", (Range(low=AddressLiteral("10.0.0.1")),)),
        ("v:1.2.3", (Equal(VersionLiteral("1.2.3")),)),
        ("flat.key:5", (equal("5"),)),
        ("flat.key:*a b*", (Like(pattern(ANY_RUN, "a")), Like(pattern("b", ANY_RUN)))),
        ("text:Hello World", (words("hello"), words("world"))),
        ('text:"Hello, World"', (words("hello", "world"),)),
        ('text:"!"', (Phrase((), "standard"),)),
        ("text:!", (Phrase((), "standard"),)),
        ("text:Hel*", (Phrase((pattern("hel", ANY_RUN),), "standard"),)),
        ("text:Hel* wor.ld ok", (Phrase((pattern("hel", ANY_RUN),), "standard"), words("wor.ld"), words("ok"))),
        ("k.text:Big Dog", (words("big"), words("dog"))),
        ('script:"[Convert]::From64"', (words("convert", "from64", analyzer="powershell"),)),
        ("script:Set-Clipboard", (words("set-clipboard", analyzer="powershell"),)),
    ],
)
def test_one_field(text: str, matchers: tuple[Matcher, ...]) -> None:
    name = text.split(":" if ":" in text.split(" ")[0] else " ")[0]
    assert meaning(text) == Test(Field(name), matchers)


A, B = Test(Field("k"), (equal("a"),)), Test(Field("k"), (equal("b"),))


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("", Always()),
        ("*:*", Always()),
        ("*", Always()),
        ("not k:a", Not(A)),
        ("k:(a and b)", All((A, B))),
        ("k:(a and not b)", All((A, Not(B)))),
        ('k:(* and not "")', All((Test(Field("k"), (Present(),)), Not(Test(Field("k"), (equal(""),)))))),
        ("k:(a or not b)", Any((A, Not(B)))),
        ("k:a or k:b", Any((A, B))),
        ("o:{ k:a }", Nested("o", Test(Field("o.k"), (equal("a"),)))),
        ("hash.*:x", Test(FieldPattern(pattern("hash.", ANY_RUN)), (equal("x"),))),
        ("unheard.*:x", Test(FieldPattern(pattern("unheard.", ANY_RUN)), (equal("x"),))),
        ("mixed.*:5", Any((Test(Field("mixed.k"), (equal("5"),)), Test(Field("mixed.n"), (number(5),))))),
        ("mixed.*:*", Test(FieldPattern(pattern("mixed.", ANY_RUN)), (Present(),))),
        ("free text", Test(FieldPattern((ANY_RUN,)), (equal("free text"),))),
        ('"free*"', Test(FieldPattern((ANY_RUN,)), (equal("free*"),))),
        ("fre*", Test(FieldPattern((ANY_RUN,)), (Like(pattern("fre", ANY_RUN)),))),
    ],
)
def test_structure(text: str, predicate: Predicate) -> None:
    assert meaning(text) == predicate


@pytest.mark.parametrize(
    ("text", "matchers"),
    [
        ("x:5", (equal("5"),)),
        ("x >= 5", (Range(low=NumberLiteral(5)),)),
        ("x >= 2024-01-01", (Range(low=DateLiteral("2024-01-01")),)),
        ("x >= abc", (Range(low=TextLiteral("abc")),)),
        ("x:(true or false)", (Equal(BooleanLiteral(True)), Equal(BooleanLiteral(False)))),
        ("x:(true or yes)", (equal("true"), equal("yes"))),
        ('x:"true"', (equal("true"),)),
    ],
)
def test_fields_that_no_catalogue_knows(text: str, matchers: tuple[Matcher, ...]) -> None:
    found = lowered(text)
    assert found.detection == Events(Test(Field("x"), matchers))
    assert [note.code for note in found.notes] == ["field-type-unknown"]


def test_one_use_decides_the_type_everywhere() -> None:
    assert meaning("x:7 and x >= 5") == All(
        (Test(Field("x"), (number(7),)), Test(Field("x"), (Range(low=NumberLiteral(5)),)))
    )


@pytest.mark.parametrize(
    ("text", "options", "predicate"),
    [
        ("k:A*", KqlOptions(case_insensitive=True), Test(Field("k"), (Like(pattern("A", ANY_RUN), ignore_case=True),))),
        ("k:A", KqlOptions(case_insensitive=True), Test(Field("k"), (Equal(TextLiteral("A"), ignore_case=True),))),
        ("text:A", KqlOptions(case_insensitive=True), Test(Field("text"), (words("a"),))),
        (
            "k:*a b*",
            KqlOptions(load_fields=False),
            Test(Field("k"), (Like(pattern(ANY_RUN, "a")), Like(pattern("b", ANY_RUN)))),
        ),
        ("k:* b*", KqlOptions(load_fields=False), Test(Field("k"), (Present(), Like(pattern("b", ANY_RUN))))),
        ("k:*a b c d*", KqlOptions(load_fields=False), Test(
            Field("k"), (Like(pattern(ANY_RUN, "a")), equal("b c"), Like(pattern("d", ANY_RUN))),
        )),
        ("hash.*:x", KqlOptions(load_fields=False), Never()),
        ("hash.*:*", KqlOptions(load_fields=False), Test(FieldPattern(pattern("hash.", ANY_RUN)), (Present(),))),
        ("o.k:a", KqlOptions(load_fields=False), Test(Field("o.k"), (equal("a"),))),
        (
            't:"2024-07-01T10:00:00"',
            KqlOptions(time_zone="Europe/Berlin"),
            Test(Field("t"), (day("2024-07-01T10:00:00+02:00"),)),
        ),
        ("t:2024-07-01", KqlOptions(time_zone="Zulu"), Test(Field("t"), (day("2024-07-01"),))),
        ("t:1714521600000", KqlOptions(time_zone="Europe/Berlin"), Test(Field("t"), (day("1714521600000"),))),
        ("t > now-5m", KqlOptions(time_zone="+01:00"), Test(
            Field("t"), (Range(low=DateLiteral("now-5m"), open_low=True),),
        )),
    ],
)  # fmt: skip
def test_options(text: str, options: KqlOptions, predicate: Predicate) -> None:
    assert meaning(text, options) == predicate


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("n:abc", "value-not-a-number"),
        ("n:0x10", "value-not-a-number"),
        ("n:99999999999999999999", "value-not-a-number"),
        ("d:1e9999", "value-not-a-number"),
        ("b:True", "value-not-a-boolean"),
        ('b:""', "value-not-a-boolean"),
        ("t:yesterday", "value-not-a-date"),
        ("ip:host", "value-not-an-address"),
        ("ip:10.0.0.0/33", "value-not-an-address"),
        ('ip:"fe80::1%eth0"', "value-not-an-address"),
        ("ip >= 10.0.0.0/8", "value-not-an-address"),
        ("n:5*", "wildcard-on-type"),
        ("ip:10.*", "wildcard-on-type"),
        ("text >= a", "range-on-type"),
        ("k.caseless > a", "range-on-type"),
        ("k:null", "kql-null"),
        ("null:a", "kql-null"),
        ("o.k:a", "kql-nested-path"),
        ("k:{ x:a }", "kql-nested-path"),
        ("o*:{ x:a }", "kql-nested-path"),
    ],
)
def test_what_elasticsearch_refuses(text: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        meaning(f"k:a and\n {text}")
    assert caught.value.code == code
    assert caught.value.place.line == 2
    assert code in converter_codes()


def test_options_that_refuse() -> None:
    with pytest.raises(RuleError, match="begins with a wildcard"):
        meaning("k:*a", KqlOptions(allow_leading_wildcards=False))
    assert meaning("k:*", KqlOptions(allow_leading_wildcards=False)) == Test(Field("k"), (Present(),))
    with pytest.raises(RuleError, match="time zone"):
        meaning("t:2024-07-01", KqlOptions(time_zone="Europe/Berlin"))
    with pytest.raises(RuleError, match="time zone"):
        meaning('t:"2024-07-01T10:00"', KqlOptions(time_zone="Atlantis/Capital"))
    with pytest.raises(RuleError, match="script"):
        meaning("k:a", KqlOptions(scripted=frozenset({"k"})))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("k:a?", "kql-question-mark"),
        ('k:"a*"', "kql-star-in-quotes"),
        (r'k:"C:\temp"', "kql-control-character"),
        (r"k:a\tb", "kql-control-character"),
        ("k:a\nb", "kql-line-break"),
        ("k:'a'", "kql-single-quotes"),
        ("text:*a b*", "kql-wildcard-split"),
    ],
)
def test_traps_are_noted(text: str, code: str) -> None:
    assert [note.code for note in lowered(text).notes] == [code]
    assert code in converter_codes()


@pytest.mark.parametrize(
    "text", ["k:a", 'k:"a b"', 'k:"what?"', "k:*a b*", r"k:C\:\\Temp", 'k:"é\u00a0"', 'text:"a b"']
)
def test_ordinary_values_are_not_noted(text: str) -> None:
    assert lowered(text).notes == ()


def test_a_value_without_a_field_rests_on_an_assumption() -> None:
    assert [item.code for item in lowered("free").assumptions] == ["free-text-whole-values"]


def test_long_lists_are_one_test() -> None:
    found = meaning(f"k:({' or '.join(map(str, range(10_000)))})")
    assert isinstance(found, Test)
    assert len(found.matchers) == 10_000


@pytest.mark.parametrize("text", ['process where process.name : "x"', "any where true"])
def test_eql_given_as_kql_is_told(text: str) -> None:
    """It parses: `process where process.name` is a field name to Kibana."""
    with pytest.raises(RuleError) as caught:
        meaning(text)
    assert caught.value.code == "kql-is-eql"


def test_every_type_is_covered() -> None:
    assert {info.type for info in CATALOGUE} >= set(FieldType) - {T.CONSTANT_KEYWORD, T.WILDCARD, T.OBJECT}
