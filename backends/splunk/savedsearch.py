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
_FORBIDDEN = re.compile(r"[\[\]/\x00-\x1f\x7f]+")


def stanza(rule: Rule, search: str, earliest: str | None) -> str:
    """The stanza as text. `earliest` is the search's own time range (a history), else the rule's interval and lag."""
    every = max(60, seconds(rule.schedule.interval) or 300)
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
    return _template().render(name=_stanza_name(rule.name), settings=settings)


def cron(every: int, identity: str) -> str:
    """A cron line for a period in seconds, moved by a minute offset that only depends on the rule's identity.

    Cron knows divisors of an hour and of a day; a period between two of them becomes the next shorter one, so that no
    window is skipped.
    """
    spread = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big")
    minutes = every // 60
    if minutes < 60:
        period = max(step for step in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30) if step <= minutes)
        return "* * * * *" if period == 1 else f"{spread % period}-59/{period} * * * *"
    hours = max(step for step in (1, 2, 3, 4, 6, 8, 12, 24) if step <= minutes // 60)
    minute = spread % 60
    if hours == 24:
        return f"{minute} {spread // 60 % 24} * * *"
    return f"{minute} * * * *" if hours == 1 else f"{minute} */{hours} * * *"


def _annotations(rule: Rule) -> str:
    techniques = [technique for threat in rule.threat for technique in threat.techniques]
    ids = [item.id for technique in techniques for item in (*technique.subtechniques, technique)]
    annotations: dict[str, list[str]] = {"mitre_attack": list(dict.fromkeys(ids))}
    if rule.rule_id:
        annotations["elastic_rule_id"] = [rule.rule_id]
    return json.dumps(annotations)


def _one_line(text: str) -> str:
    """A value must not continue by accident: no line breaks, no backslash at the end."""
    return " ".join(text.split()).rstrip("\\")


def _stanza_name(title: str) -> str:
    return _one_line(_FORBIDDEN.sub(" ", title))[:80].rstrip()


@cache
def _template() -> jinja2.Template:
    source = files("templates").joinpath("splunk", "savedsearches.conf.j2").read_text(encoding="utf-8")
    # Conf files are not HTML; every value is made safe for its place above.
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    return environment.from_string(source)
