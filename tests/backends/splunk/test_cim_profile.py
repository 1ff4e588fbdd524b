"""The profile `cim` speaks of fields that the datasets have, and users' profiles extend it."""

from dataclasses import replace
from pathlib import Path

import pytest

from backends.splunk.datamodel import SELECTOR, datasets
from converter import convert, parse, verify
from converter.backend import backend
from converter.ir import Events, Field, Threshold
from converter.schema.catalogue import default_catalogue
from converter.schema.profile import Source

PROFILE = backend("splunk").profile("cim")

PRODUCTS = """
title: the data models of a team whose products tell the system
extends: cim
sources:
  process_start:
    fields:
      host.os.type: {map: vendor_product, values: {Microsoft Sysmon: windows, Our Linux Sensor: linux}}
"""


@pytest.mark.parametrize("source", PROFILE.sources, ids=lambda source: source.name)
def test_columns_are_fields_of_the_dataset(source: Source) -> None:
    (name,) = source.select[SELECTOR]
    read = {column for derivation in source.fields.values() if derivation for column in derivation.columns}
    selected = {column for column in source.select if column != SELECTOR}
    beside = {column for neighbour in source.neighbours for column in neighbour if column != SELECTOR}
    assert read | selected | beside <= datasets()[str(name)].fields


def test_lists_are_the_same_to_profile_and_datasets() -> None:
    lists = {column.name for column in PROFILE.columns if column.array}
    assert lists == {name for dataset in datasets().values() for name in dataset.lists}


def test_columns_mean_nothing_else_to_the_catalogue() -> None:
    """Names of a dataset's fields stand beside ECS names: none may be a field of another type there."""
    typed = {column.name for column in PROFILE.columns}
    names = {name for dataset in datasets().values() for name in dataset.fields} - typed
    catalogue = default_catalogue()
    assert [name for name in sorted(names) if catalogue[name].known and not catalogue[name].type.is_string] == []


def test_a_team_says_which_products_run_where(tmp_path: Path) -> None:
    own = tmp_path / "ours.yaml"
    own.write_text(PRODUCTS, encoding="utf-8")
    query = 'process where host.os.type == "windows" and event.type == "start" and process.name : "reg.exe"'
    rule = parse(query, language="eql")
    shipped = convert(rule, to="splunk", profile="cim")
    assert [(loss.code, loss.direction, loss.field) for loss in shipped.losses] == [
        ("field-unmapped", "wider", "host.os.type")
    ]
    found = convert(rule, to="splunk", profile=str(own))
    assert found.verdict == "exact"
    assert 'Processes.vendor_product="Microsoft Sysmon"' in found.artifacts[0].text
    assert verify(rule, to="splunk", profile=str(own)).holds


def test_groups_are_counted_by_the_events_they_stand_for() -> None:
    query = 'event.category: "process" and event.type: "start" and process.command_line: "*x*"'
    rule = parse(query, language="kuery")
    assert isinstance(rule.detection, Events)
    threshold = Threshold(rule.detection.predicate, (Field("host.id"),), 3, (Field("process.name"), 2))
    proof = verify(replace(rule, detection=threshold, stated=threshold), to="splunk", profile="cim")
    assert proof.holds
    (evidence,) = proof.evidence
    assert evidence.observations > 0
    text = proof.result.artifacts[0].text
    assert "sum(count) AS event_count" in text
    assert "dc(process_name) AS distinct_count" in text
