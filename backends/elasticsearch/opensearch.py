"""OpenSearch where it is no Elasticsearch: what it finds otherwise, and what it has not (elasticsearch-target 3).

Tried on OpenSearch 2.19. Two of its differences need nothing here, since every output keeps inside them: it folds the
case of ASCII letters only, and it refuses regular expressions above 1,000 characters, which Elasticsearch does by
default.
"""

from collections.abc import Iterator
from dataclasses import replace

from backends.elasticsearch.output import Output, refused
from converter.ir import Field, Like, Nested, Predicate, Range, Test, Text, VersionLiteral
from converter.ir.walk import leaves
from converter.losses import Assumption, Loss
from converter.passes.detection import event_predicates
from converter.rule import Rule
from converter.schema.catalogue import FieldType, default_catalogue


def judged(rule: Rule, format: str, output: Output) -> Output:
    """The output with what it assumes on OpenSearch, or the reason why there is none."""
    if output.statement is None or output.effective is None:
        return output
    if format == "rule":
        return refused(rule, Loss("opensearch-rule", "OpenSearch has no Kibana, and no detection rules of its making"))
    tests = [test for predicate in event_predicates(output.effective) for test in _tests(predicate)]
    losses = tuple(dict.fromkeys(loss for test in tests for loss in _lost(test)))
    if losses:
        return refused(rule, *losses)
    assumed = [assumption for test in tests for assumption in _assumed(test)]
    if format == "kuery":
        what = "the query language of OpenSearch Dashboards reads the query as Kibana does"
        assumed.append(Assumption("opensearch-dql", what))
    return replace(output, assumptions=tuple(dict.fromkeys((*output.assumptions, *assumed))))


def _tests(predicate: Predicate) -> Iterator[Test]:
    for leaf in leaves(predicate):
        match leaf:
            case Test():
                yield leaf
            case Nested(_, item):
                yield from _tests(item)
            case _:
                pass


def _lost(test: Test) -> Iterator[Loss]:
    """Versions are keywords there, whose order is that of their characters."""
    for matcher in test.matchers:
        match test.field, matcher:
            case Field(name), Range(VersionLiteral(), _) | Range(None, VersionLiteral()):
                what = f"`{name}` is ordered as a version, for which OpenSearch has no field type"
                yield Loss("opensearch-version-order", what, field=name, span=test.span)
            case _:
                pass


def _assumed(test: Test) -> Iterator[Assumption]:
    """How fields are mapped whose types OpenSearch has not, or has with errors."""
    if not isinstance(test.field, Field):
        return
    name = test.field.name
    match default_catalogue()[name].type:
        case FieldType.WILDCARD if any(map(_has_backslash, test.matchers)):
            what = f"`{name}` is mapped as keyword: OpenSearch's wildcard type misreads backslashes in patterns"
            yield Assumption("opensearch-wildcard-type", what, name)
        case FieldType.FLATTENED:
            yield Assumption("opensearch-flattened", f"`{name}` is mapped as keyword, or below a flat_object", name)
        case _:
            pass


def _has_backslash(matcher: object) -> bool:
    match matcher:
        case Like(parts):
            return any(isinstance(part, Text) and "\\" in part.value for part in parts)
        case _:
            return False
