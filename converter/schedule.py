"""Elastic's durations and looks back, as rules state them (spec elastic-rules 1.1)."""

import re
from dataclasses import dataclass

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9})([smhdw])")
_RELATIVE = re.compile(r"now(?:-(?P<count>\d{1,9})(?P<unit>[smhHdw]))?(?:/(?P<rounded>[smhHd]))?")


def seconds(duration: str) -> int | None:
    """The length of `5m`, `2h`, …; None if the text is no such duration."""
    found = _DURATION.fullmatch(duration.strip())
    return int(found[1]) * _UNITS[found[2]] if found else None


@dataclass(frozen=True, slots=True)
class LookBack:
    """`now-48h/h`: a span before now, then rounded down to a unit if one is stated. Units are `s m h d w`."""

    count: int
    unit: str
    rounded: str | None = None


def look_back(date_math: str) -> LookBack | None:
    """The look back that a date math text states; None for whatever does not lie a fixed span before now.

    Months and years have no fixed length, and rounding to weeks depends on where a week begins: both are None.
    """
    found = _RELATIVE.fullmatch(date_math.strip())
    if found is None:
        return None
    unit, rounded = found["unit"] or "s", found["rounded"]
    return LookBack(int(found["count"] or 0), unit.lower(), rounded.lower() if rounded else None)
