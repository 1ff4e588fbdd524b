"""Elastic's durations and the look-back of a rule, in seconds (spec elastic-rules 1.1)."""

import re

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9})([smhdw])")
_RELATIVE = re.compile(r"now(?:-(\d{1,9}[smhdw]))?(?:/[smhdwMy])?")


def seconds(duration: str) -> int | None:
    """The length of `5m`, `2h`, …; None if the text is no such duration."""
    found = _DURATION.fullmatch(duration.strip())
    return int(found[1]) * _UNITS[found[2]] if found else None


def seconds_before_now(date_math: str) -> int | None:
    """How far `now-9m` lies before now; 0 for `now`, None for anything that is not relative to now and in the past.

    Rounding (`now-30d/d`) is left out of account: it only makes a look-back longer by less than its unit.
    """
    found = _RELATIVE.fullmatch(date_math.strip())
    if found is None:
        return None
    return seconds(found[1]) if found[1] else 0
