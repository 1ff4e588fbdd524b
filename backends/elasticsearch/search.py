"""Query DSL: the search body that makes a rule's observations (spec elasticsearch-target 4, 5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from backends.elasticsearch import body, layout, statement
from backends.elasticsearch.output import Output, refused, written
from backends.elasticsearch.refusal import InexpressibleError
from converter.passes import normalise_detection
from converter.rule import Rule


@dataclass(frozen=True, slots=True)
class SearchBody:
    """What is sent to `<indices>/_search`."""

    search: body.Search
    suffix: str = ".dsl.json"

    def text(self) -> str:
        return layout.pretty(body.to_body(self.search)) + "\n"


def translate(rule: Rule, options: Mapping[str, str]) -> Output:
    """The rule as one search; refused where no search says it."""
    if rule.detection is None:
        raise ValueError(f"rule `{rule.name}` was not read")
    try:
        search = statement.search(normalise_detection(rule.detection))
    except InexpressibleError as error:
        return refused(rule, error.loss)
    return written(rule, SearchBody(search), notes=tuple(statement.notes(rule, search)))
