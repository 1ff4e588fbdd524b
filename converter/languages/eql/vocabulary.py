"""The words of EQL: keywords, functions, pipes, and those that other dialects have (spec eql 1.1, 2, 9)."""

from dataclasses import dataclass
from typing import Final

# fmt: off
KEYWORDS: Final = frozenset({
    "and", "any", "by", "false", "in", "join", "like", "maxspan", "not", "null", "of", "or", "regex", "sample",
    "sequence", "true", "until", "where", "with",
})
# fmt: on
"""Reserved everywhere, also as one segment of a dotted field."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's canonical spelling, its number of arguments (`most` None: any) and whether it has a `~` form."""

    name: str
    least: int
    most: int | None
    tilde: bool = False


_SIGNATURES = (
    Signature("add", 2, 2),
    Signature("between", 3, 4, tilde=True),
    Signature("cidrMatch", 2, None),
    Signature("concat", 1, None),
    Signature("divide", 2, 2),
    Signature("endsWith", 2, 2, tilde=True),
    Signature("indexOf", 2, 3, tilde=True),
    Signature("length", 1, 1),
    Signature("modulo", 2, 2),
    Signature("multiply", 2, 2),
    Signature("number", 1, 2),
    Signature("startsWith", 2, 2, tilde=True),
    Signature("string", 1, 1),
    Signature("stringContains", 2, 2, tilde=True),
    Signature("substring", 2, 3),
    Signature("subtract", 2, 2),
)
FUNCTIONS: Final = {signature.name.lower(): signature for signature in _SIGNATURES}
"""Signatures by lower-case name: names are case-insensitive."""

REMOVED_FUNCTIONS: Final = {
    "wildcard": "write the patterns with `like~` or `:`",
    "match": "write the pattern with `regex~`, which covers the whole value",
    "matchlite": "write the pattern with `regex~`, which covers the whole value",
    "arraycontains": "a field with several values is tested like any other: `field in (...)`",
    "arraycount": "Elasticsearch cannot count the values of a field",
    "arraysearch": "a field with several values is tested like any other: some value has to match",
    "safe": "leave it out: a missing field makes no error",
}
"""Functions of older versions and of python-eql by lower-case name, with what to write instead."""

PIPES: Final = frozenset({"head", "tail"})
UNSUPPORTED_PIPES: Final = frozenset({"count", "filter", "sort", "unique", "unique_count"})
LINEAGE: Final = frozenset({"child", "descendant", "event"})
"""What stands before `of [...]` in python-eql."""
