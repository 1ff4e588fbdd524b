"""Groups of events by the values of fields: composite aggregations (spec elasticsearch-target 4.3, 4.4).

An event is in one group per combination of its values, and in none if it misses one of the fields.
"""

from collections.abc import Sequence

from backends.elasticsearch.clause import Json
from backends.elasticsearch.refusal import InexpressibleError
from converter.ir import Field
from converter.schema.catalogue import FieldType, default_catalogue

PAGE = 10_000
"""Groups a page; page on with `after` until a response has no `after_key`. A page may be empty and not be the last."""

_NO_VALUES = {FieldType.TEXT, FieldType.OBJECT, FieldType.NESTED}


def composite(fields: Sequence[str], inside: Json) -> Json:
    """One bucket per combination of the fields' values, with what is calculated and asked inside of each."""
    sources = [{field: {"terms": {"field": field}}} for field in fields]
    return {"composite": {"size": PAGE, "sources": sources}, "aggs": inside}


def keep(paths: Json, source: str, parameters: Json) -> Json:
    """Keeps the buckets for which the script holds. Its text is constant: clusters compile only so many scripts."""
    script = {"source": source, "params": parameters} if parameters else source
    return {"bucket_selector": {"buckets_path": paths, "script": script}}


def names(fields: Sequence[Field]) -> tuple[str, ...]:
    """The fields' names. Raises InexpressibleError for one whose values no aggregation reads, or that stands twice."""
    found = tuple(map(name, fields))
    for position, field in enumerate(found):
        if field in found[:position]:
            raise InexpressibleError("elasticsearch-group-field", f"`{field}` stands twice", field)
    return found


def name(field: Field) -> str:
    kind = default_catalogue()[field.name].type
    if kind in _NO_VALUES:
        what = f"`{field.name}` is of type {kind.value}, whose values no aggregation reads"
        raise InexpressibleError("elasticsearch-group-field", what, field.name)
    return field.name
