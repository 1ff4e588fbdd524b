"""Query DSL: the search body that makes a rule's observations (spec elasticsearch-target 4, 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backends.elasticsearch import body, layout, statement, taken
from backends.elasticsearch.output import Output, Parts, refused, written
from backends.elasticsearch.refusal import InexpressibleError
from converter.events.clock import iso
from converter.events.event import Event
from converter.ir import Detection, Events, IndicatorMatch
from converter.losses import Note
from converter.passes import normalise_detection
from converter.rule import Rule
from converter.schema.catalogue import default_catalogue


@dataclass(frozen=True, slots=True)
class SearchBody:
    """What is sent to `<indices>/_search`."""

    search: body.Search
    suffix: str = ".dsl.json"

    def text(self) -> str:
        return layout.pretty(self.search.to_json()) + "\n"


def translate(rule: Rule, options: Mapping[str, str]) -> Output:
    """The rule as one search, an indicator match as one for each batch of its indicators; refused where no search says
    it."""
    if rule.detection is None:
        raise ValueError(f"rule `{rule.name}` was not read")
    detection = normalise_detection(rule.detection)
    try:
        if isinstance(detection, IndicatorMatch) and rule.indicators is not None:
            return _of_indicators(rule, detection, rule.indicators)
        return _single(rule, detection)
    except InexpressibleError as error:
        return refused(rule, error.loss)


def _single(rule: Rule, detection: Detection) -> Output:
    search = statement.search(detection, rule.order)
    output = written(rule, SearchBody(search), notes=tuple(statement.notes(rule, [search])))
    assumed = (taken.TIES,) if isinstance(detection, Events) and detection.take else ()
    return replace(
        output,
        losses=(*output.losses, *statement.losses(rule)),
        assumptions=(*output.assumptions, *assumed),
    )


def _of_indicators(rule: Rule, detection: IndicatorMatch, documents: tuple[Event, ...]) -> Output:
    from backends.elasticsearch.batches import batches  # loads the evaluator, which no other search needs

    found = batches(detection, documents, default_catalogue())
    searches = [statement.search(part, rule.order) for part in found.parts]
    when = "" if found.moment is None else f", as of the newest one's time, {iso(found.moment)}"
    what = f"the bodies hold {found.indicators} of {len(documents)} indicators{when}"
    notes = (*statement.notes(rule, searches), Note("indicators-held", what))
    parts = Parts("indicators", tuple(map(SearchBody, searches)))
    return replace(written(rule, parts, notes=notes), effective=found.whole)
