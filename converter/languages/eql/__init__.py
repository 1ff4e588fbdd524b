"""EQL as Elasticsearch runs it (spec eql): grammar, tree, parser, printer, lowering to the IR and raising from it."""

from converter.languages.eql.lowering import lower
from converter.languages.eql.parser import parse
from converter.languages.eql.printer import expression_text, to_text
from converter.languages.eql.raising import raise_
from converter.languages.eql.tree import Statement

__all__ = ["Statement", "expression_text", "lower", "parse", "raise_", "to_text"]
