"""From a raw rule to a rule: its query is read in its language, its metadata typed, its type given a meaning.

Every type and every part of a rule that nothing here converts is refused with a code of its own (`UnsupportedError`): a
rule is never taken without the part that is not understood (spec elastic-rules 1, 2 and 7).
"""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from converter.errors import Place, RuleError, UnsupportedError
from converter.ir.detection import Detection, Events, NewTerms, Sample, Sequence
from converter.ir.predicate import Field
from converter.ir.span import Span
from converter.languages.lowered import Lowered
from converter.losses import Direction, Loss, Note
from converter.metadata import Metadata
from converter.rule import Origin, RawRule, Rule
from converter.schema.catalogue import Catalogue

RULE_NAMESPACE = uuid.UUID("641f3d7d-9b75-5d99-a836-40946a5d6d62")
"""Namespace of the ids of rules whose source states none: UUIDv5 of the title in it."""

_MAX_NEW_TERMS = 3

_LATER_TYPES = {
    "threshold": ("threshold-unsupported", "threshold rules count events"),
    "threat_match": ("threat-match-unsupported", "indicator match rules join events with indicators"),
    "esql": ("esql-unsupported", "ES|QL is a language of its own"),
    "machine_learning": ("machine-learning-unsupported", "the rule needs a trained job and has no query"),
    "saved_query": ("saved-query-unsupported", "the query is stored in Kibana, not in the rule"),
}
_LANGUAGES_OF = {"eql": ("eql",), "query": ("kuery", "lucene", "dsl"), "new_terms": ("kuery", "lucene")}


def rule_id_for(title: str) -> str:
    """The id of a rule whose source states none: always the same for the same title."""
    return str(uuid.uuid5(RULE_NAMESPACE, title))


def interpret(raw: RawRule, catalogue: Catalogue) -> Rule:
    """The rule that a raw rule means. Never raises for a rule's content: what is wrong with it is in `error`."""
    rule = _described(raw)
    if raw.error is not None:
        return replace(rule, error=raw.error)
    try:
        kind = _type(raw)
        language = _language(raw, kind)
        rule = replace(rule, type=kind, language=language)
        _refuse_what_comes_later(raw, kind, language)
        rule = replace(rule, query=_query(raw))
        lowered = _lowered(raw, rule, catalogue)
        detection, losses = _meaning(raw, rule, lowered)
    except RuleError as error:
        return replace(rule, error=error)
    return replace(
        rule,
        detection=detection,
        losses=losses,
        notes=(*rule.notes, *lowered.notes),
        assumptions=lowered.assumptions,
    )


# --- metadata ------------------------------------------------------------------------------------------------------


def _described(raw: RawRule) -> Rule:
    """Everything about the rule but its meaning."""
    metadata, container = Metadata(raw.data), Metadata(raw.metadata)
    name = metadata.text("name") or "unnamed rule"
    rule_id = metadata.text("rule_id")
    notes = list(raw.notes)
    if rule_id is None and raw.error is None:
        rule_id = rule_id_for(name)
        notes.append(Note("rule-id-absent", f"the source states no rule id: {rule_id} is derived from the title"))
    if raw.data.get("exceptions_list"):
        notes.append(Note("exception-list-referenced", "the rule refers to exception lists, which it does not contain"))
    rule = Rule(
        raw.origin,
        name,
        type=_plain(raw.data, "type"),
        language=_plain(raw.data, "language"),
        query=_plain(raw.data, "query"),
        rule_id=rule_id,
        description=metadata.text("description") or "",
        severity=metadata.severity(),
        risk_score=metadata.number("risk_score", 0, 100),
        version=metadata.number("version", 1),
        author=metadata.texts("author"),
        license=metadata.text("license"),
        tags=metadata.texts("tags"),
        threat=metadata.threats(),
        references=metadata.texts("references"),
        false_positives=metadata.texts("false_positives"),
        guide=metadata.text("note"),
        setup=metadata.text("setup"),
        created=container.text("creation_date"),
        updated=container.text("updated_date"),
        maturity=container.text("maturity"),
        scope=metadata.scope(),
        schedule=metadata.schedule(),
        data=raw.data,
    )
    return replace(rule, notes=(*notes, *metadata.notes, *container.notes))


