"""The target's syntax tree: clauses of Elasticsearch's Query DSL, one dataclass each, and their JSON form.

Names and keys are those of Elastic's Query DSL reference. The writer is `to_json`; nothing else builds JSON clauses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class MatchAll:
    pass


@dataclass(frozen=True, slots=True)
class MatchNone:
    pass


@dataclass(frozen=True, slots=True)
class Bool:
    """`filter` all hold, `must_not` none holds, of `should` (if any) at least one holds; nothing is scored."""

    filter: tuple["Clause", ...] = ()
    should: tuple["Clause", ...] = ()
    must_not: tuple["Clause", ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    field: str
    value: Scalar
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`value` is escaped already: `*` and `?` are live, a backslash makes the next character literal."""

    field: str
    value: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    field: str
    value: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Regexp:
    """`value` is Lucene syntax; `operators` says whether the optional operators are switched on."""

    field: str
    value: str
    operators: bool = False
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """`bounds` maps `gt`, `gte`, `lt`, `lte` to their values."""

    field: str
    bounds: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Exists:
    field: str


@dataclass(frozen=True, slots=True)
class MatchPhrase:
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class MultiMatch:
    """One text looked for in every field whose name matches; without `fields`, in the index's default fields."""

    text: str
    fields: tuple[str, ...]
    phrase: bool


@dataclass(frozen=True, slots=True)
class QueryString:
    """One word with wildcards, in Lucene syntax, looked for as `MultiMatch` does."""

    query: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    path: str
    query: "Clause"


@dataclass(frozen=True, slots=True)
class Script:
    """A condition in Painless; what changes from rule to rule stands in `params`."""

    source: str
    params: Mapping[str, object]


Clause = (
    MatchAll
    | MatchNone
    | Bool
    | Term
    | Terms
    | Wildcard
    | Prefix
    | Regexp
    | Range
    | Exists
    | MatchPhrase
    | MultiMatch
    | QueryString
    | Nested
    | Script
)

Json = dict[str, object]


def any_of(items: Sequence[Clause]) -> Clause:
    """At least one of the clauses holds; without any it is false."""
    if not items:
        return MatchNone()
    return items[0] if len(items) == 1 else Bool(should=tuple(items))


def to_json(clause: Clause) -> Json:
    """The clause as the JSON object Elasticsearch reads; key order is fixed."""
    match clause:
        case MatchAll():
            return {"match_all": {}}
        case MatchNone():
            return {"match_none": {}}
        case Bool(filter_, should, must_not):
            return {"bool": _bool(filter_, should, must_not)}
        case Term(field, value, ignore_case=False):
            return {"term": {field: value}}
        case Term(field, value, _):
            return {"term": {field: {"value": value, "case_insensitive": True}}}
        case Terms(field, values):
            return {"terms": {field: list(values)}}
        case Wildcard(field, value, ignore_case):
            return {"wildcard": {field: _folding({"value": value}, ignore_case)}}
        case Prefix(field, value, ignore_case):
            return {"prefix": {field: _folding({"value": value}, ignore_case)}}
        case Regexp(field, value, operators, ignore_case):
            body: Json = {"value": value, "flags": "ALL" if operators else "NONE"}
            return {"regexp": {field: _folding(body, ignore_case)}}
        case Range(field, bounds):
            return {"range": {field: dict(bounds)}}
        case Exists(field):
            return {"exists": {"field": field}}
        case MatchPhrase(field, text):
            return {"match_phrase": {field: text}}
        case MultiMatch(text, fields, phrase):
            where: Json = {"fields": list(fields)} if fields else {}
            return {
                "multi_match": {"query": text, **where, "type": "phrase" if phrase else "best_fields", "lenient": True}
            }
        case QueryString(text, fields):
            named: Json = {"fields": list(fields)} if fields else {}
            return {"query_string": {"query": text, **named, "analyze_wildcard": True, "lenient": True}}
        case Nested(path, query):
            # Without `ignore_unmapped` an index that does not know the path fails the whole search.
            options: Json = {"score_mode": "none", "ignore_unmapped": True}
            return {"nested": {"path": path, "query": to_json(query), **options}}
        case Script(source, params):
            return {"script": {"script": {"lang": "painless", "source": source, "params": dict(params)}}}
        case _:
            assert_never(clause)


def depth(clause: Clause) -> int:
    """How many `bool` clauses stand inside one another."""
    match clause:
        case Bool(filter_, should, must_not):
            return 1 + max((depth(item) for item in (*filter_, *should, *must_not)), default=0)
        case Nested(_, query):
            return depth(query)
        case _:
            return 0


def count(clause: Clause) -> int:
    """How many clauses Elasticsearch counts: those that are not `bool`, a list of terms as one."""
    match clause:
        case Bool(filter_, should, must_not):
            return sum(count(item) for item in (*filter_, *should, *must_not))
        case Nested(_, query):
            return count(query)
        case _:
            return 1


def _folding(body: Json, ignore_case: bool) -> Json:
    return body | {"case_insensitive": True} if ignore_case else body


def _bool(filter_: tuple[Clause, ...], should: tuple[Clause, ...], must_not: tuple[Clause, ...]) -> Json:
    body: Json = {}
    if filter_:
        body["filter"] = [to_json(item) for item in filter_]
    if should:
        body["should"] = [to_json(item) for item in should]
        body["minimum_should_match"] = 1
    if must_not:
        body["must_not"] = [to_json(item) for item in must_not]
    return body
