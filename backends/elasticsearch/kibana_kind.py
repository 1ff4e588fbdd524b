"""A detection rule out of what is none yet: the type, language and query that say a detection.

KQL is tried first, then EQL. What neither says stands as Query DSL in the rule's filters, beside a KQL query for the
rest (spec elasticsearch-target 5).
"""

from dataclasses import dataclass, field

from backends.elasticsearch import clause, query
from backends.elasticsearch.kibana_keys import Kind
from converter.ir import (
    All,
    Always,
    Detection,
    Events,
    IndicatorEntry,
    IndicatorMatch,
    NewTerms,
    Predicate,
    Sample,
    Sequence,
    Threshold,
)
from converter.languages import eql, kql
from converter.languages.settled import mean_the_same
from converter.losses import Assumption, Loss
from converter.passes import normalise
from converter.schema.catalogue import Catalogue, default_catalogue

Json = clause.Json


@dataclass(slots=True)
class _Said:
    """A predicate in KQL, with what it cannot say as clauses."""

    text: str
    filters: list[Json]
    assumptions: list[Assumption] = field(default_factory=list)


def kind_of(detection: Detection) -> Kind | tuple[Loss, ...]:
    """The type that fits, or the reasons why none does."""
    catalogue = default_catalogue()
    try:
        match detection:
            case Events(predicate, ()) if (in_kql := _in_kql(predicate, catalogue)) is not None:
                return _kind("query", in_kql)
            case Events() | Sequence() | Sample():
                return _in_eql(detection, catalogue)
            case NewTerms(predicate, fields, history, start):
                terms: Json = {"new_terms_fields": [item.name for item in fields], "history_window_start": history}
                return _kind("new_terms", _partly(predicate, catalogue), terms | {"from": start})
            case Threshold(predicate):
                return _kind("threshold", _partly(predicate, catalogue), _threshold(detection))
            case IndicatorMatch(predicate):
                return _kind("threat_match", _partly(predicate, catalogue), _indicators(detection, catalogue))
    except query.InexpressibleError as error:
        return (error.loss,)


def _kind(name: str, said: _Said, keys: Json | None = None) -> Kind:
    text: Json = {"type": name, "language": "kuery", "query": said.text}
    return Kind(text | {"filters": said.filters} | (keys or {}), tuple(said.assumptions))


def _in_eql(detection: Detection, catalogue: Catalogue) -> Kind | tuple[Loss, ...]:
    raised = eql.raise_(detection, catalogue, mark_unknown=True)
    if raised.tree is not None and mean_the_same(eql.lower(raised.tree, catalogue).detection, detection, catalogue):
        return Kind({"type": "eql", "language": "eql", "query": eql.to_text(raised.tree)}, raised.assumptions)
    if isinstance(detection, Events) and not detection.take:
        return _kind("query", _partly(detection.predicate, catalogue))
    return raised.losses


def _in_kql(predicate: Predicate, catalogue: Catalogue) -> _Said | None:
    """The whole predicate in KQL, None if KQL cannot say it."""
    raised = kql.raise_(Events(predicate), catalogue)
    if raised.tree is None:
        return None
    if raised.types or not mean_the_same(kql.lower(raised.tree, catalogue).detection, Events(predicate), catalogue):
        return None
    return _Said(kql.to_text(raised.tree), [], list(raised.assumptions))


def _partly(predicate: Predicate, catalogue: Catalogue) -> _Said:
    """The conditions that KQL says as the query, the others as filters. Raises InexpressibleError."""
    whole = _in_kql(predicate, catalogue)
    if whole is not None:
        return whole
    found = normalise(predicate)
    items = found.items if isinstance(found, All) else (found,)
    sayable = tuple(item for item in items if _in_kql(item, catalogue) is not None)
    said = _in_kql(All(sayable), catalogue) if sayable else _Said("", [])
    if said is None:
        return _Said("", [_filter(predicate)])
    said.filters.extend(_filter(item) for item in items if item not in sayable)
    return said


def _filter(predicate: Predicate) -> Json:
    """A filter as Kibana's own editor makes it of a clause."""
    meta: Json = {"negate": False, "disabled": False, "type": "custom", "key": "query"}
    return {"meta": meta, "query": clause.to_json(query.clause(normalise(predicate))), "$state": {"store": "appState"}}


def _threshold(detection: Threshold) -> Json:
    distinct = detection.distinct
    table: Json = {
        "field": [key.name for key in detection.keys],
        "value": detection.at_least,
        "cardinality": [] if distinct is None else [{"field": distinct[0].name, "value": distinct[1]}],
    }
    return {"threshold": table} | ({} if detection.start is None else {"from": detection.start})


def _indicators(detection: IndicatorMatch, catalogue: Catalogue) -> Json:
    said = _partly(detection.indicators, catalogue) if detection.indicators != Always() else _Said("*:*", [])
    return {
        "threat_index": list(detection.indicator_index),
        "threat_query": said.text,
        "threat_language": "kuery",
        "threat_filters": said.filters,
        "threat_mapping": [{"entries": [_entry(entry) for entry in group]} for group in detection.mapping],
    }


def _entry(entry: IndicatorEntry) -> Json:
    found: Json = {"field": entry.field.name, "type": "mapping", "value": entry.indicator.name}
    return found | ({"negate": True} if entry.negate else {})
