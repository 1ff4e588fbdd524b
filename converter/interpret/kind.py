"""What kind of rule it is: its type and the language of its query (spec elastic-rules 2)."""

from converter.errors import RuleError
from converter.interpret.refusal import place_of, short, unsupported
from converter.rule import RawRule

_OF_KIBANA = ("kuery", "lucene")
LANGUAGES_OF: dict[str, tuple[str, ...]] = {
    "eql": ("eql",),
    "query": (*_OF_KIBANA, "dsl"),
    "saved_query": _OF_KIBANA,
    "threshold": _OF_KIBANA,
    "new_terms": _OF_KIBANA,
    "threat_match": _OF_KIBANA,
}
"""The languages of each type that has a query over events, the type's own first. `dsl` is ours: a bare search body."""

_REFUSED = {
    "esql": ("esql-unsupported", "ES|QL is a language of its own, a pipeline"),
    "machine_learning": (
        "machine-learning-unsupported",
        "the rule reads what a trained job found",
    ),
}


def type_of(raw: RawRule) -> str:
    """The rule's type. RuleError if it has none or none that is known, UnsupportedError for those not converted."""
    kind = raw.data.get("type")
    if kind is None:
        raise RuleError("rule-type-missing", "the rule has no type", place=place_of(raw, "type"))
    if not isinstance(kind, str) or kind not in {*LANGUAGES_OF, *_REFUSED}:
        known = ", ".join(sorted({*LANGUAGES_OF, *_REFUSED}))
        raise RuleError(
            "rule-type-unknown",
            f"there is no rule type `{short(kind)}`",
            place=place_of(raw, "type"),
            expected=f"one of {known}",
        )
    if kind in _REFUSED:
        code, why = _REFUSED[kind]
        raise unsupported(raw, "type", code, f"rules of type `{kind}` are not converted: {why}")
    return kind


def language_of(raw: RawRule, kind: str, key: str = "language") -> str:
    """The language under a key; without a statement the type's own."""
    known = LANGUAGES_OF[kind]
    stated = raw.data.get(key)
    if stated is None:
        return known[0]
    if not isinstance(stated, str) or stated not in known:
        raise RuleError(
            "language-mismatch",
            f"a rule of type `{kind}` cannot be in `{short(stated)}`",
            place=place_of(raw, key),
            expected=f"language {' or '.join(known)}",
        )
    return stated
