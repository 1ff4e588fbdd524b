"""Query DSL clauses as predicates (spec elasticsearch-target 1, 2), and that nothing unknown is passed over."""

import json

import pytest

from converter.errors import RuleError
from converter.ir import (
    ANY_ONE,
    ANY_RUN,
    All,
    Always,
    Any,
    BooleanLiteral,
    DateLiteral,
    Equal,
    Field,
    FieldPattern,
    Flavour,
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
    Regex,
    Test,
    TextLiteral,
    pattern,
)
from converter.ir.regex import AnyText, CharClass, Chars, Concat
from converter.languages import regex
from converter.languages.dsl import fold_filters, read
from converter.losses import converter_codes
from converter.schema.catalogue import Catalogue, FieldInfo
from converter.schema.catalogue import FieldType as T

CATALOGUE = Catalogue(
    {
        name: FieldInfo(name, kind, analyzer=analyzer)
        for name, kind, analyzer in [
            ("k", T.KEYWORD, None),
            ("n", T.LONG, None),
            ("b", T.BOOLEAN, None),
            ("t", T.DATE, None),
            ("ip", T.IP, None),
            ("text", T.TEXT, "standard"),
            ("o", T.NESTED, None),
            ("o.k", T.KEYWORD, None),
        ]
    }
)


def equal(value: str, *, ignore_case: bool = False) -> Equal:
    return Equal(TextLiteral(value), ignore_case)


def words(*tokens: str) -> Phrase:
    return Phrase(tuple(pattern(token) for token in tokens), "standard")


