"""Filters and exceptions: what the rule leaves out besides its query (spec elastic-rules 1.3 and 1.4)."""

import re
from collections.abc import Iterator, Mapping

from converter.errors import RuleError, UnsupportedError
from converter.interpret.refusal import place_of, unsupported
from converter.ir.predicate import Always, Not, Predicate
from converter.languages import dsl
from converter.losses import Assumption, Direction, Loss, Note
from converter.rule import ExceptionItem, RawRule
from converter.schema.catalogue import Catalogue

_UNSUPPORTED = frozenset({"dsl-clause-unknown", "dsl-key-unknown", "dsl-unsupported"})
_LOST_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[^\\*?]")
"""A backslash in a wildcard value that stands before an ordinary character, and vanishes."""


def filters_of(raw: RawRule, key: str, catalogue: Catalogue) -> tuple[Predicate, ...]:
    """What each filter under the key asks of an event; disabled ones ask nothing.

    Raises UnsupportedError `rule-filters-unsupported` for a clause that is not read, RuleError for one that is wrong.
    """
    filters = raw.data.get(key)
    if not filters:
        return ()
    if not isinstance(filters, list) or not all(isinstance(entry, Mapping) for entry in filters):
        raise RuleError("rule-key-invalid", f"`{key}` cannot be used", place=place_of(raw, key), expected="a list")
    found = (_read_filter(raw, key, entry, catalogue) for entry in filters)
    return tuple(condition for condition in found if condition != Always())


def _read_filter(raw: RawRule, key: str, entry: Mapping[str, object], catalogue: Catalogue) -> Predicate:
    try:
        return dsl.fold_filters([entry], catalogue)
    except RuleError as error:
        if error.code in _UNSUPPORTED:
            what = f"a filter beside the query is not understood: {error.what}"
            raise UnsupportedError("rule-filters-unsupported", what, place=place_of(raw, key)) from error
        raise error.at(place_of(raw, key)) from error


def escape_notes(raw: RawRule) -> Iterator[Note]:
    """Wildcards whose backslashes do not stand for themselves, as their writers must have meant."""
    for value in _wildcard_values(raw.data.get("filters")):
        if _LOST_ESCAPE.search(value):
            shown = value if len(value) <= 60 else f"{value[:57]}..."
            what = f"in the wildcard `{shown}` single backslashes vanish: it is converted as Elasticsearch reads it"
            yield Note("wildcard-backslash", what)


def _wildcard_values(node: object) -> Iterator[str]:
    match node:
        case {"wildcard": {**fields}}:
            for options in fields.values():
                value = options.get("value", options.get("wildcard")) if isinstance(options, Mapping) else options
                if isinstance(value, str):
                    yield value
        case {**clauses}:
            for name, clause in clauses.items():
                if name != "meta":
                    yield from _wildcard_values(clause)
        case [*items]:
            for item in items:
                yield from _wildcard_values(item)
        case _:
            pass


# --- exceptions ----------------------------------------------------------------------------------------------------


class _ValueListError(Exception):
    """The item compares with a value list, which is an object of its own and did not come with the rule."""


def exceptions_of(raw: RawRule, catalogue: Catalogue) -> tuple[tuple[ExceptionItem, ...], tuple[Loss, ...]]:
    """The items of the rule's lists, and the losses that leaving some out makes.

    Raises UnsupportedError `exceptions-unsupported` for an item that is not understood.
    """
    items: list[ExceptionItem] = []
    losses: list[Loss] = []
    for data in raw.exceptions:
        name = str(data.get("name") or data.get("item_id") or "unnamed")
        try:
            predicate = dsl.read(_item_query(data), catalogue)
        except _ValueListError:
            what = f"the exception `{name}` compares with a value list, which did not come with the rule"
            losses.append(Loss("exception-value-list", what, Direction.WIDER))
            continue
        except (RuleError, ValueError) as error:
            said = error.what if isinstance(error, RuleError) else str(error)
            what = f"the exception `{name}` is not understood: {said}"
            raise unsupported(raw, "exceptions_list", "exceptions-unsupported", what) from error
        expires = data.get("expire_time")
        items.append(
            ExceptionItem(
                name, str(data.get("list_id") or ""), predicate, expires if isinstance(expires, str) else None
            )
        )
    return tuple(items), tuple(losses)


def expiries(items: tuple[ExceptionItem, ...]) -> Iterator[Assumption]:
    """Items that leave events out only for a time."""
    for item in items:
        if item.expires is not None:
            what = f"the exception `{item.name}`, which ends at {item.expires}, is in force"
            yield Assumption("exception-in-force", what)


def left_out(items: tuple[ExceptionItem, ...]) -> tuple[Predicate, ...]:
    """The conditions that keep an event in."""
    return tuple(Not(item.predicate) for item in items)


def _item_query(data: Mapping[str, object]) -> dict[str, object]:
    """The events of one item as a clause: all of its entries, on one of its operating systems."""
    entries = data.get("entries")
    if not isinstance(entries, list) or not entries:
        raise ValueError("it has no entries")
    clauses = [_entry_query(entry) for entry in entries]
    systems = data.get("os_types") or []
    if not isinstance(systems, list):
        raise ValueError("`os_types` is no list")
    if systems:
        fields = ("host.os.type", "host.os.name.caseless")
        clauses.append(_any([{"term": {field: system}} for system in systems for field in fields]))
    return {"bool": {"filter": clauses}}


def _entry_query(entry: object) -> dict[str, object]:
    match entry:
        case {"type": "nested", "field": str(path), "entries": [_, *_] as inner}:
            return {"nested": {"path": path, "query": {"bool": {"filter": [_below(path, one) for one in inner]}}}}
        case {"type": "list"}:
            raise _ValueListError
        case {"type": str(kind), "field": str(field), "operator": "included" | "excluded" as operator, **rest}:
            clause = _comparison(kind, field, rest.get("value"))
            return clause if operator == "included" else {"bool": {"must_not": [clause]}}
        case _:
            raise ValueError("an entry has no type, field and operator that are known")


def _below(path: str, entry: object) -> dict[str, object]:
    """An entry of a nested one: its field is named from the object."""
    if not isinstance(entry, Mapping):
        raise ValueError("an entry is no table")
    return _entry_query({**entry, "field": f"{path}.{entry.get('field')}"})


def _comparison(kind: str, field: str, value: object) -> dict[str, object]:
    match kind, value:
        case "match", str():
            return {"match_phrase": {field: value}}
        case "match_any", [_, *_]:
            return _any([{"match_phrase": {field: one}} for one in value])
        case "wildcard", str():
            return {"wildcard": {field: value}}
        case "exists", _:
            return {"exists": {"field": field}}
        case _:
            raise ValueError(f"an entry of type `{kind:.40}` is not understood")


def _any(clauses: list[dict[str, object]]) -> dict[str, object]:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}
