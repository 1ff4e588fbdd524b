"""Kibana's translation of KQL as judge: what it makes of a query, read as Query DSL, is what we lower the query to.

The reader and the lowering meet only in what a value means to a field type. Special cases, by their call or note:
a Lucene query beside the KQL one is left out on both sides (6 pairs), exceptions are built from their items (3), and
pairs without an expected body state a property (4).
"""

import json
from collections.abc import Mapping
from typing import Any as AnyJson

import pytest

from converter.errors import RuleError
from converter.ir import (
    All,
    Any,
    Events,
    Field,
    FieldPattern,
    Nested,
    Not,
    Predicate,
    Present,
    Test,
)
from converter.ir.walk import rewrite
from converter.languages import mapping
from converter.languages.dsl import fold_filters, read
from converter.languages.kql import tree as kql
from converter.languages.kql.lowering import KqlOptions, lower
from converter.languages.kql.parser import parse
from converter.passes import canonical
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType
from tests.shared import shared

pytestmark = pytest.mark.shared

Pair = dict[str, AnyJson]

_LUCENE = {"k053", "k055", "k065", "k066", "k067", "k068"}
_EXCEPTIONS = {"k069", "k070", "k071"}
_PROPERTIES = {"k024", "k025", "k031", "k042"}

_WITHOUT_EFFECT = {
    "filtersInMustClause": "must and filter select alike",
    "nestedIgnoreUnmapped": "decides between no match and an error where a path is not mapped",
    "queryStringOptions": "empty in every pair",
    "ignoreFilterIfFieldNotInIndex": "false in every pair",
    "language": "marks the Lucene pairs",
}


def pairs() -> list[Pair]:
    found: list[Pair] = json.loads(shared("oracle/kibana-kql/pairs.json").read_text("utf-8"))
    assert len(found) == 73
    return found


def test_every_pair_with_a_body() -> None:
    compared = set()
    for pair in pairs():
        if (expected := pair["expected_dsl"]) is None:
            continue
        catalogue = fields_of(pair)
        ours = All((*lowered(pair, catalogue), *filters(pair, catalogue), *exceptions(pair, catalogue)))
        theirs = read(body(expected), catalogue)
        context = pair.get("context", {}).get("nested", {}).get("path")
        if context:
            theirs = Nested(context, theirs)
        assert comparable(ours, catalogue) == comparable(theirs, catalogue), pair["id"]
        compared.add(pair["id"])
    assert len(compared) == 73 - len(_PROPERTIES)
    assert compared >= _LUCENE | _EXCEPTIONS


def test_a_value_in_all_fields_asks_every_field() -> None:
    """k024: one entry per field of the list."""
    pair = by_id("k024")
    (predicate,) = lowered(pair, fields_of(pair))
    assert isinstance(predicate, Test)
    assert isinstance(predicate.field, FieldPattern)
    names = fields_of(pair).matching(predicate.field.pattern)
    assert len([name for name in names if name in stub_names()]) == pair["expected_should_length"]


@pytest.mark.parametrize("identifier", ["k025", "k031", "k042"])
def test_scripted_fields_need_a_script(identifier: str) -> None:
    """Kibana answers with a script (k025, k031) or an error (k042); we have no script to run, and say so."""
    pair = by_id(identifier)
    assert pair.get("expected_first_should_has_key") == "script" or "scripted" in pair["expected_error"]
    with pytest.raises(RuleError) as caught:
        lowered(pair, fields_of(pair))
    assert caught.value.code == "kql-scripted-field"


def test_no_pair_is_left_out() -> None:
    assert {pair["id"] for pair in pairs() if pair["expected_dsl"] is None} == _PROPERTIES
    assert {pair["id"] for pair in pairs() if "exception_items" in pair} == _EXCEPTIONS
    assert {pair["id"] for pair in pairs() if "query_string" in str(body_must(pair))} == _LUCENE


def by_id(identifier: str) -> Pair:
    return next(pair for pair in pairs() if pair["id"] == identifier)


def stub() -> list[Pair]:
    found: list[Pair] = json.loads(shared("oracle/kibana-kql/stub-fields.json").read_text("utf-8"))
    return found


def stub_names() -> set[str]:
    return {field["name"] for field in stub()}


def fields_of(pair: Pair) -> Catalogue:
    """The pair's field list as a catalogue: a keyword only if that is its one type, other strings analysed, or, where
    they are compared by range, compared whole without being keywords."""
    string = FieldType.FLATTENED if (pair.get("ast") or {}).get("function") == "range" else FieldType.TEXT
    given = {"stub": stub, "none": list}[pair["fields"]]() if isinstance(pair["fields"], str) else pair["fields"]
    infos = {field["name"]: FieldInfo(field["name"], kind(field, string)) for field in given}
    for field in given:
        if path := field.get("subType", {}).get("nested", {}).get("path"):
            infos[path] = FieldInfo(path, FieldType.NESTED)
    return Catalogue(infos)


def kind(field: Pair, string: FieldType) -> FieldType:
    if field.get("esTypes") == ["keyword"]:
        return FieldType.KEYWORD
    types = {"number": FieldType.LONG, "boolean": FieldType.BOOLEAN, "date": FieldType.DATE, "string": string}
    return types[field["type"]]


