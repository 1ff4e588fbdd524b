"""Stanzas of savedsearches.conf: a search with schedule, throttling, severity and ATT&CK annotations (spec splunk 7.2,
7.3). Nothing runs before it is enabled, and actions are off unless asked for."""

import hashlib
import json
import math
import re
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files

import jinja2

from backends.splunk.schedule import DEFAULT_INTERVAL, LAG, MINUTE, cron, period
from converter.losses import Note
from converter.rule import Rule
from converter.schedule import look_back, seconds

_SEVERITY = {"low": "2", "medium": "3", "high": "4", "critical": "5"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORBIDDEN = re.compile(r"[\[\]/]")
_LONGEST_NAME = 80

Settings = list[tuple[str, str]]


def stanza(
    rule: Rule,
    search: str,
    earliest: str | None = None,
    *,
    reach: int = 0,
    groups: Sequence[str] = (),
    actions: Collection[str] = (),
) -> str:
    """The stanza as text. `earliest` is the search's own time range (a history), else the rule's interval and lag, and
    `reach` seconds before that. `groups` are the columns that alerts are told apart by, `actions` those of Enterprise
    Security that are wanted: `notable`, `risk`."""
    every = period(seconds(rule.schedule.interval) or DEFAULT_INTERVAL)
    settings = [
        ("description", _one_line(rule.description or rule.name)),
        ("disabled", "1"),
        ("enableSched", "1"),
        ("cron_schedule", cron(every, rule.rule_id or rule.name)),
        ("dispatch.earliest_time", earliest or f"-{math.ceil((every + LAG + reach) / MINUTE)}m@m"),
        ("dispatch.latest_time", "now" if earliest else f"-{LAG // MINUTE}m@m"),
        ("schedule_window", "auto"),
        ("realtime_schedule", "0"),
        ("counttype", "number of events"),
        ("relation", "greater than"),
        ("quantity", "0"),
        ("alert.digest_mode", "1"),
        ("alert.track", "0"),
        ("alert.severity", _SEVERITY.get(rule.severity or "", "3")),
        *_throttling(rule, groups),
        ("action.correlationsearch.annotations", _annotations(rule)),
        *_actions(rule, actions),
        ("search", search.replace("\n", " \\\n")),
    ]
    return _written(stanza_name(rule.name, rule.rule_id or rule.name), settings)


def warm_up(rule: Rule, search: str, earliest: str, latest: str) -> str:
    """The stanza of a search that is run once, by hand, before the rule's own."""
    identity = rule.rule_id or rule.name
    settings = [
        (
            "description",
            "Run once before the search of the rule is enabled: fills the table that it looks terms up in.",
        ),
        ("disabled", "1"),
        ("enableSched", "0"),
        ("dispatch.earliest_time", earliest),
        ("dispatch.latest_time", latest),
        ("search", search.replace("\n", " \\\n")),
    ]
    return _written(stanza_name(f"{rule.name} - warm-up", f"{identity} warm-up"), settings)


def _written(name: str, settings: Settings) -> str:
    return _template().render(name=name, settings=settings)


def notes(rule: Rule, groups: Sequence[str]) -> tuple[Note, ...]:
    """What of the rule's alerts a saved search does not do."""
    found: list[Note] = []
    suppression = rule.suppression
    if suppression is not None:
        absent = [name for name in suppression.group_by if name not in groups]
        if absent:
            message = f"alerts are not grouped by {', '.join(absent)}, which results do not hold under that name"
            found.append(Note("splunk-suppression", message))
        elif not suppression.missing:
            message = "alerts of events without a group field are throttled together, not reported one by one"
            found.append(Note("splunk-suppression", message))
    if rule.building_block:
        found.append(Note("splunk-building-block", "the saved search alerts, the rule is a building block of others"))
    return tuple(found)


def _throttling(rule: Rule, groups: Sequence[str]) -> Settings:
    """One alert per group for as long as the rule says; windows that overlap must not find a group twice."""
    if not groups:
        return []
    stated = rule.suppression.duration if rule.suppression is not None else None
    period_ = seconds(stated) if stated else None
    if period_ is None:
        back = look_back(rule.schedule.start)
        period_ = seconds(f"{back.count}{back.unit}") if back is not None else None
    return [
        ("alert.suppress", "1"),
        ("alert.suppress.fields", ",".join(groups)),
        ("alert.suppress.period", f"{period_ or DEFAULT_INTERVAL}s"),
    ]


def _actions(rule: Rule, actions: Collection[str]) -> Settings:
    """Actions of Enterprise Security. Tokens (`$name$`) stand for fields of the results, so titles hold none."""
    title = _one_line(rule.name).replace("$", "")
    settings: Settings = []
    if actions:
        settings += [("action.correlationsearch.enabled", "1"), ("action.correlationsearch.label", title)]
    if "notable" in actions:
        settings += [
            ("action.notable", "1"),
            ("action.notable.param.rule_title", title),
            ("action.notable.param.rule_description", _one_line(rule.description or rule.name).replace("$", "")),
            ("action.notable.param.security_domain", "threat"),
            ("action.notable.param.severity", rule.severity or "medium"),
        ]
    if "risk" in actions:
        score = rule.risk_score or 0
        objects = [{"risk_object_field": "host", "risk_object_type": "system", "risk_score": score}]
        settings += [
            ("action.risk", "1"),
            ("action.risk.param._risk_score", "0"),
            ("action.risk.param._risk_message", title),
            ("action.risk.param._risk", json.dumps(objects)),
        ]
    return settings


def _annotations(rule: Rule) -> str:
    techniques = [technique for threat in rule.threat for technique in threat.techniques]
    ids = [item.id for technique in techniques for item in (*technique.subtechniques, technique)]
    annotations: dict[str, list[str]] = {"mitre_attack": list(dict.fromkeys(ids))}
    if rule.rule_id:
        annotations["elastic_rule_id"] = [rule.rule_id]
    return json.dumps(annotations)


def _one_line(text: str) -> str:
    """A value must not continue by accident: no line breaks or other control characters, no backslash at the end."""
    return " ".join(_CONTROL.sub(" ", text).split()).rstrip("\\ ")


def stanza_name(title: str, identity: str) -> str:
    """The name of a search: at most 80 characters, none that ends a stanza or a path. A title that had to be cut ends
    in a part of the rule's identity, so that two of them stay apart; `default` would be read as settings for all."""
    name = _one_line(_FORBIDDEN.sub(" ", title)) or "rule"
    if name.lower() == "default":
        return f"{name} rule"
    if len(name) <= _LONGEST_NAME:
        return name
    mark = hashlib.sha256(identity.encode()).hexdigest()[:8]
    return f"{_one_line(name[: _LONGEST_NAME - len(mark) - 1])} {mark}"


@cache
def _template() -> jinja2.Template:
    source = files("templates").joinpath("splunk", "savedsearches.conf.j2").read_text(encoding="utf-8")
    # Conf files are not HTML; every value is made safe for its place above.
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    return environment.from_string(source)
