"""How Lucene joins the clauses of one group: by what each must be, not by precedence (spec elasticsearch-target 2.8).

`AND` makes the clauses on both of its sides required, `OR` leaves them optional, `NOT`, `!` and `-` prohibit, `+`
requires. An optional clause beside a required one decides nothing, which nobody who writes `a AND b OR c` means: such
groups are refused and not guessed at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from converter.languages.lucene.tree import And, Node, Not, Nothing, Or


class Occur(StrEnum):
    """What a clause is in its group."""

    MUST = "must"
    SHOULD = "should"
    MUST_NOT = "must not"


@dataclass(frozen=True, slots=True)
class Clause:
    """`joined` is the operator before it (`AND`, `OR` or nothing), `modifier` is `+`, `-` or nothing."""

    node: Node
    joined: str = ""
    modifier: str = ""


class PrecedenceError(Exception):
    """The group means something else than it seems to."""


def group(clauses: list[Clause]) -> Node:
    """The clauses as one node. Raises PrecedenceError."""
    occurs = _occurs(clauses)
    if any(clause.joined == "OR" and Occur.MUST_NOT in pair for clause, pair in _pairs(clauses, occurs)):
        raise PrecedenceError("`OR NOT` prohibits a clause instead of offering another one")
    chosen = {
        kind: [clause.node for clause, occur in zip(clauses, occurs, strict=True) if occur is kind] for kind in Occur
    }
    if chosen[Occur.MUST] and chosen[Occur.SHOULD]:
        raise PrecedenceError("clauses without `AND` or `+` decide nothing beside clauses with it")
    wanted = list(chosen[Occur.MUST])
    if chosen[Occur.SHOULD]:
        wanted.append(_one(Or, chosen[Occur.SHOULD]))
    return _one(And, [*wanted, *map(Not, chosen[Occur.MUST_NOT])])


def _occurs(clauses: list[Clause]) -> list[Occur]:
    """As Lucene's parser finds them, clause by clause, with OR as the default operator."""
    occurs: list[Occur] = []
    for clause in clauses:
        if occurs and clause.joined == "AND" and occurs[-1] is Occur.SHOULD:
            occurs[-1] = Occur.MUST
        if clause.modifier == "-":
            occurs.append(Occur.MUST_NOT)
        else:
            required = clause.modifier == "+" or (bool(occurs) and clause.joined == "AND")
            occurs.append(Occur.MUST if required else Occur.SHOULD)
    return occurs


def _pairs(clauses: list[Clause], occurs: list[Occur]) -> Iterator[tuple[Clause, tuple[Occur, Occur]]]:
    """Every clause but the first, with what it is and what the one before it is."""
    return zip(clauses[1:], pairwise(occurs), strict=True)


def _one(kind: type[And] | type[Or], nodes: list[Node]) -> Node:
    if not nodes:
        return Nothing()
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))
