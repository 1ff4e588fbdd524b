"""Lucene's query strings: the condition of rules over single events (spec elasticsearch-target 2, 2.8, 3).

Every group stands in parentheses, since Lucene joins clauses by no precedence, and every negation beside something
positive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backends.elasticsearch import window
from backends.elasticsearch.lucene_term import escaped, term
from backends.elasticsearch.output import Output, checked, path_notes, refused, written
from converter.errors import RuleError
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    AnyOne,
    Compute,
    Events,
    Field,
    FieldPattern,
    FieldRef,
    Like,
    Matcher,
    Nested,
    Never,
    Not,
    Pattern,
    Phrase,
    Predicate,
    Present,
    Test,
    Text,
    TextLiteral,
)
from converter.ir.matcher import Equal
from converter.languages import lucene
from converter.languages.raised import Findings, InexpressibleError
from converter.losses import Loss
from converter.passes import normalise
from converter.rule import Rule
from converter.schema.catalogue import Catalogue, FieldInfo, default_catalogue

_EVERYTHING = "*:*"
_NOTHING = f"({_EVERYTHING} AND NOT {_EVERYTHING})"
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class QueryString:
    """A query alone."""

    query: str
    suffix: str = ".lucene"

    def text(self) -> str:
        return self.query + "\n"


def translate(rule: Rule, options: Mapping[str, str]) -> Output:
    """The rule's condition as a query string; refused where there are no words for it."""
    match rule.detection:
        case None:
            raise ValueError(f"rule `{rule.name}` was not read")
        case Events(predicate, ()):
            return _translated(rule, predicate, default_catalogue())
        case detection:
            what = f"a query string selects single events: a detection of the kind {type(detection).__name__} it is not"
            return refused(rule, Loss("lucene-detection", what))


def _translated(rule: Rule, predicate: Predicate, catalogue: Catalogue) -> Output:
    findings = Findings(catalogue)
    text = query_string(predicate, findings)
    if findings.losses:
        return refused(rule, *findings.losses)
    tree = lucene.parse(text)
    try:
        findings.compare_types(lucene.unknown_fields(tree, catalogue))
        typed = catalogue.retyped(findings.retyped)
        read = lucene.lower(tree, typed)
    except RuleError as error:
        return refused(rule, Loss("lucene-refused", f"Elasticsearch does not take the query: {error.message}"))
    notes = (*path_notes(rule, "_search"), *window.notes(rule.schedule))
    output = written(rule, QueryString(text), notes=notes)
    output = replace(output, assumptions=(*output.assumptions, *findings.assumptions))
    return checked(output, read, Events(predicate), typed)


def query_string(predicate: Predicate, findings: Findings) -> str:
    """The predicate as text; what cannot be said is collected in the findings."""
    return _Writer(findings).whole(normalise(predicate))


@dataclass(frozen=True, slots=True)
class _Writer:
    findings: Findings

    def whole(self, node: Predicate) -> str:
        """A query, with a clause a line if it is long."""
        if isinstance(node, All) and node.items:
            return self._joined(node, "\nAND ") if len(self._joined(node, " AND ")) > _WIDTH else self._joined(node)
        return self.clause(node).removeprefix("(").removesuffix(")") if isinstance(node, Any) else self.clause(node)

    def clause(self, node: Predicate) -> str:
        """A clause that can stand beside any operator."""
        match node:
            case All(()) | Always():
                return _EVERYTHING
            case Any(()) | Never():
                return _NOTHING
            case All():
                return f"({self._joined(node)})"
            case Any(items):
                return f"({' OR '.join(map(self.clause, items))})"
            case Not(item):
                return f"({_EVERYTHING} AND NOT {self.clause(item)})"
            case _:
                try:
                    return self._leaf(node)
                except InexpressibleError as error:
                    self.findings.lose(error.loss, node.span)
                    return _NOTHING

    def _joined(self, node: All, word: str = " AND ") -> str:
        """Clauses that all hold: the negated ones last, behind a positive one."""
        wanted = [self.clause(item) for item in node.items if not isinstance(item, Not)]
        unwanted = [f"NOT {self.clause(item.item)}" for item in node.items if isinstance(item, Not)]
        return word.join([*(wanted or [_EVERYTHING]), *unwanted])

    def _leaf(self, leaf: Test | Compute | Nested) -> str:
        match leaf:
            case Compute():
                raise InexpressibleError("lucene-script", "query strings have no functions and no arithmetic")
            case Nested(path):
                raise InexpressibleError("lucene-nested", f"query strings do not look into `{path}`", path)
            case Test(field, matchers):
                return self._test(field, matchers)

    def _test(self, field: FieldRef, matchers: tuple[Matcher, ...]) -> str:
        match field:
            case Field(name):
                self.findings.need(name, matchers)
                return _in_field(escaped(name), self.findings.catalogue[name], matchers)
            case FieldPattern(names) if names == (ANY_RUN,):
                terms = [_free(matcher) for matcher in matchers]
                return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"
            case FieldPattern(names):
                known = self.findings.catalogue.matching(names)
                info = self.findings.catalogue[known[0]] if known else FieldInfo("", known=False)
                return _in_field(_names(names), info, matchers)


def _in_field(name: str, info: FieldInfo, matchers: tuple[Matcher, ...]) -> str:
    if Present() in matchers:
        return f"_exists_:{name}"
    # Lucene leaves out a phrase without words, as if it were not there, instead of finding nothing (tried).
    terms = [term(matcher, info) for matcher in matchers if not (isinstance(matcher, Phrase) and not matcher.tokens)]
    if not terms:
        return _NOTHING
    return f"{name}:{terms[0]}" if len(terms) == 1 else f"{name}:({' OR '.join(terms)})"


def _names(names: Pattern) -> str:
    """A pattern of field names, whose stars are escaped for the parser and read by Elasticsearch."""
    if any(isinstance(part, AnyOne) or (isinstance(part, Text) and "*" in part.value) for part in names):
        raise InexpressibleError("lucene-field-pattern", "only `*` stands for characters of a field name")
    return "".join(escaped(part.value) if isinstance(part, Text) else "\\*" for part in names)


def _free(matcher: Matcher) -> str:
    """A value in any field: a whole text, or a pattern."""
    match matcher:
        case Equal(TextLiteral(), False):
            return term(matcher, FieldInfo("*"))
        case Like(parts, False) if parts != (ANY_RUN,):
            return term(matcher, FieldInfo("*"))
        case _:
            raise InexpressibleError("lucene-free-text", "without a field, query strings look for texts and patterns")
