"""EQL: bare query text, and search requests around it (spec elasticsearch-target 4.1, 4.2 and 5).

A bare text says everything itself: filters and exceptions stand in the condition, and so does a category that is not in
`event.category`. A request says with its own keys what a detection rule says with them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from backends.elasticsearch import clause, layout, query, window
from backends.elasticsearch.output import Output, Statement, checked, path_notes, refused, written
from converter.ir import All, Detection, Events, Not, Predicate
from converter.languages import eql
from converter.losses import Loss, Note
from converter.passes import normalise
from converter.rule import Order, Rule
from converter.schema.catalogue import default_catalogue

_USUAL = Order()


@dataclass(frozen=True, slots=True)
class Text:
    """A query alone."""

    query: eql.Statement
    suffix: str = ".eql"

    def text(self) -> str:
        return eql.to_text(self.query) + "\n"


@dataclass(frozen=True, slots=True)
class Request:
    """The body of a request to `<indices>/_eql/search`; `restriction` holds for every event before it is looked at."""

    query: eql.Statement
    rule: Rule
    restriction: clause.Clause
    suffix: str = ".eql.json"

    def text(self) -> str:
        return layout.pretty(self.body()) + "\n"

    def body(self) -> clause.Json:
        """The keys of the request, those with their default values left out."""
        schedule, order = self.rule.schedule, self.rule.order
        found: clause.Json = {
            "query": eql.to_text(self.query),
            "size": schedule.max_signals,
            "filter": clause.to_json(window.restricted(window.of(schedule), self.restriction)),
            "fields": ["*"],
        }
        if order.category != _USUAL.category:
            found["event_category_field"] = order.category
        if order.timestamp != _USUAL.timestamp:
            found["timestamp_field"] = order.timestamp
        if order.tiebreaker is not None:
            found["tiebreaker_field"] = order.tiebreaker
        return found


def translate(rule: Rule, options: Mapping[str, str]) -> Output:
    """The rule in EQL, as a bare text or, with the option `request`, as a request."""
    if options["distribution"] == "opensearch":
        what = "OpenSearch has no EQL: it runs queries over single events, thresholds and new terms (`--format dsl`)"
        return refused(rule, Loss("opensearch-eql", what))
    if rule.detection is None or rule.stated is None:
        raise ValueError(f"rule `{rule.name}` was not read")
    if options["request"] == "true":
        return _request(rule, rule.stated)
    output = _said(rule, rule.detection, _USUAL.category, Text)
    return replace(output, notes=(*output.notes, *_run_notes(rule), *_order_notes(rule.order)))


def _request(rule: Rule, stated: Detection) -> Output:
    stated, moved = _divided(rule, stated)
    conditions = (*moved, *rule.filters, *(Not(item.predicate) for item in rule.exceptions))
    try:
        restriction = query.clause(normalise(All(conditions)))
    except query.InexpressibleError as error:
        return refused(rule, error.loss)
    output = _said(rule, stated, rule.order.category, lambda found: Request(found, rule, restriction))
    return replace(output, notes=(*output.notes, *path_notes(rule, "_eql/search")))


def _divided(rule: Rule, stated: Detection) -> tuple[Detection, tuple[Predicate, ...]]:
    """What EQL says, and conditions on single events that it cannot: Query DSL can, in the request's filter."""
    match stated:
        case Events(predicate, ()) if eql.raise_(stated, default_catalogue()).tree is None:
            whole = normalise(predicate)
            items = whole.items if isinstance(whole, All) else (whole,)
            said = tuple(item for item in items if eql.raise_(Events(item), default_catalogue()).tree is not None)
            return Events(All(said)), tuple(item for item in items if item not in said)
        case _:
            return stated, ()


def _said(rule: Rule, meant: Detection, category: str, statement: Callable[[eql.Statement], Statement]) -> Output:
    """The detection in EQL, as a part of the statement; `category` is the field of the event category."""
    catalogue = default_catalogue()
    raised = eql.raise_(meant, catalogue, category_field=category, mark_unknown=_spares_unmapped(rule))
    if raised.tree is None:
        return refused(rule, *raised.losses)
    output = written(rule, statement(raised.tree))
    output = replace(output, assumptions=(*output.assumptions, *raised.assumptions))
    typed = catalogue.retyped(raised.types)
    return checked(output, eql.lower(raised.tree, typed, category_field=category), meant, typed)


def _spares_unmapped(rule: Rule) -> bool:
    """Whether some of the rule's conditions find nothing in a field without a mapping, where EQL fails the query."""
    return rule.language != "eql" or bool(rule.filters or rule.exceptions)


def _order_notes(order: Order) -> Iterator[Note]:
    """What a bare text leaves to the keys of a request; the category stands in the text."""
    keys = {"timestamp_field": order.timestamp, "tiebreaker_field": order.tiebreaker}
    stated = [f"`{key}`: `{value}`" for key, value in keys.items() if value not in {None, _USUAL.timestamp}]
    if stated:
        yield Note("eql-request-keys", f"send the query with {' and '.join(stated)}: they order the events")


def _run_notes(rule: Rule) -> Iterator[Note]:
    yield from path_notes(rule, "_eql/search")
    yield from window.notes(rule.schedule)
