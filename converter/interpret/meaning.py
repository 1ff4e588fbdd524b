"""What a rule's type makes of its query: events, groups, first-seen terms, matches with indicators (2.1 to 2.6)."""

from collections.abc import Mapping
from dataclasses import replace

from converter.errors import RuleError
from converter.interpret.kind import language_of
from converter.interpret.query import lowered_kibana
from converter.interpret.refusal import malformed, place_of, unsupported
from converter.ir.detection import Detection, Events, IndicatorEntry, IndicatorMatch, NewTerms, Threshold
from converter.ir.predicate import Always, Field, Predicate
from converter.languages.lowered import Lowered
from converter.losses import Direction, Loss
from converter.rule import RawRule, Rule
from converter.schema.catalogue import Catalogue

MOST_NEW_TERMS = 3
MOST_GROUP_FIELDS = 5
"""Before stack 9.2 Kibana takes three."""


def meaning(raw: RawRule, rule: Rule, lowered: Lowered, catalogue: Catalogue) -> Lowered:
    """The rule's detection, with the findings of reading it."""
    detection = lowered.detection
    if not isinstance(detection, Events):
        return lowered  # sequences and samples are EQL's own
    match rule.type:
        case "new_terms":
            terms = _new_terms(raw)
            if terms is None:
                return replace(lowered, losses=(*lowered.losses, _unstated_history()))
            found: Detection = NewTerms(detection.predicate, *terms, rule.schedule.start)
            return replace(lowered, detection=found)
        case "threshold":
            return replace(lowered, detection=_threshold(raw, rule, detection.predicate))
        case "threat_match":
            return _indicator_match(raw, lowered, detection.predicate, catalogue)
        case "saved_query":
            return replace(lowered, losses=(*lowered.losses, _saved_elsewhere()))
        case _:
            return lowered


# --- new terms -----------------------------------------------------------------------------------------------------


def _new_terms(raw: RawRule) -> tuple[tuple[Field, ...], str] | None:
    """Fields and start of the history, None if the source names neither."""
    fields, history = raw.data.get("new_terms_fields"), raw.data.get("history_window_start")
    if fields is None and history is None:
        return None
    names = _names(raw, "new_terms_fields", fields)
    if not 1 <= len(names) <= MOST_NEW_TERMS:
        raise malformed(raw, "new_terms_fields", f"1 to {MOST_NEW_TERMS} fields")
    if not isinstance(history, str) or not history.startswith("now"):
        raise malformed(raw, "history_window_start", "date math before `now`, such as now-7d")
    return names, history


def _unstated_history() -> Loss:
    return Loss(
        "new-terms-history-unstated",
        "the source names neither the fields nor the history of its new terms: the base query alone finds more",
        Direction.WIDER,
    )


# --- threshold -----------------------------------------------------------------------------------------------------


def _threshold(raw: RawRule, rule: Rule, predicate: Predicate) -> Threshold:
    table = raw.data.get("threshold")
    if not isinstance(table, Mapping):
        raise malformed(raw, "threshold", "a table with `field` and `value`")
    stated = table.get("field") or []
    fields = _names(raw, "threshold", [stated] if isinstance(stated, str) else stated, "threshold.field")
    if len(fields) > MOST_GROUP_FIELDS:
        raise malformed(raw, "threshold", f"at most {MOST_GROUP_FIELDS} fields", "threshold.field")
    least = _count(raw, table.get("value"), "threshold.value")
    cardinality = table.get("cardinality") or []
    if not isinstance(cardinality, list):
        raise malformed(raw, "threshold", "a list of fields with values", "threshold.cardinality")
    return Threshold(predicate, fields, least, _distinct(raw, cardinality), start=rule.schedule.start)


def _distinct(raw: RawRule, cardinality: list[object]) -> tuple[Field, int] | None:
    """Kibana looks at the first entry only."""
    if not cardinality:
        return None
    match cardinality[0]:
        case {"field": str(name), "value": value} if name:
            return Field(name), _count(raw, value, "threshold.cardinality.value")
        case _:
            raise malformed(raw, "threshold", "entries with `field` and `value`", "threshold.cardinality")


