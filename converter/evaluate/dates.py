"""Dates as whole nanoseconds since 1970, UTC: ISO 8601, epoch milliseconds, date math (spec eql 5.4, kql 4.5).

A text leaves its smaller units open (`2024-05-01` is a day): `read` gives the instant where that span begins, or, with
`round_up`, where it ends. A month or day that is missing is the first either way: `2024-05` is the 1st of May, to its
end (Elasticsearch's range query, "Missing date components").
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from converter.evaluate.failure import EvaluationError

MILLISECOND = 1_000_000
SECOND = 1_000_000_000

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?:(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?)?)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"-?\d{1,18}(?:\.\d{1,6})?", re.ASCII)
_STEP = re.compile(r"(?P<sign>[+-])(?P<count>\d{0,9})(?P<unit>[yMwdhHms])|/(?P<round>[yMwdhHms])", re.ASCII)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_FIXED = {"w": 7 * 86_400, "d": 86_400, "h": 3_600, "H": 3_600, "m": 60, "s": 1}
_1970 = datetime(1970, 1, 1)  # noqa: DTZ001 - all arithmetic here is on UTC without zones


def read(text: str, *, now: float | None, round_up: bool = False) -> int | None:
    """The instant that a date literal means, None if it is no date.

    `now` is in milliseconds; a literal that needs it without one raises EvaluationError.
    """
    if text.startswith("now"):
        if now is None:
            raise EvaluationError("date-needs-now", f"`{text:.40}` depends on the time of the run, and none is given")
        return _math(round(now * MILLISECOND), text[3:], round_up=round_up)
    anchor, separator, steps = text.partition("||")
    start = read_instant(anchor, round_up=round_up and not separator)
    if start is None or not separator:
        return start
    return _math(start, steps, round_up=round_up)


@lru_cache(maxsize=4096)
def read_instant(text: str, *, round_up: bool = False) -> int | None:
    """The instant of an ISO 8601 text or of epoch milliseconds in digits; four digits are a year."""
    found = _ISO.fullmatch(text)
    if found is None:
        return _read_epoch(text) if _EPOCH.fullmatch(text) else None
    stated = [int(found[part]) for part in _PARTS if found[part] is not None]
    year, month, day, hour, minute, second = stated + [1, 1, 0, 0, 0][len(stated) - 1 :]
    try:
        start = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - UTC, see above
        begins = _nanoseconds(start)
        if found["fraction"]:
            begins += int(found["fraction"].ljust(9, "0"))
            ends = begins  # a fraction, however short, is an instant
        else:
            ends = _nanoseconds(_next(start, "dddhms"[len(stated) - 1])) - 1
    except (ValueError, OverflowError):
        return None
    return (ends if round_up else begins) - _offset(found["zone"])


def of_number(value: float) -> int | None:
    """The instant of epoch milliseconds."""
    if isinstance(value, float):
        return round(value * MILLISECOND) if abs(value) < 1e18 else None
    return value * MILLISECOND


def text_of(instant: int) -> str:
    """The instant as ISO 8601 in UTC, to the millisecond or, if that would lose something, the nanosecond.

    What lies outside the years 1 to 9999 is written as milliseconds since 1970.
    """
    if not _FIRST <= instant <= _LAST:
        return str(instant // MILLISECOND)
    start, rest = _calendar(instant)
    fraction = f"{rest:09d}"
    return f"{start.isoformat()}.{fraction[:3] if rest % MILLISECOND == 0 else fraction}Z"


def _read_epoch(text: str) -> int:
    whole, _, fraction = text.partition(".")
    part = int(fraction.ljust(6, "0")) if fraction else 0
    return int(whole) * MILLISECOND + (-part if whole.startswith("-") else part)


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    seconds = (int(digits[:2]) * 60 + int(digits[2:])) * 60
    return (-seconds if zone[0] == "-" else seconds) * SECOND


def _math(instant: int, steps: str, *, round_up: bool) -> int | None:
    """Applies date math from left to right; rounding goes to the last nanosecond of the unit under `round_up`."""
    position = 0
    try:
        while position < len(steps):
            step = _STEP.match(steps, position)
            if step is None:
                return None
            position = step.end()
            if step["round"]:
                instant = _rounded(instant, step["round"], round_up=round_up)
            else:
                instant = _moved(instant, int(step["sign"] + (step["count"] or "1")), step["unit"])
    except (ValueError, OverflowError):
        return None
    return instant


def _moved(instant: int, count: int, unit: str) -> int:
    if unit in _FIXED:
        return instant + count * _FIXED[unit] * SECOND
    start, rest = _calendar(instant)
    months = start.year * 12 + start.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    first = datetime(year, month + 1, 1)  # noqa: DTZ001 - UTC, see above
    last_day = (_next(first, "M") - timedelta(days=1)).day
    return _nanoseconds(start.replace(year=year, month=month + 1, day=min(start.day, last_day))) + rest


def _rounded(instant: int, unit: str, *, round_up: bool) -> int:
    start, _ = _calendar(instant)
    match unit:
        case "y":
            start = datetime(start.year, 1, 1)  # noqa: DTZ001 - UTC, see above
        case "M":
            start = datetime(start.year, start.month, 1)  # noqa: DTZ001 - UTC, see above
        case "w":
            start = start.replace(hour=0, minute=0, second=0) - timedelta(days=start.weekday())
        case "d":
            start = start.replace(hour=0, minute=0, second=0)
        case "h" | "H":
            start = start.replace(minute=0, second=0)
        case "m":
            start = start.replace(second=0)
    return _nanoseconds(_next(start, unit)) - 1 if round_up else _nanoseconds(start)


def _next(start: datetime, unit: str) -> datetime:
    """The beginning of the unit after the one that begins at `start`."""
    if unit in _FIXED:
        return start + timedelta(seconds=_FIXED[unit])
    if unit == "M":
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.replace(year=start.year + 1)


def _calendar(instant: int) -> tuple[datetime, int]:
    """The second an instant lies in, and the nanoseconds since it began."""
    seconds, rest = divmod(instant, SECOND)
    return _1970 + timedelta(seconds=seconds), rest


def _nanoseconds(moment: datetime) -> int:
    since = moment - _1970
    return (since.days * 86_400 + since.seconds) * SECOND


_FIRST = _nanoseconds(datetime.min)  # noqa: DTZ901 - UTC, see above
_LAST = _nanoseconds(datetime.max.replace(microsecond=0)) + SECOND - 1  # noqa: DTZ901 - UTC, see above