@pytest.mark.parametrize(
    ("query", "field", "matchers"),
    [
        ({"term": {"k": "a*"}}, "k", (equal("a*"),)),
        ({"term": {"k": {"value": "a", "boost": 2}}}, "k", (equal("a"),)),
        ({"term": {"k": {"value": "a", "case_insensitive": True}}}, "k", (equal("a", ignore_case=True),)),
        ({"term": {"k": 5}}, "k", (equal("5"),)),
        ({"term": {"k": True}}, "k", (equal("true"),)),
        ({"term": {"n": "5"}}, "n", (Equal(NumberLiteral(5)),)),
        ({"term": {"b": "true"}}, "b", (Equal(BooleanLiteral(True)),)),
        ({"term": {"ip": "10.0.0.0/8"}}, "ip", (Network("10.0.0.0/8"),)),
        ({"term": {"t": "2024-05-01"}}, "t", (Range(DateLiteral("2024-05-01"), DateLiteral("2024-05-01")),)),
        ({"term": {"text": "Foo bar"}}, "text", (words("Foo bar"),)),
        ({"term": {"text": {"value": "Foo", "case_insensitive": True}}}, "text", (words("foo"),)),
        ({"term": {"x": 5}}, "x", (Equal(NumberLiteral(5)),)),
        ({"term": {"x": "5"}}, "x", (equal("5"),)),
        ({"term": {"x": False}}, "x", (Equal(BooleanLiteral(False)),)),
        ({"terms": {"k": ["a", "b", "a"], "boost": 1}}, "k", (equal("a"), equal("b"))),
        ({"terms": {"ip": ["10.0.0.1", "::1"]}}, "ip", (Network("10.0.0.1/32"), Network("::1/128"))),
        ({"wildcard": {"k": {"value": r"a\*b*c?\\d"}}}, "k", (Like(pattern("a*b", ANY_RUN, "c", ANY_ONE, "\\d")),)),
        ({"wildcard": {"k": r"C:\Pro*"}}, "k", (Like(pattern("C:Pro", ANY_RUN)),)),
        ({"wildcard": {"k": "a\\"}}, "k", (Like(pattern("a\\")),)),
        ({"wildcard": {"k": {"value": r"a\\*", "case_insensitive": True}}}, "k", (
            Like(pattern("a\\", ANY_RUN), ignore_case=True),
        )),
        ({"wildcard": {"k": {"value": r"a\P*", "case_insensitive": True}}}, "k", (
            Regex(Concat((Chars("a"), CharClass(((80, 80),)), AnyText())), ignore_case=True),
        )),
        ({"wildcard": {"text": "Foo*"}}, "text", (Phrase((pattern("foo", ANY_RUN),), "standard"),)),
        ({"prefix": {"k": "a*"}}, "k", (Like(pattern("a*", ANY_RUN)),)),
        ({"prefix": {"k": {"value": "a", "case_insensitive": True}}}, "k", (
            Like(pattern("a", ANY_RUN), ignore_case=True),
        )),
        ({"regexp": {"k": {"value": "a.*<1-5>", "flags": "NONE", "case_insensitive": True}}}, "k", (
            Regex(regex.parse("a.*<1-5>", Flavour.LUCENE, operators=False), ignore_case=True),
        )),
        ({"regexp": {"k": "a<1-5>"}}, "k", (Regex(regex.parse("a<1-5>", Flavour.LUCENE)),)),
        ({"range": {"n": {"gte": 5, "lt": "9"}}}, "n", (Range(NumberLiteral(5), NumberLiteral(9), open_high=True),)),
        ({"range": {"n": {"gt": 5, "lte": None}}}, "n", (Range(NumberLiteral(5), open_low=True),)),
        ({"range": {"k": {"gte": "a"}}}, "k", (Range(TextLiteral("a")),)),
        ({"range": {"t": {"gte": "now-1d", "format": "strict_date_optional_time||epoch_millis"}}}, "t", (
            Range(DateLiteral("now-1d")),
        )),
        ({"range": {"t": {"lt": "2024-01-01T10:00:00", "time_zone": "+01:00"}}}, "t", (
            Range(high=DateLiteral("2024-01-01T10:00:00+01:00"), open_high=True),
        )),
        ({"range": {"x": {"gte": 5}}}, "x", (Range(NumberLiteral(5)),)),
        ({"range": {"x": {"gte": "2024-01-01"}}}, "x", (Range(DateLiteral("2024-01-01")),)),
        ({"exists": {"field": "k"}}, "k", (Present(),)),
        ({"match": {"k": "A b"}}, "k", (equal("A b"),)),
        ({"match": {"text": {"query": "A b", "operator": "OR"}}}, "text", (words("a"), words("b"))),
        ({"match": {"text": "!"}}, "text", (Phrase((), "standard"),)),
        ({"match_phrase": {"text": {"query": "A, b"}}}, "text", (words("a", "b"),)),
        ({"match_phrase": {"n": "5"}}, "n", (Equal(NumberLiteral(5)),)),
        ({"query_string": {"fields": ["k"], "query": r"a\-b*", "analyze_wildcard": True}}, "k", (
            Like(pattern("a-b", ANY_RUN)),
        )),
        ({"query_string": {"default_field": "k", "query": r"*a x y b* z\ z*"}}, "k", (
            Like(pattern(ANY_RUN, "a")), equal("x y"), Like(pattern("b", ANY_RUN)), Like(pattern("z z", ANY_RUN)),
        )),
        ({"query_string": {"fields": ["k"], "query": "*"}}, "k", (Present(),)),
    ],
)  # fmt: skip
def test_leaves(query: dict[str, object], field: str, matchers: tuple[Matcher, ...]) -> None:
    assert read(query, CATALOGUE) == Test(Field(field), matchers)


A, B, C = (Test(Field("k"), (equal(value),)) for value in "abc")
QA, QB, QC = ({"term": {"k": value}} for value in "abc")


