"""The stages of interpreting a rule, in order."""

from dataclasses import replace

from converter.errors import RuleError
from converter.interpret.described import described
from converter.interpret.kind import language_of, type_of
from converter.interpret.meaning import check_saved_query, meaning
from converter.interpret.query import lowered, query_text
from converter.rule import RawRule, Rule
from converter.schema.catalogue import Catalogue


def interpret(raw: RawRule, catalogue: Catalogue) -> Rule:
    """The rule that a raw rule means. Never raises for a rule's content: what is wrong with it is in `error`."""
    rule = described(raw)
    if raw.error is not None:
        return replace(rule, error=raw.error)
    try:
        kind = type_of(raw)
        rule = replace(rule, type=kind, language=language_of(raw, kind))
        if kind == "saved_query":
            check_saved_query(raw)
        rule = replace(rule, query=query_text(raw, optional=kind != "eql" and bool(raw.data.get("filters"))))
        found = meaning(raw, rule, lowered(rule, catalogue), catalogue)
        rule = replace(
            rule,
            stated=found.detection,
            detection=found.detection,
            losses=found.losses,
            notes=(*rule.notes, *found.notes),
            assumptions=found.assumptions,
        )
        return _restricted(raw, rule, catalogue) if raw.data.get("filters") or raw.exceptions else rule
    except RuleError as error:
        return replace(rule, error=error, detection=None, stated=None)


def _restricted(raw: RawRule, rule: Rule, catalogue: Catalogue) -> Rule:
    """The rule with its filters and exceptions folded into what it detects."""
    # Imported here: filters need the reader of Query DSL, which most rules do not.
    from converter.interpret import restriction
    from converter.passes.restrict import restrict

    if rule.detection is None:
        raise ValueError("nothing to restrict")
    filters = restriction.filters_of(raw, "filters", catalogue)
    items, losses = restriction.exceptions_of(raw, catalogue)
    return replace(
        rule,
        filters=filters,
        exceptions=items,
        detection=restrict(rule.detection, (*filters, *restriction.left_out(items))),
        losses=(*rule.losses, *losses),
        notes=(*rule.notes, *restriction.escape_notes(raw)),
        assumptions=(*rule.assumptions, *restriction.expiries(items)),
    )
