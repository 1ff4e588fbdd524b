"""Lucene's query strings as Elasticsearch's `query_string` reads them: tree, parser, lowering to the IR.

It is read for rules in `language: lucene` and for texts that are written, with whose writer it shares nothing. The
options are those of detection rules: `analyze_wildcard`, and OR between clauses without an operator (spec kql 3.4).
"""

from converter.languages.lucene.lowering import lower, unknown_fields
from converter.languages.lucene.parser import parse
from converter.languages.lucene.tree import Node

__all__ = ["Node", "lower", "parse", "unknown_fields"]
