"""Fewer clauses that find the same: long lists of texts compared in any case, which `terms` do not take.

A node refuses a query of more than so many clauses (`indices.query.bool.max_clause_count`, 1,024 at the least). A
`regexp` that lists the texts is one clause; it is less plain, so that only queries above the limit are rewritten.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from backends.elasticsearch import regexp
from backends.elasticsearch.clause import Bool, Clause, Nested, Regexp, Term, count
from converter.ir.regex import Alternation, Chars

MANY_CLAUSES = 1_024
"""The least that `indices.query.bool.max_clause_count` is by default; it grows with the memory of a node."""


def compact(clause: Clause) -> Clause:
    """The clause, or one that finds the same with fewer clauses if a small node would refuse it."""
    return clause if count(clause) <= MANY_CLAUSES else _compact(clause)


def _compact(clause: Clause) -> Clause:
    match clause:
        case Bool(filter_, should, must_not):
            return Bool(tuple(map(_compact, filter_)), _merged(should), _merged(must_not))
        case Nested(_, query):
            return replace(clause, query=_compact(query))
        case _:
            return clause


def _merged(alternatives: Iterable[Clause]) -> tuple[Clause, ...]:
    """The alternatives, those that compare a field with a text in any case joined by field."""
    texts: dict[str, list[str]] = {}
    others: list[Clause] = []
    for item in alternatives:
        match item:
            case Term(field, str(text), ignore_case=True):
                texts.setdefault(field, []).append(text)
            case _:
                others.append(_compact(item))
    return (*(one for field, found in texts.items() for one in _lists(field, found)), *others)


def _lists(field: str, texts: list[str]) -> Iterator[Clause]:
    """Expressions that list the texts, each no longer than a node takes; a text without company stays a term."""
    chunk: list[str] = []
    length = 0
    for text in texts:
        written = len(regexp.write(Chars(text)).text) + 1
        if chunk and length + written > regexp.LONGEST:
            yield _list(field, chunk)
            chunk, length = [], 0
        chunk.append(text)
        length += written
    if chunk:
        yield _list(field, chunk)


def _list(field: str, texts: list[str]) -> Clause:
    if len(texts) == 1:
        return Term(field, texts[0], ignore_case=True)
    return Regexp(field, regexp.write(Alternation(tuple(map(Chars, texts)))).text, ignore_case=True)