@pytest.mark.parametrize(
    ("query", "predicate"),
    [
        ({"match_all": {}}, Always()),
        ({"match_none": {}}, Never()),
        ({"bool": {}}, Always()),
        ({"bool": {"filter": QA}}, A),
        ({"bool": {"must": [QA], "filter": [QB], "must_not": QC}}, All((A, B, Not(C)))),
        ({"bool": {"must_not": [QA, QB]}}, All((Not(A), Not(B)))),
        ({"bool": {"should": [QA, QB]}}, Any((A, B))),
        ({"bool": {"should": [QA, QB], "minimum_should_match": 0}}, Any((A, B))),
        ({"bool": {"should": [QA, QB], "must_not": [QC]}}, All((Any((A, B)), Not(C)))),
        ({"bool": {"should": [QA, QB], "filter": [QC]}}, C),
        ({"bool": {"should": [QA, QB], "filter": [QC], "minimum_should_match": 1}}, All((C, Any((A, B))))),
        ({"bool": {"should": [QA, QB], "minimum_should_match": "2"}}, All((A, B))),
        ({"bool": {"should": [QA, QB], "minimum_should_match": 3}}, Never()),
        (
            {"bool": {"should": [QA, QB, QC], "minimum_should_match": -1}},
            Any((All((A, B)), All((A, C)), All((B, C)))),
        ),
        ({"bool": {"should": [QA, QB, QC], "minimum_should_match": "50%"}}, Any((A, B, C))),
        ({"constant_score": {"filter": QA, "boost": 1.2}}, A),
        (
            {"nested": {"path": "o", "query": {"term": {"o.k": "a"}}, "score_mode": "none", "ignore_unmapped": True}},
            Nested("o", Test(Field("o.k"), (equal("a"),))),
        ),
        ({"match": {"text": {"query": "a b", "operator": "and"}}}, All((
            Test(Field("text"), (words("a"),)), Test(Field("text"), (words("b"),)),
        ))),
        ({"match": {"n": {"query": "x", "lenient": True}}}, Never()),
        ({"multi_match": {"query": "x", "type": "phrase", "lenient": True}}, Test(
            FieldPattern((ANY_RUN,)), (equal("x"),),
        )),
        ({"multi_match": {"query": "x", "fields": ["k", "text"]}}, Any((
            Test(Field("k"), (equal("x"),)), Test(Field("text"), (words("x"),)),
        ))),
        ({"multi_match": {"query": "x", "fields": ["file.hash.*"], "type": "phrase"}}, Test(
            FieldPattern(pattern("file.hash.", ANY_RUN)), (equal("x"),),
        )),
        ({"exists": {"field": "file.hash.*"}}, Test(FieldPattern(pattern("file.hash.", ANY_RUN)), (Present(),))),
        ({"query_string": {"query": "*"}}, Always()),
        ({"query_string": {"query": "a*"}}, Test(FieldPattern((ANY_RUN,)), (Like(pattern("a", ANY_RUN)),))),
    ],
)  # fmt: skip
def test_structure(query: dict[str, object], predicate: Predicate) -> None:
    assert read(query, CATALOGUE) == predicate


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "dsl-syntax"),
        ({"term": {"k": "a"}, "match_all": {}}, "dsl-syntax"),
        ({"term": "k"}, "dsl-syntax"),
        ({"term": {}}, "dsl-syntax"),
        ({"term": {"k": "a", "n": 5}}, "dsl-syntax"),
        ({"term": {"k": None}}, "dsl-syntax"),
        ({"term": {"k": {"boost": 1}}}, "dsl-syntax"),
        ({"term": {"n": {"value": 5, "case_insensitive": True}}}, "dsl-syntax"),
        ({"terms": {"k": {"index": "i", "id": "1", "path": "p"}}}, "dsl-key-unknown"),
        ({"terms": {"k": "a"}}, "dsl-syntax"),
        ({"range": {"k": "a"}}, "dsl-syntax"),
        ({"range": {"k": {}}}, "dsl-syntax"),
        ({"range": {"n": {"gt": 1, "gte": 1}}}, "dsl-syntax"),
        ({"range": {"n": {"from": 1}}}, "dsl-key-unknown"),
        ({"range": {"t": {"gte": "2024", "format": "yyyy"}}}, "dsl-unsupported"),
        ({"range": {"text": {"gte": "a"}}}, "range-on-type"),
        ({"wildcard": {"ip": "10.*"}}, "wildcard-on-type"),
        ({"wildcard": {"k": {"value": "a*", "wildcard": "b*"}}}, "dsl-key-unknown"),
        ({"term": {"ip": "host"}}, "value-not-an-address"),
        ({"regexp": {"k": {"value": "a", "flags": "INTERVAL"}}}, "dsl-unsupported"),
        ({"regexp": {"k": "a("}}, "regex-syntax"),
        ({"regexp": {"text": "a"}}, "dsl-unsupported"),
        ({"match": {"k": {"query": "a", "fuzziness": 1}}}, "dsl-key-unknown"),
        ({"match_phrase": {"k": {"query": "a", "slop": 1}}}, "dsl-key-unknown"),
        ({"multi_match": {"query": "a", "type": "cross_fields"}}, "dsl-unsupported"),
        ({"multi_match": {"query": "a", "fields": ["k^2"]}}, "dsl-unsupported"),
        ({"query_string": {"query": "k:a"}}, "dsl-query-string"),
        ({"query_string": {"query": '"a b"'}}, "dsl-query-string"),
        ({"query_string": {"query": "a* AND b*"}}, "query-string-operator"),
        ({"bool": {"filter": [QA], "mustnot": [QB]}}, "dsl-key-unknown"),
        ({"bool": {"should": [QA, QB], "minimum_should_match": "2<75%"}}, "dsl-unsupported"),
        ({"bool": {"should": [QA] * 40, "minimum_should_match": 20}}, "dsl-unsupported"),
        ({"bool": {"filter": ["a"]}}, "dsl-syntax"),
        ({"nested": {"path": "o"}}, "dsl-syntax"),
        ({"match_all": {"x": 1}}, "dsl-key-unknown"),
        ({"fuzzy": {"k": "a"}}, "dsl-clause-unknown"),
        ({"script": {"script": {"source": "return true", "lang": "painless"}}}, "dsl-script-unknown"),
    ],
)
def test_nothing_unknown_is_passed_over(query: dict[str, object], code: str) -> None:
    with pytest.raises(RuleError) as caught:
        read(query, CATALOGUE)
    assert caught.value.code == code
    assert code in converter_codes()


