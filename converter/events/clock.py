"""Timestamps of events: ISO 8601 to the nanosecond, or milliseconds since 1970 as a number or as text."""

import re
from datetime import UTC, datetime, timedelta

from converter.events.event import Scalar

_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d))?",
    re.ASCII,
)
_EPOCH = re.compile(r"-?\d{1,17}", re.ASCII)
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_millis(value: Scalar) -> float | None:
    """Milliseconds since 1970 of a timestamp, None if it is not one. A text without a zone is UTC, as in Elasticsearch.

    Fractions of a millisecond survive as far as a double carries them (about a quarter of a microsecond today).
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = value.strip()
    if _EPOCH.fullmatch(text):
        return float(text)
    found = _ISO.fullmatch(text)
    return _instant(found) if found else None


def iso(millis: float) -> str:
    """The instant as Elasticsearch prints it: UTC, to the millisecond."""
    moment = _ORIGIN + timedelta(milliseconds=round(millis))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _instant(found: re.Match[str]) -> float | None:
    clock = found["time"] or "00:00"
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{clock}+00:00")
    except ValueError:  # a month 13, an hour 25: not a timestamp, so the event has no time
        return None
    millis = (moment - _ORIGIN) / timedelta(milliseconds=1)
    millis += int((found["fraction"] or "0").ljust(9, "0")) / 1e6
    if found["sign"]:
        offset = (int(found["hours"]) * 60 + int(found["minutes"])) * 60_000
        millis += offset if found["sign"] == "-" else -offset
    return millis
