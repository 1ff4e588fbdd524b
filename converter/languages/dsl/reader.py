"""Query clauses to predicates (spec elasticsearch-target 1, 2, 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from converter.errors import RuleError
from converter.ir import Predicate
from converter.languages.dsl import compound, full_text, script, term_level
from converter.languages.dsl.context import Context
from converter.languages.dsl.shape import Json, as_object, error
from converter.languages.limits import DEEPEST_CLAUSES
from converter.schema.catalogue import Catalogue

CLAUSES: dict[str, Callable[[Json, Context], Predicate]] = {
    "bool": compound.bool_,
    "constant_score": compound.constant_score,
    "exists": term_level.exists,
    "match": full_text.match,
    "match_all": compound.match_all,
    "match_none": compound.match_none,
    "match_phrase": full_text.match_phrase,
    "multi_match": full_text.multi_match,
    "nested": compound.nested,
    "prefix": term_level.prefix,
    "query_string": full_text.query_string,
    "range": term_level.range_,
    "regexp": term_level.regexp,
    "script": script.script,
    "term": term_level.term,
    "terms": term_level.terms,
    "wildcard": term_level.wildcard,
}


def read(query: Mapping[str, object], catalogue: Catalogue) -> Predicate:
    """What a query clause finds. RuleError for every clause, key or value that is not understood."""
    return _Reader(catalogue).read(query)


@dataclass(frozen=True, slots=True)
class _Reader:
    catalogue: Catalogue
    depth: int = 0

    def read(self, query: Json) -> Predicate:
        if self.depth > DEEPEST_CLAUSES:
            raise RuleError("nesting-too-deep", f"clauses are nested more than {DEEPEST_CLAUSES} deep")
        clause = as_object(query, "query")
        if len(clause) != 1:
            raise error("query", f"one clause was expected, not {len(clause)}")
        name, body = next(iter(clause.items()))
        if name not in CLAUSES:
            raise error(name, "this clause is not supported", "dsl-clause-unknown")
        return CLAUSES[name](body, _Reader(self.catalogue, self.depth + 1))