def options_of(pair: Pair) -> KqlOptions:
    given = {key: value for key, value in pair["options"].items() if key not in _WITHOUT_EFFECT}
    scripted = frozenset(field["name"] for field in stub() if field["scripted"]) if pair["fields"] == "stub" else ()
    zone = given.pop("dateFormatTZ", "Zulu" if pair["call"] == "getQueryFilter" else None)
    options = KqlOptions(
        load_fields=pair["fields"] != "none",
        case_insensitive=given.pop("caseInsensitive", False),
        time_zone=zone,
        allow_leading_wildcards=given.pop("allowLeadingWildcards", True),
        scripted=frozenset(scripted),
    )
    assert not given, "an option that this test does not pass on"
    return options


def lowered(pair: Pair, catalogue: Catalogue) -> list[Predicate]:
    """The predicates of the pair's KQL queries."""
    found = []
    for tree in trees(pair):
        context = pair.get("context", {}).get("nested", {}).get("path")
        if context:
            tree = kql.Nested(parse_literal(context), tree)
        detection = lower(tree, catalogue, options_of(pair)).detection
        assert isinstance(detection, Events)
        found.append(detection.predicate)
    return found


def trees(pair: Pair) -> list[kql.Expression]:
    if pair["query"] is None:
        return [node(pair["ast"])]
    if pair["options"].get("language") == "lucene":
        return []
    queries = pair["query"] if isinstance(pair["query"], list) else [pair["query"]]
    texts = [query if isinstance(query, str) else query["query"] for query in queries if is_kql(query)]
    return [parse(text) for text in texts]


def is_kql(query: AnyJson) -> bool:
    return isinstance(query, str) or query["language"] == "kuery"


def node(given: Pair) -> kql.Expression:
    """The tree of a case that has no text: a number as value is written as text, as the field types read it."""
    name, value = given["args"][0], given["args"][-1]
    match given["function"]:
        case "is":
            return kql.Match(None if name is None else parse_literal(name), parse_literal(str(value)))
        case "range":
            operators: dict[str, kql.Operator] = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
            return kql.Range(parse_literal(name), operators[given["args"][1]], parse_literal(str(value)))
        case "exists":
            return kql.Match(parse_literal(name), parse_literal("*"))
        case other:
            raise AssertionError(other)


def parse_literal(written: str) -> kql.Literal:
    tree = parse(written)
    assert isinstance(tree, kql.Match)
    assert isinstance(tree.values, kql.Literal)
    return tree.values


def filters(pair: Pair, catalogue: Catalogue) -> list[Predicate]:
    return [fold_filters(pair.get("filters", []), catalogue)]


def exceptions(pair: Pair, catalogue: Catalogue) -> list[Predicate]:
    """Exception items as spec elastic-rules 1.4 reads them; upstream asks for the events they exclude too."""
    items = pair.get("exception_items", [])
    if not items:
        return []
    found = Any(tuple(All(tuple(entry(one, "", catalogue) for one in item["entries"])) for item in items))
    return [Not(found) if pair["exclude_exceptions"] else found]


def entry(given: Pair, prefix: str, catalogue: Catalogue) -> Predicate:
    name = f"{prefix}{given['field']}"
    if given["type"] == "nested":
        return Nested(name, All(tuple(entry(one, f"{name}.", catalogue) for one in given["entries"])))
    assert (given["type"], given["operator"]) == ("match", "included")
    return Test(Field(name), (mapping.phrase(catalogue[name], given["value"]),))


def body(expected: Pair) -> Mapping[str, AnyJson]:
    """The expected clause without its Lucene part; buildQueryFromKuery gives the inside of a bool."""
    inside = expected if "must_not" in expected else expected.get("bool", {})
    if not isinstance(inside.get("must_not"), list):
        return expected
    return {"bool": {**inside, "must": [item for item in inside["must"] if "query_string" not in item]}}


def body_must(pair: Pair) -> AnyJson:
    expected = pair["expected_dsl"] or {}
    return expected.get("bool", {}).get("must", [])


def comparable(predicate: Predicate, catalogue: Catalogue) -> Predicate:
    """Both sides in one form, with names that have wildcards replaced by the fields of the closed list."""
    return canonical(rewrite(predicate, lambda one: named(one, catalogue)))


def named(predicate: Predicate, catalogue: Catalogue) -> Predicate:
    match predicate:
        case Test(FieldPattern(parts), matchers) if catalogue.matching(parts) and len(parts) > 1:
            names = (name for name in catalogue.matching(parts) if catalogue[name].type is not FieldType.NESTED)
            return Any(tuple(in_path(name, Test(Field(name), matchers), catalogue) for name in names))
        case _:
            return predicate


def in_path(name: str, test: Predicate, catalogue: Catalogue) -> Predicate:
    """Kibana wraps the nested fields that a name covers."""
    path = name.rpartition(".")[0]
    return Nested(path, test) if path in catalogue and catalogue[path].type is FieldType.NESTED else test


def test_the_comparison_can_fail() -> None:
    catalogue = Catalogue({})
    one, other = Test(Field("a"), (Present(),)), Test(Field("b"), (Present(),))
    assert comparable(Any((one, other)), catalogue) != comparable(All((one, other)), catalogue)
    assert comparable(Not(one), catalogue) != comparable(one, catalogue)
