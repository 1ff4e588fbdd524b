"""Times in words: durations, and how far back date math looks (spec elastic-rules 1.1)."""

from converter.describe.quoting import counted, plain
from converter.schedule import look_back, seconds

_UNITS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond"))
_NAMES = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}


def duration(milliseconds: int) -> str:
    """The duration in the largest unit that it is a multiple of: `2 minutes`, `90 seconds`."""
    size, unit = next((size, unit) for size, unit in _UNITS if milliseconds % size == 0)
    return counted(milliseconds // size, unit)


def stated_duration(text: str) -> str:
    """`5m` as `5 minutes`; what is no duration of Elastic's, as it stands."""
    length = seconds(text)
    return plain(text) if length is None else duration(length * 1_000)


def ago(date_math: str) -> str:
    """`now-9m` as `now-9m (9 minutes before the run)`; what has no fixed length, as it stands."""
    stated, found = plain(date_math), look_back(date_math)
    if found is None or date_math.strip() == "now":
        return stated
    before = f"{counted(found.count, _NAMES[found.unit])} before the run" if found.count else "the run"
    rounded = f", rounded down to the {_NAMES[found.rounded]}" if found.rounded else ""
    return f"{stated} ({before}{rounded})"