def _count(raw: RawRule, value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise malformed(raw, "threshold", "a whole number of at least 1", name)
    return value


# --- indicators ----------------------------------------------------------------------------------------------------


def _indicator_match(raw: RawRule, lowered: Lowered, predicate: Predicate, catalogue: Catalogue) -> Lowered:
    """The event side joined with the indicators that `threat_query` and `threat_filters` select."""
    # Imported here: filters need the reader of Query DSL, which most rules do not.
    from converter.interpret.restriction import filters_of
    from converter.passes.restrict import both

    chosen = _indicators(raw, catalogue)
    if not isinstance(chosen.detection, Events):
        raise TypeError("Kibana's languages select events")
    conditions = filters_of(raw, "threat_filters", catalogue)
    index = _texts(raw, "threat_index")
    found = IndicatorMatch(predicate, index, both(chosen.detection.predicate, conditions), _mapping(raw))
    return Lowered(
        found,
        (*lowered.losses, *chosen.losses),
        (*lowered.notes, *chosen.notes),
        (*lowered.assumptions, *chosen.assumptions),
    )


def _indicators(raw: RawRule, catalogue: Catalogue) -> Lowered:
    language = language_of(raw, "threat_match", "threat_language")
    text = raw.data.get("threat_query")
    if text is None or text == "":
        return Lowered(Events(Always()))
    if not isinstance(text, str):
        raise malformed(raw, "threat_query", "a query as text")
    try:
        return lowered_kibana(text, language, catalogue)
    except RuleError as error:
        # Only the query's own place is known to the character; another text's begins where its key does.
        raise error.at(place_of(raw, "threat_query")) from error


def _mapping(raw: RawRule) -> tuple[tuple[IndicatorEntry, ...], ...]:
    """Groups of comparisons: any group suffices, all of its entries must hold for one indicator."""
    groups = raw.data.get("threat_mapping")
    if not isinstance(groups, list) or not groups:
        raise malformed(raw, "threat_mapping", "a list of groups with `entries`")
    return tuple(_group(raw, group) for group in groups)


def _group(raw: RawRule, group: object) -> tuple[IndicatorEntry, ...]:
    match group:
        case {"entries": [_, *_] as entries}:
            found = tuple(_entry(raw, entry) for entry in entries)
        case _:
            raise malformed(raw, "threat_mapping", "groups with `entries`")
    if all(entry.negate for entry in found):
        raise malformed(raw, "threat_mapping", "an entry that is not negated in each group")
    return found


def _entry(raw: RawRule, entry: object) -> IndicatorEntry:
    match entry:
        case {"field": str(field), "value": str(value), "type": "mapping", **rest} if field and value:
            negate = rest.get("negate", False)
            if isinstance(negate, bool):
                return IndicatorEntry(Field(field), Field(value), negate)
        case _:
            pass
    raise malformed(raw, "threat_mapping", 'entries with `field`, `type = "mapping"` and `value`')


# --- shapes --------------------------------------------------------------------------------------------------------


def _names(raw: RawRule, key: str, value: object, name: str | None = None) -> tuple[Field, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise malformed(raw, key, "a list of field names", name)
    return tuple(Field(item) for item in value)


def _texts(raw: RawRule, key: str) -> tuple[str, ...]:
    value = raw.data.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise malformed(raw, key, "a list of index patterns")
    return tuple(value)


def _saved_elsewhere() -> Loss:
    return Loss(
        "saved-query-elsewhere",
        "the query is an object in Kibana; the copy in the rule is converted, and may be another",
        Direction.DIFFERENT,
    )


def check_saved_query(raw: RawRule) -> None:
    """UnsupportedError for a saved query of which the rule has no copy (2.2)."""
    query = raw.data.get("query")
    if not isinstance(query, str) or not query.strip():
        what = "the query is stored in Kibana, and the rule has no copy of it"
        raise unsupported(raw, "query", "saved-query-unsupported", what)
