"""KQL, as Kibana reads it: the condition of rules over single events (spec kql 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backends.elasticsearch import window
from backends.elasticsearch.output import Output, checked, path_notes, refused, written
from converter.languages import kql
from converter.rule import Rule
from converter.schema.catalogue import default_catalogue


@dataclass(frozen=True, slots=True)
class Text:
    """A query alone."""

    query: kql.Expression
    suffix: str = ".kql"

    def text(self) -> str:
        return kql.to_text(self.query) + "\n"


def translate(rule: Rule, options: Mapping[str, str]) -> Output:
    """The rule's condition in KQL; refused where KQL has no words for it."""
    if rule.detection is None:
        raise ValueError(f"rule `{rule.name}` was not read")
    catalogue = default_catalogue()
    raised = kql.raise_(rule.detection, catalogue)
    if raised.tree is None:
        return refused(rule, *raised.losses)
    notes = (*path_notes(rule, "_search"), *window.notes(rule.schedule))
    output = written(rule, Text(raised.tree), notes=notes)
    output = replace(output, assumptions=(*output.assumptions, *raised.assumptions))
    typed = catalogue.retyped(raised.types)
    return checked(output, kql.lower(raised.tree, typed), rule.detection, typed)
