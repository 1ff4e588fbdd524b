"""KQL (kuery) as Kibana reads it (spec kql): grammar, tree, parser, printer and lowering to the IR."""

from converter.languages.kql.lowering import KqlOptions, lower
from converter.languages.kql.parser import parse
from converter.languages.kql.printer import to_text
from converter.languages.kql.tree import Expression

__all__ = ["Expression", "KqlOptions", "lower", "parse", "to_text"]
