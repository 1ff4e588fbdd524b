"""The order of events (spec eql 10.1; splunk 4.3, 4.7): by time, then by what the sensor numbers them by, then by when
they were indexed."""

from collections.abc import Iterator

from backends.splunk import where
from backends.splunk.command import Sort
from backends.splunk.selection import Schema

ECS_NUMBER = "event.sequence"
ADD_ON_NUMBER = "RecordNumber"


def ordering(schema: Schema) -> Iterator[tuple[str, where.Where]]:
    """The helper columns that tell events of one time apart. Rows without a number come last, as in EQL."""
    yield "eql_tie", where.FieldName(ECS_NUMBER if schema.ecs else ADD_ON_NUMBER)
    yield "eql_index", where.FieldName("_indextime")


def order_by(*, late: bool = False, stages: bool = False) -> Sort:
    """Oldest first. `late` rows come after all others of their time; of one event, the later stages come first."""
    keys = ["_time", *(["eql_late"] if late else []), "eql_tie", "eql_index", *(["-eql_stage"] if stages else [])]
    return Sort(tuple(keys))