def _plain(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


# --- what kind of rule it is ---------------------------------------------------------------------------------------


def _type(raw: RawRule) -> str:
    kind = raw.data.get("type")
    if kind is None:
        raise RuleError("rule-type-missing", "the rule has no type", place=_place(raw, "type"))
    if not isinstance(kind, str) or kind not in {*_LANGUAGES_OF, *_LATER_TYPES}:
        known = ", ".join(sorted({*_LANGUAGES_OF, *_LATER_TYPES}))
        raise RuleError(
            "rule-type-unknown",
            f"there is no rule type `{_short(kind)}`",
            place=_place(raw, "type"),
            expected=f"one of {known}",
        )
    return kind


def _language(raw: RawRule, kind: str) -> str:
    """The query's language; without a statement the type's own (spec elastic-rules 2.1)."""
    known = _LANGUAGES_OF.get(kind)
    stated = raw.data.get("language")
    if known is None:
        return stated if isinstance(stated, str) else ""
    if stated is None:
        return known[0]
    if not isinstance(stated, str) or stated not in known:
        raise RuleError(
            "language-mismatch",
            f"a rule of type `{kind}` cannot be in `{_short(stated)}`",
            place=_place(raw, "language"),
            expected=f"language {' or '.join(known)}",
        )
    return stated


def _refuse_what_comes_later(raw: RawRule, kind: str, language: str) -> None:
    if kind in _LATER_TYPES:
        code, why = _LATER_TYPES[kind]
        _refuse(raw, "type", code, f"rules of type `{kind}` are not converted yet: {why}")
    if language == "lucene":
        _refuse(raw, "language", "lucene-unsupported", "queries in Lucene's query string syntax are not converted yet")
    if _is_filtered(raw.data.get("filters")):
        _refuse(raw, "filters", "rule-filters-unsupported", "the rule has filters beside its query")
    if raw.data.get("exceptions") or _has_items(raw.data.get("exceptions_list")):
        _refuse(raw, "exceptions_list", "exceptions-unsupported", "the rule comes with items of exception lists")


def _is_filtered(filters: object) -> bool:
    """Whether any filter is in force: disabled ones are ignored (spec elastic-rules 1.3)."""
    if not isinstance(filters, list):
        return bool(filters)
    return any(not _disabled(entry) for entry in filters)


def _disabled(entry: object) -> bool:
    match entry:
        case {"meta": {"disabled": True}}:
            return True
        case _:
            return False


def _has_items(exceptions: object) -> bool:
    """References name a list; whatever has entries of its own is more than a reference."""
    if not isinstance(exceptions, list):
        return bool(exceptions)
    return any(not isinstance(entry, dict) or entry.keys() & {"entries", "items"} for entry in exceptions)


def _query(raw: RawRule) -> str:
    query = raw.data.get("query")
    if query is not None and not isinstance(query, str):
        raise RuleError("query-not-text", "the query is not a text", place=_place(raw, "query"))
    if not query or not query.strip():
        raise RuleError("query-missing", "the rule has no query", place=_place(raw, "query"))
    return query


# --- what it means -------------------------------------------------------------------------------------------------


def _lowered(raw: RawRule, rule: Rule, catalogue: Catalogue) -> Lowered:
    """The query's meaning; errors of the language point into the rule's file."""
    # The languages load their parser tables: only what a rule needs is imported.
    try:
        if rule.language == "eql":
            from converter.languages import eql

            category = Metadata(raw.data).text("event_category_override") or "event.category"
            return eql.lower(eql.parse(rule.query), catalogue, category_field=category)
        if rule.language == "dsl":
            from converter.languages import dsl

            return Lowered(dsl.read_search(rule.query, catalogue))
        from converter.languages.kql.lowering import lower
        from converter.languages.kql.parser import parse

        return lower(parse(rule.query), catalogue)
    except RuleError as error:
        raise in_file(error, raw.origin) from error


def in_file(error: RuleError, origin: Origin) -> RuleError:
    """An error in a query, pointing into the file that the query stands in."""
    moved = error.at(origin.place(Span(0, 0, error.place.line, error.place.column)))
    if moved.excerpt is not None and error.place.line == 1:
        # The excerpt is a line of the query, the column one of the file: what precedes the query is left blank.
        moved.excerpt = " " * (origin.query.column - 1) + moved.excerpt
    return moved


def _meaning(raw: RawRule, rule: Rule, lowered: Lowered) -> tuple[Detection, tuple[Loss, ...]]:
    """The rule's detection, and the losses that reading it made."""
    detection = lowered.detection
    if isinstance(detection, Sequence):
        _refuse(raw, "query", "sequence-unsupported", "EQL sequences are not converted yet")
    if isinstance(detection, Sample):
        _refuse(raw, "query", "sample-unsupported", "EQL samples are not converted yet")
    if not isinstance(detection, Events):
        return detection, lowered.losses
    if detection.take:
        _refuse(raw, "query", "pipe-unsupported", "the pipes `head` and `tail` are not converted yet")
    if rule.type != "new_terms":
        return detection, lowered.losses
    terms = _new_terms(raw)
    if terms is None:
        return detection, (*lowered.losses, _unstated_history())
    fields, history = terms
    return NewTerms(detection.predicate, fields, history, rule.schedule.start), lowered.losses


def _new_terms(raw: RawRule) -> tuple[tuple[Field, ...], str] | None:
    """Fields and start of the history, None if the source names neither."""
    fields, history = raw.data.get("new_terms_fields"), raw.data.get("history_window_start")
    if fields is None and history is None:
        return None
    if not isinstance(fields, list) or not all(isinstance(item, str) and item for item in fields):
        _malformed(raw, "new_terms_fields", "a list of field names")
    if not 1 <= len(fields) <= _MAX_NEW_TERMS:
        _malformed(raw, "new_terms_fields", f"1 to {_MAX_NEW_TERMS} fields")
    if not isinstance(history, str) or not history.startswith("now"):
        _malformed(raw, "history_window_start", "date math before `now`, such as now-7d")
    return tuple(Field(name) for name in fields), history


def _unstated_history() -> Loss:
    return Loss(
        "new-terms-history-unstated",
        "the source names neither the fields nor the history of its new terms: the base query alone finds more",
        Direction.WIDER,
    )


# --- errors --------------------------------------------------------------------------------------------------------


def _place(raw: RawRule, key: str) -> Place:
    """Where a key's value stands, else where the file begins."""
    return raw.places.get(key) or (raw.origin.query if key == "query" else Place(raw.origin.path))


def _refuse(raw: RawRule, key: str, code: str, what: str) -> NoReturn:
    raise UnsupportedError(code, what, place=_place(raw, key))


def _malformed(raw: RawRule, key: str, expected: str) -> NoReturn:
    raise RuleError("rule-key-invalid", f"`{key}` cannot be used", place=_place(raw, key), expected=expected)


def _short(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
