"""What a page says of a rule besides its meaning: what it is, where and when it looks, what its alerts are."""

from collections.abc import Iterator, Sequence

from converter.describe.moment import ago, stated_duration
from converter.describe.quoting import in_words, listed, many, name_of, plain
from converter.ir.detection import Events
from converter.ir.detection import Sequence as EventSequence
from converter.rule import Rule, Schedule, Suppression, Technique, Threat

_TYPES = {
    "eql": "event correlation",
    "query": "query",
    "saved_query": "saved query",
    "threshold": "threshold",
    "new_terms": "new terms",
    "threat_match": "indicator match",
    "esql": "ES|QL",
    "machine_learning": "machine learning",
}
_NO_INDICES = {"esql", "machine_learning"}
"""Types whose rules name no indices of their own (spec elastic-rules 2.7, 2.8)."""

_LANGUAGES = {"eql": "EQL", "kuery": "KQL", "lucene": "Lucene", "dsl": "Query DSL", "esql": "ES|QL"}


def facts(rule: Rule) -> Iterator[tuple[str, str]]:
    """Words and what stands beside them, in the order of the page."""
    yield "Rule", _identity(rule)
    yield "Source", plain(rule.origin.path, 500) + (f", rule {rule.origin.index + 1}" if rule.origin.index else "")
    if rule.severity or rule.risk_score is not None:
        score = "" if rule.risk_score is None else f"risk score {rule.risk_score}"
        yield "Severity", ", ".join(filter(None, (rule.severity, score)))
    if _states_its_run(rule):
        yield from _run(rule)
    yield from _order(rule)
    if rule.tags:
        yield "Tags", listed([plain(tag) for tag in rule.tags])
    for number, threat in enumerate(rule.threat):
        yield ("" if number else "Technique"), _threat(threat)


def _run(rule: Rule) -> Iterator[tuple[str, str]]:
    """Where and when the rule looks, and what comes of it."""
    if rule.type not in _NO_INDICES:
        yield "Looks in", _scope(rule)
    yield "Runs", _schedule(rule)
    yield "Time field", _time_field(rule.schedule)
    yield "Alerts", _alerts(rule)


def _states_its_run(rule: Rule) -> bool:
    """Whether there is a container that could say where and when the rule looks: not if there is nothing but a query,
    or nothing that could be read."""
    return bool(rule.type) and rule.origin.format != rule.language


def _identity(rule: Rule) -> str:
    kind = plain(rule.type) or "unknown type"
    named = _TYPES.get(rule.type)
    parts = [
        f"{named} ({kind})" if named and named != kind else kind,
        f"in {_LANGUAGES.get(rule.language, plain(rule.language))}" if rule.language else "",
        f"id {plain(rule.rule_id)}" if rule.rule_id else "",
        f"version {rule.version}" if rule.version is not None else "",
        plain(rule.maturity) if rule.maturity else "",
    ]
    return ", ".join(filter(None, parts))


def _scope(rule: Rule) -> str:
    """Where the rule looks (spec elastic-rules 2.1)."""
    if rule.scope.data_view:
        return f"the data view {plain(rule.scope.data_view)}"
    taken = [plain(index) for index in rule.scope.indices if not index.startswith("-")]
    left_out = [plain(index[1:]) for index in rule.scope.indices if index.startswith("-")]
    if not taken and not left_out:
        return "the security indices of the space (the rule names none)"
    return listed(taken or ["the security indices of the space"]) + (f"; not {listed(left_out)}" if left_out else "")


def _schedule(rule: Rule) -> str:
    """How often, and over which time (spec elastic-rules 1.1); what the rule does not state is Elastic's default."""
    schedule = rule.schedule
    every = f"every {stated_duration(schedule.interval)}"
    unstated = [word for word, key in (("interval", "interval"), ("look-back", "from")) if key not in rule.data]
    default = f" ({in_words(unstated)} by default)" if unstated else ""
    return f"{every}, over events from {ago(schedule.start)} up to {ago(schedule.end)}{default}"


def _time_field(schedule: Schedule) -> str:
    override = schedule.timestamp_override
    if override is None or override == "@timestamp":
        return "@timestamp"
    if not schedule.override_falls_back:
        return f"{name_of(override)}; events without it are not seen"
    return f"{name_of(override)}, or @timestamp where it is missing"


def _order(rule: Rule) -> Iterator[tuple[str, str]]:
    """What decides the order of events, where it matters (spec eql 10.1, elastic-rules 2.3)."""
    meaning = rule.stated or rule.detection
    if isinstance(meaning, EventSequence) or (isinstance(meaning, Events) and meaning.take):
        tiebreaker = f", then {name_of(rule.order.tiebreaker)}" if rule.order.tiebreaker else ""
        yield "Order", f"by {name_of(rule.order.timestamp)}{tiebreaker}"
    if rule.order.category != "event.category":
        yield "Category", f"the word before `where` is a value of {name_of(rule.order.category)}"


def _alerts(rule: Rule) -> str:
    parts = [f"at most {many(rule.schedule.max_signals)} a run"]
    if rule.building_block:
        parts.append("a building block: they are hidden from the usual view")
    if rule.suppression is not None:
        parts.append(_suppression(rule.suppression))
    return "; ".join(parts)


def _suppression(suppression: Suppression) -> str:
    """How many alerts a group makes (spec elastic-rules 1.5)."""
    group = f"the same {in_words([name_of(name) for name in suppression.group_by])}" if suppression.group_by else ""
    per = f"one for all events with {group}" if group else "one for each group"
    within = f" within {stated_duration(suppression.duration)}" if suppression.duration else " of a run"
    if not group:
        return f"{per}{within}"
    missing = "events that lack a field make a group" if suppression.missing else "those that lack a field alert singly"
    return f"{per}{within} ({missing})"


def _threat(threat: Threat) -> str:
    techniques = list(_techniques(threat.techniques))
    return f"{plain(threat.tactic)} ({plain(threat.tactic_id)})" + (f": {listed(techniques)}" if techniques else "")


def _techniques(techniques: Sequence[Technique]) -> Iterator[str]:
    for technique in techniques:
        yield f"{plain(technique.name)} ({plain(technique.id)})"
        yield from _techniques(technique.subtechniques)
