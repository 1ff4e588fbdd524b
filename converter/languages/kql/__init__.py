"""KQL (kuery) as Kibana reads it (spec kql): grammar, tree, parser, printer, lowering to the IR and raising from it."""

from converter.languages.kql.lowering import KqlOptions, lower
from converter.languages.kql.parser import parse
from converter.languages.kql.printer import to_text
from converter.languages.kql.raising import raise_
from converter.languages.kql.tree import Expression

__all__ = ["Expression", "KqlOptions", "lower", "parse", "raise_", "to_text"]