def test_deep_clauses_are_an_error_not_a_crash() -> None:
    query: dict[str, object] = {"match_all": {}}
    for _ in range(2_000):
        query = {"bool": {"must_not": query}}
    with pytest.raises(RuleError) as caught:
        read(query, CATALOGUE)
    assert caught.value.code == "nesting-too-deep"


def test_long_lists_are_one_test() -> None:
    found = read({"terms": {"k": [str(number) for number in range(10_000)]}}, CATALOGUE)
    assert isinstance(found, Test)
    assert len(found.matchers) == 10_000


def custom(query: object, **meta: object) -> dict[str, object]:
    return {"meta": {"type": "custom", "key": "query", **meta}, "$state": {"store": "appState"}, "query": query}


@pytest.mark.parametrize(
    ("filters", "predicate"),
    [
        ([], Always()),
        ([{"query": {"match_all": {}}}], Always()),
        ([custom(QA)], A),
        ([custom(QA), custom(QB, negate=True), custom(QC, disabled=True)], All((A, Not(B)))),
        ([{"exists": {"field": "k"}, "meta": {"negate": True}}], Not(Test(Field("k"), (Present(),)))),
        ([custom({"term": {"o.k": "a"}})], Nested("o", Test(Field("o.k"), (equal("a"),)))),
        (
            [{"meta": {"type": "combined", "relation": "OR", "params": [custom(QA), custom(QB, negate=True)]}}],
            Any((A, Not(B))),
        ),
        (
            [
                {
                    "meta": {
                        "type": "combined",
                        "negate": True,
                        "relation": "AND",
                        "params": [custom(QA), custom(QB), custom(QC, disabled=True)],
                    },
                    "query": {},
                }
            ],
            Not(All((A, B))),
        ),
    ],
)
def test_rule_filters(filters: list[dict[str, object]], predicate: Predicate) -> None:
    assert fold_filters(filters, CATALOGUE) == predicate


@pytest.mark.parametrize(
    "filters",
    [
        [{"meta": {}}],
        [{"meta": {"type": "combined", "relation": "XOR", "params": []}}],
        [custom({"geo_distance": {}})],
        [json.loads("[]")],
    ],
)
def test_filters_that_cannot_be_read(filters: list[dict[str, object]]) -> None:
    with pytest.raises(RuleError):
        fold_filters(filters, CATALOGUE)
