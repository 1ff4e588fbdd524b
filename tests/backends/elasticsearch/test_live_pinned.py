"""Dates relative to now, counted from the present of the run."""

import pytest

from backends.elasticsearch.live.pinned import pinned
from converter.schema.catalogue import default_catalogue

NOW = 1_767_225_600_123.0
START = "2026-01-01T00:00:00.123Z"


def test_bounds_of_date_fields_count_from_the_present_of_the_run() -> None:
    bounds = {"gte": "now-9m/d", "lt": "now", "format": "strict_date_optional_time"}
    body = {"query": {"bool": {"filter": [{"range": {"@timestamp": bounds}}]}}, "size": 0}
    found = {"gte": f"{START}||-9m/d", "lt": START, "format": "strict_date_optional_time"}
    expected = {"query": {"bool": {"filter": [{"range": {"@timestamp": found}}]}}, "size": 0}
    assert pinned(body, NOW, default_catalogue()) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"range": {"@timestamp": {"gte": "2024-01-01||/d", "lte": 1_700_000_000_000}}},
        {"range": {"process.name": {"gte": "now"}}},
        {"range": {"process.pid": {"gte": 5}}},
        {"term": {"@timestamp": "now"}},
        {"term": {"range": {"value": "now-1d"}}},
        {"terms": {"process.name": ["now", "now-1d"]}},
        {"script": {"script": {"params": {"range": {"@timestamp": {"gte": "now"}}}}}},
    ],
)
def test_everything_else_stays_as_it_is(body: dict[str, object]) -> None:
    assert pinned({"query": body}, NOW, default_catalogue()) == {"query": body}
