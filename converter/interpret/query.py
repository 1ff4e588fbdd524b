"""Reading a rule's queries in their languages, with errors that point into the rule's file."""

from converter.errors import RuleError
from converter.interpret.refusal import place_of
from converter.ir.detection import Events
from converter.ir.predicate import Always
from converter.ir.span import Span
from converter.languages.lowered import Lowered
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import Catalogue


def query_text(raw: RawRule, *, optional: bool) -> str:
    """The rule's query; a rule that has filters may do without one (2.1)."""
    query = raw.data.get("query")
    if query is not None and not isinstance(query, str):
        raise RuleError("query-not-text", "the query is not a text", place=place_of(raw, "query"))
    if query and query.strip():
        return query
    if not optional:
        raise RuleError("query-missing", "the rule has no query", place=place_of(raw, "query"))
    return ""


def lowered(rule: Rule, catalogue: Catalogue) -> Lowered:
    """What the rule's query means; an empty one selects everything."""
    # The languages load their parser tables: only what a rule needs is imported.
    try:
        if not rule.query:
            return Lowered(Events(Always()))
        if rule.language == "eql":
            from converter.languages import eql

            return eql.lower(eql.parse(rule.query), catalogue, category_field=rule.order.category)
        if rule.language == "dsl":
            from converter.languages import dsl

            return Lowered(dsl.read_search(rule.query, catalogue))
        return lowered_kibana(rule.query, rule.language, catalogue)
    except RuleError as error:
        raise in_file(error, rule.origin) from error


def lowered_kibana(text: str, language: str, catalogue: Catalogue) -> Lowered:
    """What a query in one of Kibana's languages, KQL or Lucene's, means. RuleErrors speak of places in the text."""
    if language == "lucene":
        from converter.languages import lucene

        return lucene.lower(lucene.parse(text), catalogue)
    from converter.languages.kql.lowering import lower
    from converter.languages.kql.parser import parse

    return lower(parse(text), catalogue)


def in_file(error: RuleError, origin: Origin) -> RuleError:
    """An error in a query, pointing into the file that the query stands in."""
    moved = error.at(origin.place(Span(0, 0, error.place.line, error.place.column)))
    if moved.excerpt is not None:
        # The excerpt is a line of the query, the column one of the file: what precedes it there is left blank.
        moved.excerpt = " " * (moved.place.column - error.place.column) + moved.excerpt
    return moved
