"""When searches run, and over which part of time (spec splunk 4.6, 7.3)."""

import hashlib

DEFAULT_INTERVAL, DEFAULT_LOOK_BACK = 300, 360
"""Elastic's own, in seconds (spec elastic-rules 1.1)."""

LAG = 300
"""Seconds a window ends before now: late events are still found, and adjacent windows find each of them once."""

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
