"""The window of time that a rule's run searches, on the clock that the rule names (spec elastic-rules 1.1)."""

from collections.abc import Iterator

from backends.elasticsearch.clause import Bool, Clause, Exists, MatchAll, Range, any_of
from converter.losses import Note
from converter.rule import Schedule

TIMESTAMP = "@timestamp"


def of(schedule: Schedule) -> Clause:
    """Events of one run: by the override where an event has it, else by `@timestamp` unless the rule says not to."""
    override = schedule.timestamp_override
    if override in {None, TIMESTAMP}:
        return _within(TIMESTAMP, schedule)
    own = _within(override or TIMESTAMP, schedule)
    if not schedule.override_falls_back:
        return own
    return any_of([own, Bool(filter=(_within(TIMESTAMP, schedule),), must_not=(Exists(override or TIMESTAMP),))])


def restricted(window: Clause, condition: Clause) -> Clause:
    """The window first, then what else every event must meet: one `bool`, whose first filter is the window."""
    match condition:
        case MatchAll():
            return Bool(filter=(window,))
        case Bool(filter_, (), must_not):
            return Bool(filter=(window, *filter_), must_not=must_not)
        case _:
            return Bool(filter=(window, condition))


def notes(schedule: Schedule) -> Iterator[Note]:
    """What an output without a window leaves to whoever runs it."""
    yield Note("run-window", f"the rule runs every {schedule.interval} over events since {schedule.start}")
    if schedule.timestamp_override:
        yield Note("timestamp-override", f"the rule's clock is `{schedule.timestamp_override}`")


def _within(field: str, schedule: Schedule) -> Clause:
    return Range(field, {"gte": schedule.start, "lte": schedule.end})
