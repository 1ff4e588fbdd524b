"""When a scheduled search runs, and over which part of time (spec splunk 4.6, 7.3; savedsearches.conf)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from backends.splunk.engine.errors import SplError, UndefinedError
from backends.splunk.engine.relative_time import instant, relative

MINUTE, DAY = 60, 86_400
_HOURS, _MINUTES = 24, 60


@dataclass(frozen=True, slots=True)
class Schedule:
    """The minutes of a day at which a search runs, and the bounds of its time range, relative to each run."""

    minutes: tuple[int, ...]
    earliest: str
    latest: str

    def runs(self, times: Iterable[float]) -> Iterator[float]:
        """The runs, in order, whose time range holds one of the times."""
        found: set[float] = set()
        for time in times:
            # A run at T sees T - a up to T - b: it holds the time if T lies within these distances after it.
            first, last = time - self._distance(self.latest), time - self._distance(self.earliest)
            found.update(self._between(first - MINUTE, last + MINUTE))
        return iter(sorted(found))

    def range(self, moment: float) -> tuple[float | None, float | None]:
        """The bounds of a run at a moment."""
        return instant(moment, self.earliest), instant(moment, self.latest)

    def _distance(self, bound: str) -> float:
        return relative(0, bound.partition("@")[0])

    def _between(self, first: float, last: float) -> Iterator[float]:
        for day in range(int(first // DAY), int(last // DAY) + 1):
            for minute in self.minutes:
                moment = day * DAY + minute * MINUTE
                if first <= moment <= last:
                    yield moment


def schedule_of(keys: Mapping[str, str]) -> Schedule | None:
    """The schedule of a stanza whose time range ends before it runs; None if it ends at the run, or there is none.

    Raises SplError for a form that this interpreter does not know.
    """
    latest, earliest, cron = (
        keys.get(name, "") for name in ("dispatch.latest_time", "dispatch.earliest_time", "cron_schedule")
    )
    if latest in ("", "now") or not cron or not earliest:
        return None
    try:
        minute, hour, *rest = cron.split()
        if rest != ["*", "*", "*"]:
            raise UndefinedError("only daily schedules are known here")
        minutes = [h * _MINUTES + m for h in _members(hour, _HOURS) for m in _members(minute, _MINUTES)]
        found = Schedule(tuple(minutes), earliest, latest)
        found.range(0)
    except (ValueError, UndefinedError) as error:
        raise SplError("spl-conf", f"`{cron}` is no schedule: {error}") from None
    return found


def _members(text: str, size: int) -> range:
    if text == "*":
        return range(size)
    span, _, step = text.partition("/")
    low, dash, high = span.partition("-")
    if not dash:
        return range(int(low), int(low) + 1)
    return range(int(low), int(high) + 1, int(step or 1))
