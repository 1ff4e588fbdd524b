"""Time modifiers such as `-5m@m` (spec splunk 1.8, 4.6). Snapping is to UTC, weeks to Sunday."""

import re

from backends.splunk.engine.errors import UndefinedError
from backends.splunk.engine.literal import number

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPELLINGS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
}
_PART = re.compile(r"(?P<sign>[+-])(?P<count>\d*)(?P<unit>[a-z]+)|@(?P<snap>[a-z]+)")
_THURSDAY_TO_SUNDAY = 4 * 86400  # 1970-01-01 was a Thursday


def relative(now: float, modifier: str) -> float:
    """`now` moved by a modifier. Raises UndefinedError for a unit or form that is not known here."""
    position, moved = 0, now
    while position < len(modifier):
        found = _PART.match(modifier, position)
        if found is None:
            raise UndefinedError(f"`{modifier}` is not a relative time")
        if found["snap"]:
            moved = _snapped(moved, _unit(found["snap"]))
        else:
            distance = int(found["count"] or 1) * SECONDS[_unit(found["unit"])]
            moved += distance if found["sign"] == "+" else -distance
        position = found.end()
    return moved


def instant(now: float, text: str) -> float | None:
    """A bound of a search's time range: an epoch or a relative time; None for `now` itself.

    A real search never sees an event of its own instant. Here `now` is the time of the newest event, which counts.
    """
    if text in ("now", "now()"):
        return None
    epoch = number(text)
    if epoch is not None and text[0] not in "+-":
        return float(epoch)
    return relative(now, text.removeprefix("now()").removeprefix("now"))


def _unit(spelling: str) -> str:
    if spelling not in _SPELLINGS:
        raise UndefinedError(f"`{spelling}` is not a unit of time known here")
    return _SPELLINGS[spelling]


def _snapped(moment: float, unit: str) -> float:
    shift = _THURSDAY_TO_SUNDAY if unit == "w" else 0
    return (moment + shift) // SECONDS[unit] * SECONDS[unit] - shift
