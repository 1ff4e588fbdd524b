"""A stanza of savedsearches.conf: a search with schedule, severity and ATT&CK annotations (spec splunk 7.2, 7.3)."""

import hashlib
import json
import re
from functools import cache
from importlib.resources import files

import jinja2

from converter.rule import Rule
from converter.schedule import seconds

LAG = 300
"""Seconds a window ends before now: late events are still found, and adjacent windows find each of them once."""

_SEVERITY = {"low": "2", "medium": "3", "high": "4", "critical": "5"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORBIDDEN = re.compile(r"[\[\]/]")
_LONGEST_NAME = 80


def stanza(rule: Rule, search: str, earliest: str | None) -> str:
    """The stanza as text. `earliest` is the search's own time range (a history), else the rule's interval and lag."""
    every = period(seconds(rule.schedule.interval) or 300)
    settings = [
        ("description", _one_line(rule.description or rule.name)),
        ("disabled", "1"),
        ("enableSched", "1"),
        ("cron_schedule", cron(every, rule.rule_id or rule.name)),
        ("dispatch.earliest_time", earliest or f"-{(every + LAG) // 60}m@m"),
        ("dispatch.latest_time", "now" if earliest else f"-{LAG // 60}m@m"),
        ("schedule_window", "auto"),
        ("realtime_schedule", "0"),
        ("counttype", "number of events"),
        ("relation", "greater than"),
        ("quantity", "0"),
        ("alert.digest_mode", "1"),
        ("alert.track", "0"),
        ("alert.severity", _SEVERITY.get(rule.severity or "", "3")),
        ("action.correlationsearch.annotations", _annotations(rule)),
        ("search", search.replace("\n", " \\\n")),
    ]
    return _template().render(name=stanza_name(rule.name, rule.rule_id or rule.name), settings=settings)


MINUTE, HOUR, DAY = 60, 3_600, 86_400

_PERIODS = tuple(
    [MINUTE * step for step in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)]
    + [HOUR * step for step in (1, 2, 3, 4, 6, 8, 12)]
    + [DAY]
)
"""What cron can repeat evenly: divisors of an hour and of a day."""


def period(wanted: int) -> int:
    """How often to run, in seconds, to run at least every so many seconds: the next shorter period cron knows."""
    return max((known for known in _PERIODS if known <= wanted), default=MINUTE)


def cron(every: int, identity: str) -> str:
    """A cron line for one of cron's periods, moved by an offset that only depends on the rule's identity."""
    spread = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big")
    if every == MINUTE:
        return "* * * * *"
    if every < HOUR:
        step = every // MINUTE
        return f"{spread % step}-59/{step} * * * *"
    minute, hour, step = spread % 60, spread // 60 % (every // HOUR), every // HOUR
    if step == 1:
        return f"{minute} * * * *"
    return f"{minute} {hour} * * *" if every == DAY else f"{minute} {hour}-23/{step} * * *"


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
