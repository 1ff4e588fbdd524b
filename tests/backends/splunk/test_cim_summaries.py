"""What accelerated data models have of events: summaries, and whole seconds (spec splunk 6.2)."""

import pytest

from backends.splunk.engine import SplunkEvent, run

QUERY = "| tstats {options} count min(_time) AS first from datamodel=Endpoint.Processes"


def event(name: str, time: float, *, summarised: bool = True) -> SplunkEvent:
    return SplunkEvent(name, time, {"datamodel": ("Endpoint.Processes",), "dest": (name,)}, summarised)


EVENTS = (event("old", 100.25), event("new", 200.75, summarised=False))


@pytest.mark.parametrize(
    ("options", "count"),
    [
        pytest.param("summariesonly=true", "1", id="accelerated events only"),
        pytest.param("summariesonly=f", "2", id="raw events for the rest"),
        pytest.param("allow_old_summaries=true", "2", id="by default everything"),
    ],
)
def test_summaries_only(options: str, count: str) -> None:
    """ "tstats", Search Reference, summariesonly: only from the summaries that have been made; false by default."""
    (row,) = run(QUERY.format(options=options), EVENTS, now=1000.0).rows
    assert row.fields["count"] == (count,)


def test_times_are_whole_seconds() -> None:
    (row,) = run(QUERY.format(options=""), EVENTS, now=1000.0).rows
    assert row.fields["first"] == ("100",)


def test_a_row_stands_for_its_events() -> None:
    rows = run(QUERY.format(options="") + " by Processes.dest | where count>0", EVENTS, now=1000.0).rows
    assert sorted(row.events for row in rows) == [("new",), ("old",)]
