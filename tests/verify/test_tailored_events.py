"""Generated events fit the source they are made for."""

from converter.events.event import Event
from converter.events.generate import generate
from converter.ir import All, Equal, Events, Field, FieldPattern, Present, Test, TextLiteral
from converter.ir.pattern import ANY_RUN
from converter.schema.catalogue import default_catalogue
from converter.schema.derivation.basename import Basename
from converter.schema.derivation.copy import Copy
from converter.schema.derivation.valuemap import ValueMap
from converter.schema.profile import Source
from converter.verify.tailored import completed, confined

SOURCE = Source(
    "s",
    "windows",
    "connection",
    facts={"event.category": ("network",)},
    fields={
        "destination.ip": Copy("Ip"),
        "destination.address": Copy("Ip"),
        "process.name": Basename("Image"),
        "network.direction": ValueMap("Initiated", {"true": ("egress",)}),
    },
)


def reading(*names: str) -> Events:
    return Events(All(tuple(Test(Field(name), (Present(),)) for name in names)))


RULE = reading("destination.ip", "destination.address", "event.category", "process.name")


def test_what_the_row_shows_and_the_event_lacks_is_added() -> None:
    event = Event("1", {"destination.ip": ("192.0.2.1",)}, time=5.0)
    (found,) = completed([event], [SOURCE], RULE)
    assert found.fields == {
        "destination.ip": ("192.0.2.1",),
        "destination.address": ("192.0.2.1",),
        "event.category": ("network",),
    }
    assert (found.id, found.time) == ("1+s", 5.0)
    assert found.document["destination.address"] == ["192.0.2.1"]


def test_only_what_the_rule_reads_is_added() -> None:
    event = Event("1", {"destination.ip": ("192.0.2.1",), "event.category": ("network",)})
    assert [*completed([event], [SOURCE], reading("destination.ip", "event.category"))] == []


def test_events_the_source_does_not_record_are_left_out() -> None:
    assert [*completed([Event("1", {"event.category": ("file",)})], [SOURCE], RULE)] == []


def branches(predicate: Test) -> list[Event]:
    made = generate(confined(Events(predicate), SOURCE), default_catalogue()).events
    return [item.event for item in made if item.purpose.startswith("branch")]


def test_confined_events_have_the_values_that_the_source_maps() -> None:
    found = branches(Test(Field("network.direction"), (Equal(TextLiteral("Egress"), True),)))
    assert {event.fields["network.direction"] for event in found} == {("egress",)}
    assert {event.fields["event.category"] for event in found} == {("network",)}


def test_a_pattern_of_names_is_tried_on_the_fields_of_the_source() -> None:
    found = branches(Test(FieldPattern((ANY_RUN,)), (Equal(TextLiteral("x.exe")),)))
    assert any(event.fields.get("process.name") == ("x.exe",) for event in found)
