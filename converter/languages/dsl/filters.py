"""Kibana's rule-level filters: display data around Query DSL clauses (spec elastic-rules 1.3)."""

from collections.abc import Iterable, Iterator, Mapping

from converter.ir import All, Always, Any, Field, Nested, Not, Predicate, Test
from converter.ir.walk import leaves
from converter.languages.dsl.reader import read
from converter.languages.dsl.shape import Json, Object, as_list, as_object, error
from converter.languages.limits import DEEPEST_NESTING
from converter.schema.catalogue import Catalogue, FieldType


def fold_filters(filters: Iterable[Mapping[str, object]], catalogue: Catalogue) -> Predicate:
    """What all enabled filters ask together; `Always` if none asks anything. RuleError for what cannot be read."""
    found = tuple(item for item in _filters(filters, catalogue, 0) if item != Always())
    match found:
        case ():
            return Always()
        case (item,):
            return item
        case _:
            return All(found)


def _filters(filters: Iterable[Json], catalogue: Catalogue, depth: int) -> Iterator[Predicate]:
    for one in filters:
        whole = as_object(one, "filter")
        meta = as_object(whole.get("meta") or {}, "filter")
        if meta.get("disabled") is True:
            continue
        found = _combined(meta, catalogue, depth) if meta.get("type") == "combined" else _clause(whole, catalogue)
        yield Not(found) if meta.get("negate") is True else found


def _combined(meta: Object, catalogue: Catalogue, depth: int) -> Predicate:
    """Filters joined by AND or OR inside one filter's display data, which here decides what is found."""
    if depth > DEEPEST_NESTING:
        raise error("filter", "filters are nested too deep", "nesting-too-deep")
    items = tuple(_filters(as_list(meta.get("params"), "filter"), catalogue, depth + 1))
    match meta.get("relation"):
        case "AND":
            return All(items)
        case "OR":
            return Any(items)
        case other:
            raise error("filter", f"a combined filter has the relation AND or OR, not `{other}`")


def _clause(whole: Object, catalogue: Catalogue) -> Predicate:
    """The clause under `query`, or, in older filters, beside the display data."""
    query = whole.get("query")
    if query is None:
        query = {key: value for key, value in whole.items() if key not in {"meta", "$state", "query"}}
    found = read(as_object(query, "filter"), catalogue)
    path = _nested_path(found, catalogue)
    return found if path is None else Nested(path, found)


def _nested_path(predicate: Predicate, catalogue: Catalogue) -> str | None:
    """The path that Kibana wraps around a filter on a field of nested objects."""
    for leaf in leaves(predicate):
        match leaf:
            case Test(Field(name)):
                above = name
                while "." in above:
                    above = above.rpartition(".")[0]
                    if above in catalogue and catalogue[above].type is FieldType.NESTED:
                        return above
            case _:
                pass
    return None
