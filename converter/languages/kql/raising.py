"""From IR to syntax tree: an event detection as KQL, the inverse of lowering (spec kql 6, 7, 12).

What KQL cannot say is a loss without a direction: scripts, regular expressions, values in any case, single-character
wildcards, everything over several events.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from converter.errors import RuleError
from converter.ir import (
    ANY_RUN,
    All,
    Always,
    Any,
    AnyOne,
    Compute,
    Detection,
    Equal,
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
    Predicate,
    Present,
    Range,
    Test,
    Text,
    TextLiteral,
)
from converter.languages import mapping
from converter.languages.kql import tree as kql
from converter.languages.kql.lowering import lower
from converter.languages.kql.parser import parse
from converter.languages.kql.printer import to_text
from converter.languages.kql.usage import unknown_fields, uses
from converter.languages.kql.writing import EXISTENCE, constant, field_name, value
from converter.languages.raised import Findings, InexpressibleError, Raised, is_instant
from converter.losses import Loss
from converter.passes import normalise
from converter.schema.catalogue import Catalogue, FieldInfo

_NEVER: Final = kql.Not(kql.EVERYTHING)


def raise_(detection: Detection, catalogue: Catalogue) -> Raised[kql.Expression]:
    """The detection as a KQL query, with the text's own spans; `lower` gives the normalised detection back.

    EQL's mark of optional fields has no counterpart and needs none: a field without a mapping is a missing one.
    """
    findings = Findings(catalogue)
    match detection:
        case Events(predicate, ()):
            tree = _Raising(findings).expression(normalise(predicate), "")
        case _:
            what = "pipes" if isinstance(detection, Events) else f"a detection of the kind {type(detection).__name__}"
            findings.lose(Loss("kql-detection-kind", f"KQL has no words for {what}"), None)
            tree = _NEVER
    read = None if findings.losses else _read_back(tree, findings)
    return Raised(read, tuple(findings.losses), assumptions=tuple(findings.assumptions), types=findings.retyped)


def _read_back(tree: kql.Expression, findings: Findings) -> kql.Expression | None:
    """The query as it reads, None if Kibana refuses it: values that a type does not take, nested paths, nesting."""
    try:
        read = parse(to_text(tree))
        lowered = lower(read, findings.catalogue)
    except RuleError as error:
        findings.lose(Loss("kql-refused", f"Kibana does not take the query: {error.message}"), None)
        return None
    findings.assume(*lowered.assumptions)
    findings.compare_types(unknown_fields(list(uses(read)), findings.catalogue))
    return read


@dataclass(frozen=True, slots=True)
class _Raising:
    """One predicate on its way up; what cannot be said is collected in `findings`.

    `prefix` is the nested path around a node, with its dot, or empty.
    """

    findings: Findings

    def expression(self, node: Predicate, prefix: str) -> kql.Expression:
        match node:
            case All(items):
                return _joined(kql.And, [self.expression(item, prefix) for item in items])
            case Any(items):
                return _joined(kql.Or, [self.expression(item, prefix) for item in items])
            case Not(item):
                return kql.Not(self.expression(item, prefix))
            case _:
                try:
                    return self._leaf(node, prefix)
                except InexpressibleError as error:
                    self.findings.lose(error.loss, node.span)
                    return _NEVER

    def _leaf(self, leaf: Test | Compute | Nested | Always | Never, prefix: str) -> kql.Expression:
        match leaf:
            case Nested(path, item):
                name = field_name(_below(path, prefix))
                return kql.Nested(name, self.expression(item, f"{path}."))
            case Always() | Never() if prefix:
                raise InexpressibleError("kql-nested-constant", f"objects under `{prefix}` are asked for nothing")
            case Always() | Never():
                return kql.EVERYTHING if isinstance(leaf, Always) else _NEVER
            case Compute():
                raise InexpressibleError("kql-script", "KQL has no functions and no arithmetic")
            case Test(field, matchers):
                return self._test(field, matchers, prefix)

    def _test(self, field: FieldRef, matchers: tuple[Matcher, ...], prefix: str) -> kql.Expression:
        match field:
            case Field(name):
                self.findings.need(name, matchers)
                return self._values(field_name(_below(name, prefix)), self.findings.catalogue[name], matchers)
            case FieldPattern(names) if names == (ANY_RUN,) and not prefix:
                return _joined(kql.Or, [_free_text(matcher) for matcher in matchers])
            case FieldPattern(names):
                return self._values(_name_pattern(names, prefix), self._covered(names), matchers)

    def _covered(self, names: Pattern) -> FieldInfo:
        """One of the fields that a pattern of names covers: all of them read a value alike."""
        known = self.findings.catalogue.matching(names)
        return self.findings.catalogue[known[0]] if known else FieldInfo("", known=False)

    def _values(self, name: kql.Literal, info: FieldInfo, matchers: tuple[Matcher, ...]) -> kql.Expression:
        """Values of one field as a list, ranges beside it; existence makes everything else superfluous."""
        if Present() in matchers:
            return kql.Match(name, EXISTENCE)
        ranges = [matcher for matcher in matchers if isinstance(matcher, Range) and not is_instant(matcher)]
        listed = [value(matcher, info) for matcher in matchers if matcher not in ranges]
        clauses = [_list(name, listed)] if listed else []
        for matcher in ranges:
            bounds = self.findings.part_bounds(info, matcher)
            clauses.append(_joined(kql.And, [clause for bound in bounds for clause in _bounds(name, bound)]))
        return _joined(kql.Or, clauses)


def _list(name: kql.Literal, values: list[kql.Literal]) -> kql.Expression:
    return kql.Match(name, values[0] if len(values) == 1 else kql.ValueOr(tuple(values)))


def _joined(
    kind: Callable[[tuple[kql.Expression, ...]], kql.Expression], items: list[kql.Expression]
) -> kql.Expression:
    return items[0] if len(items) == 1 else kind(tuple(items))


def _bounds(name: kql.Literal, matcher: Range) -> Iterator[kql.Expression]:
    if matcher.low is not None:
        yield kql.Range(name, ">" if matcher.open_low else ">=", constant(matcher.low))
    if matcher.high is not None:
        yield kql.Range(name, "<" if matcher.open_high else "<=", constant(matcher.high))


def _below(name: str, prefix: str) -> str:
    """A name relative to the nested path around it."""
    if not name.startswith(prefix):
        what = f"`{name}` is tested inside `{prefix.removesuffix('.')}`, where it does not lie"
        raise InexpressibleError("kql-nested-field", what, name)
    return name.removeprefix(prefix)


def _name_pattern(names: Pattern, prefix: str) -> kql.Literal:
    """A pattern of names, relative to the nested path around it."""
    kept = tuple(part for part in names if not isinstance(part, AnyOne))
    start = kept[0].value if kept and isinstance(kept[0], Text) else ""
    if len(kept) < len(names):
        raise InexpressibleError("kql-one-character", "KQL has no wildcard for exactly one character of a name")
    rest = _below(start, prefix)
    return kql.Literal((*((Text(rest),) if rest else ()), *kept[1 if start else 0 :]))


def _free_text(matcher: Matcher) -> kql.Expression:
    """A value without a field: the whole value of some field."""
    match matcher:
        case Equal(TextLiteral(), False):
            return kql.Match(None, value(matcher, FieldInfo("*")))
        case Like(parts) if parts != (ANY_RUN,) and len(list(mapping.chunks(parts))) == 1:
            return kql.Match(None, value(matcher, FieldInfo("*")))
        case _:
            raise InexpressibleError("kql-free-text", "without a field, KQL looks for texts and patterns of one word")
