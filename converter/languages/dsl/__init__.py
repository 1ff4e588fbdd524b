"""Elasticsearch's Query DSL as a language that is read: search bodies, query clauses, Kibana's rule filters.

It shares no code with the backend that writes Query DSL, so that reading back what was written proves something.
"""

from converter.languages.dsl.filters import fold_filters
from converter.languages.dsl.reader import read
from converter.languages.dsl.search import read_search

__all__ = ["fold_filters", "read", "read_search"]
