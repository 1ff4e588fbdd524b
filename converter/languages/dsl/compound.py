"""Clauses that contain clauses: `bool`, `nested`, `constant_score`, and the constants `match_all`, `match_none`."""

import re
from itertools import combinations
from math import comb

from converter.ir import All, Always, Any, Nested, Never, Not, Predicate
from converter.languages.dsl.context import Context
from converter.languages.dsl.shape import Json, as_object, as_text, check_keys, error

MOST_COMBINATIONS = 1_000
"""`minimum_should_match` between one and all is spelled out, up to so many alternatives."""


def bool_(body: Json, context: Context) -> Predicate:
    """All of `must` and `filter`, none of `must_not`, and so many of `should` as `minimum_should_match` says.

    Without that number one has to match if there is neither `must` nor `filter`, and none otherwise.
    """
    options = as_object(body, "bool")
    check_keys(
        options, "bool", {"must", "filter", "should", "must_not", "minimum_should_match", "adjust_pure_negative"}
    )
    read = context.read  # mapped, which nests fewer calls than a comprehension: clauses may be deep
    required = list(map(read, [*_clauses(options.get("must")), *_clauses(options.get("filter"))]))
    should = list(map(read, _clauses(options.get("should"))))
    excluded = list(map(Not, map(read, _clauses(options.get("must_not")))))
    if should:
        least = _least(options.get("minimum_should_match", 0), len(should))
        required += _at_least(least if required else max(least, 1), should)
    items = (*required, *excluded)
    match items:
        case ():
            return Always()
        case (item,):
            return item
        case _:
            return All(items)


def nested(body: Json, context: Context) -> Predicate:
    """One object below the path satisfies the query, whose field names are full names."""
    options = as_object(body, "nested")
    check_keys(options, "nested", {"path", "query", "score_mode", "ignore_unmapped", "inner_hits"})
    return Nested(as_text(options.get("path"), "nested"), context.read(options.get("query")))


def constant_score(body: Json, context: Context) -> Predicate:
    """Its filter."""
    options = as_object(body, "constant_score")
    check_keys(options, "constant_score", {"filter"})
    return context.read(options.get("filter"))


def match_all(body: Json, _context: Context) -> Predicate:
    check_keys(as_object(body, "match_all"), "match_all", ())
    return Always()


def match_none(body: Json, _context: Context) -> Predicate:
    check_keys(as_object(body, "match_none"), "match_none", ())
    return Never()


def _clauses(value: Json) -> list[Json]:
    match value:
        case None:
            return []
        case list() | tuple():
            return list(value)
        case _:
            return [value]


def _least(value: Json, of: int) -> int:
    """`minimum_should_match` as a number of clauses: `2`, `-1`, `75%`, `-25%`, rounded down as Elasticsearch does."""
    match = re.fullmatch(r"(-?)([0-9]{1,9})(%?)", str(value))
    if match is None or isinstance(value, bool):
        raise error("bool", f"`minimum_should_match` of `{value}` is not supported", "dsl-unsupported")
    negative, digits, percent = match.groups()
    amount = of * int(digits) // 100 if percent else int(digits)
    return max(of - amount, 0) if negative else amount


def _at_least(least: int, should: list[Predicate]) -> list[Predicate]:
    """The conditions that so many of the clauses make."""
    if least <= 0:
        return []
    if least > len(should):
        return [Never()]
    if least == len(should):
        return should
    if least == 1:
        return [Any(tuple(should))]
    if comb(len(should), least) > MOST_COMBINATIONS:
        raise error("bool", f"{least} of {len(should)} clauses have too many combinations", "dsl-unsupported")
    return [Any(tuple(All(chosen) for chosen in combinations(should, least)))]
