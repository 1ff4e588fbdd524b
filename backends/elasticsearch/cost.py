"""What a clause costs a node, as far as its kind tells: the order of clauses in a `filter`.

Lucene orders by its own estimate whatever the text says. The text is in this order for people who read or change it,
and for engines that take clauses as they come: first what an index answers at once and caches, last what is run on
every document that is left.
"""

from enum import IntEnum
from typing import assert_never

from backends.elasticsearch.clause import (
    Bool,
    Clause,
    Exists,
    MatchAll,
    MatchNone,
    MatchPhrase,
    MultiMatch,
    Nested,
    Prefix,
    QueryString,
    Range,
    Regexp,
    Script,
    Term,
    Terms,
    Wildcard,
)


class Cost(IntEnum):
    LOOKUP = 0
    """One or several places in an index: whole values, ranges, existence."""
    PHRASE = 1
    """Places of words beside one another."""
    TERMS_OF_A_FIELD = 2
    """All distinct values of a field are looked through: patterns, and equality that ignores case."""
    FIELDS = 3
    """Several fields, or objects of their own."""
    DOCUMENTS = 4
    """Every document that other clauses leave is asked: scripts."""


def cost(clause: Clause) -> Cost:
    """The cost of a clause; that of a group is the cost of its dearest part."""
    match clause:
        case (
            MatchAll()
            | MatchNone()
            | Term(ignore_case=False)
            | Terms()
            | Range()
            | Exists()
            | Prefix(ignore_case=False)
        ):
            return Cost.LOOKUP
        case MatchPhrase():
            return Cost.PHRASE
        case Term() | Prefix() | Wildcard() | Regexp():
            return Cost.TERMS_OF_A_FIELD
        case MultiMatch() | QueryString():
            return Cost.FIELDS
        case Nested(_, query):
            return max(Cost.FIELDS, cost(query))
        case Script():
            return Cost.DOCUMENTS
        case Bool(filter_, should, must_not):
            return max(map(cost, (*filter_, *should, *must_not)), default=Cost.LOOKUP)
        case _:
            assert_never(clause)
