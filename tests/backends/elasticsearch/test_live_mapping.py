"""Mappings of throw-away indices, from the names of fields and the catalogue; whether they do what they should is
asked of a real OpenSearch (`test_live_opensearch`)."""

from collections.abc import Iterable

import pytest

from backends.elasticsearch.live import mapping
from backends.elasticsearch.live.mapping import fields_named_in, properties
from converter.schema.catalogue import Catalogue, FieldInfo, FieldType, default_catalogue

CATALOGUE = Catalogue(
    {
        name: FieldInfo(name, kind)
        for name, kind in {
            "@timestamp": FieldType.DATE,
            "a.word": FieldType.KEYWORD,
            "a.line": FieldType.WILDCARD,
            "a.version": FieldType.VERSION,
            "set": FieldType.CONSTANT_KEYWORD,
            "text": FieldType.TEXT,
            "flat": FieldType.FLATTENED,
            "items": FieldType.NESTED,
            "items.size": FieldType.LONG,
            "whole": FieldType.OBJECT,
        }.items()
    }
)
TIME = {"@timestamp": {"type": "date"}}


def mapped(product: str, *events: str, asked: Iterable[str] = ()) -> mapping.Json:
    found = properties(product, events, asked, CATALOGUE)
    assert found.pop("@timestamp") == {"type": "date"}
    return found


@pytest.mark.parametrize(
    ("name", "elasticsearch", "opensearch"),
    [
        ("a.word", "keyword", "keyword"),
        ("a.line", "wildcard", "keyword"),
        ("a.version", "version", "keyword"),
        ("a.unheard-of", "keyword", "keyword"),
    ],
)
def test_types_are_those_of_the_catalogue_as_far_as_a_product_has_them(
    name: str, elasticsearch: str, opensearch: str
) -> None:
    last = name.removeprefix("a.")
    assert mapped("elasticsearch", name) == {"a": {"properties": {last: {"type": elasticsearch}}}}
    assert mapped("opensearch", name) == {"a": {"properties": {last: {"type": opensearch}}}}


def test_a_constant_keyword_may_have_several_values() -> None:
    assert mapped("elasticsearch", "set") == mapped("opensearch", "set") == {"set": {"type": "keyword"}}


def test_below_a_flattened_field() -> None:
    assert mapped("elasticsearch", "flat.a.b", "flat.c") == {"flat": {"type": "flattened"}}
    keyword = {"type": "keyword"}
    inside = {"a": {"properties": {"b": keyword}}, "c": keyword}
    assert mapped("opensearch", "flat.a.b", "flat.c") == {"flat": {"properties": inside}}


def test_below_a_nested_field() -> None:
    inside = {"size": {"type": "long"}, "name": {"type": "keyword"}}
    assert mapped("opensearch", "items.size", "items.name") == {"items": {"type": "nested", "properties": inside}}


def test_multi_fields_lie_below_the_field_that_they_read() -> None:
    found = mapped("opensearch", "a.word", asked=["a.word.caseless", "a.word.text"])
    fields = {"caseless": {"type": "keyword", "normalizer": "caseless"}, "text": {"type": "text"}}
    assert found == {"a": {"properties": {"word": {"type": "keyword", "fields": fields}}}}
    assert mapped("opensearch", asked=["a.word.text"])["a"]["properties"]["word"]["type"] == "keyword"


def test_what_is_asked_for_gives_way_to_what_events_have() -> None:
    """Names that an output mentions, which may be values."""
    assert mapped("opensearch", "a.word", asked=["a", "a.word.more"]) == mapped("opensearch", "a.word")


def test_a_name_that_is_a_value_and_an_object_is_an_object() -> None:
    """The event with the value is refused then, with a reason."""
    assert mapped("opensearch", "a", "a.word") == mapped("opensearch", "a.word")


def test_fields_among_the_words_of_an_output() -> None:
    text = '{"term": {"a.word": "set"}, "x": "whole no.field items.size.", "y": "a.word.caseless:\\"text\\" a.line: *"}'
    found = set(fields_named_in(text, CATALOGUE))
    assert found == {"a.word", "set", "a.word.caseless", "text", "a.line"}


@pytest.mark.parametrize("product", mapping.STAND_INS)
def test_every_type_of_the_catalogue_has_a_mapping(product: str) -> None:
    catalogue = default_catalogue()
    names = [info.name for info in catalogue]
    leaves = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
    found = properties(product, leaves, (), catalogue)
    assert mapping.count(found) > len(leaves)
