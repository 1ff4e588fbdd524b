"""Timestamps of events: ISO 8601 to the nanosecond, or milliseconds since 1970 as a number or as text."""

from datetime import UTC, datetime, timedelta

from converter.evaluate.dates import MILLISECOND, of_number, read_instant
from converter.events.event import Scalar

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST = 10**18
"""Milliseconds, as Elasticsearch counts no further either: a 64-bit integer ends soon after."""


def epoch_millis(value: Scalar) -> float | None:
    """Milliseconds since 1970 of a timestamp, None if it is not one. A text without a zone is UTC, as in Elasticsearch.

    Fractions of a millisecond survive as far as a double carries them (about a quarter of a microsecond today).
    """
    match value:
        case bool():
            return None
        case str():
            instant = read_instant(value.strip())
        case _:
            instant = of_number(value) if -_FURTHEST < value < _FURTHEST else None
    return None if instant is None else instant / MILLISECOND


def iso(millis: float) -> str:
    """The instant as Elasticsearch prints it: UTC, to the millisecond."""
    moment = _ORIGIN + timedelta(milliseconds=round(millis))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
