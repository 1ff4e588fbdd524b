"""Generated events are completed by what a source states besides."""

from converter.events.event import Event
from converter.schema.derivation.basename import Basename
from converter.schema.derivation.copy import Copy
from converter.schema.profile import Source
from converter.verify.completion import completed

SOURCE = Source(
    "s",
    "windows",
    "connection",
    facts={"event.category": ("network",)},
    fields={"destination.ip": Copy("Ip"), "destination.address": Copy("Ip"), "process.name": Basename("Image")},
)
ASKED = ("destination.ip", "destination.address", "event.category", "process.name")


def test_what_the_row_shows_and_the_event_lacks_is_added() -> None:
    event = Event("1", {"destination.ip": ("192.0.2.1",)}, time=5.0)
    (found,) = completed([event], [SOURCE], ASKED)
    assert found.fields == {
        "destination.ip": ("192.0.2.1",),
        "destination.address": ("192.0.2.1",),
        "event.category": ("network",),
    }
    assert (found.id, found.time) == ("1+s", 5.0)
    assert found.document["destination.address"] == ["192.0.2.1"]


def test_only_what_the_rule_reads_is_added() -> None:
    event = Event("1", {"destination.ip": ("192.0.2.1",), "event.category": ("network",)})
    assert [*completed([event], [SOURCE], ("destination.ip", "event.category"))] == []


def test_events_the_source_does_not_record_are_left_out() -> None:
    assert [*completed([Event("1", {"event.category": ("file",)})], [SOURCE], ASKED)] == []
