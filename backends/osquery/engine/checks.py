"""Static checks of a query: what SQLite accepts and osquery, or the meaning of a rule, does not (spec osquery 11)."""

from collections.abc import Iterator
from itertools import pairwise

from backends.osquery.engine.database import QueryError
from backends.osquery.engine.tokens import NOTHING, Token, tokens
from backends.osquery.schema import Table, tables


def check(sql: str) -> None:
    """Raises QueryError with everything that is wrong with the query."""
    found = list(dict.fromkeys(violations(sql)))
    if found:
        raise QueryError("osquery-query", "; ".join(found))


def violations(sql: str) -> Iterator[str]:
    """What section 11 forbids, in words, in order of appearance."""
    text = list(tokens(sql))
    for position, token in enumerate(text):
        before = text[position - 1] if position else NOTHING
        after = text[position + 1] if position + 1 < len(text) else NOTHING
        yield from _local(before, token, after)
    references = list(_references(text))
    yield from _time_bounds(text, references)
    for table, alias in references:
        yield from _required(text, table, alias)


def _local(before: Token, token: Token, after: Token) -> Iterator[str]:
    if token.is_symbol("*") and (before.is_word("SELECT", "DISTINCT", "ALL") or before.is_symbol(",", ".")):
        yield "`SELECT *` leaves the columns open"
    if token.is_word("NOT") and not (before.is_word("IS") or after.is_word("EXISTS", "MATERIALIZED")):
        yield "`NOT` keeps NULL as NULL; the complement is `IS NOT TRUE`"
    if token.kind == "quoted" and token.text.startswith('"') and not (before.is_word("AS") or before.is_symbol(".")):
        yield f"{token.text} becomes a text if there is no such column"
    if token.is_word("REGEXP"):
        yield "`REGEXP` has no function behind it in osquery"
    if token.is_symbol(";") and after is not NOTHING:
        yield "more than one statement"
    if token.kind == "symbol" and token.text in {"'", '"', "`"}:
        yield "a quote is not closed"


def _references(text: list[Token]) -> Iterator[tuple[Table, str]]:
    """The osquery tables that FROM clauses and joins name, each with its alias."""
    for position, token in enumerate(text[:-1]):
        table = tables().get(text[position + 1].name or "")
        if table is None or not (token.is_word("FROM", "JOIN") or token.is_symbol(",")):
            continue
        rest = text[position + 2 : position + 4]
        alias = next((item for item in rest if not item.is_word("AS")), NOTHING)
        named = alias.name is not None and not alias.is_word(*_AFTER_A_TABLE)
        yield table, str(alias.name) if named else table.name


_AFTER_A_TABLE = (
    "ON",
    "WHERE",
    "JOIN",
    "LEFT",
    "INNER",
    "CROSS",
    "NATURAL",
    "GROUP",
    "ORDER",
    "LIMIT",
    "UNION",
    "USING",
)


def _time_bounds(text: list[Token], references: list[tuple[Table, str]]) -> Iterator[str]:
    """Two references to evented tables share one read position, so each needs a bound on `time` (2.2)."""
    evented = [table.name for table, _ in references if table.evented]
    bounds = sum(token.name == "time" and after.is_symbol(">", ">=") for token, after in pairwise(text))
    if len(evented) > 1 and bounds < len(evented):
        yield f"{' and '.join(evented)} are read together without a bound on `time` in each"


def _required(text: list[Token], table: Table, alias: str) -> Iterator[str]:
    """Tables that yield nothing unless a column is constrained (3): by `=`, `IN` or `LIKE`, or in a join."""
    if table.required and not any(_constrained(text, alias, column) for column in table.required):
        yield f"`{table.name}` needs a condition on {' or '.join(table.required)}"


def _constrained(text: list[Token], alias: str, column: str) -> bool:
    for position in range(len(text) - 2):
        owner, dot, name = text[position : position + 3]
        if owner.name == alias.lower() and dot.is_symbol(".") and name.name == column:
            before = text[position - 1] if position else NOTHING
            after = text[position + 3] if position + 3 < len(text) else NOTHING
            if before.is_symbol("=", "==") or after.is_symbol("=", "==") or after.is_word("IN", "LIKE"):
                return True
    return False
