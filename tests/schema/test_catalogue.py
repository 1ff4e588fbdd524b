"""The catalogue: what it knows, how it answers for names that no data file spells out."""

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from converter.ir import ANY_RUN, pattern
from converter.schema.catalogue import FIELD_FILES, Catalogue, FieldInfo, FieldType, default_catalogue

FOLDER = files("converter.schema").joinpath("fields")


@pytest.mark.parametrize(
    ("name", "kind", "array"),
    [
        ("process.command_line", FieldType.WILDCARD, False),
        ("process.args", FieldType.KEYWORD, True),
        ("process.args_count", FieldType.LONG, False),
        ("process.pid", FieldType.LONG, False),
        ("process.name", FieldType.KEYWORD, False),
        ("event.category", FieldType.KEYWORD, True),
        ("event.type", FieldType.KEYWORD, True),
        ("event.code", FieldType.KEYWORD, False),
        ("host.ip", FieldType.IP, True),
        ("source.ip", FieldType.IP, False),
        ("destination.port", FieldType.LONG, False),
        ("data_stream.dataset", FieldType.CONSTANT_KEYWORD, False),
        ("registry.data.strings", FieldType.WILDCARD, True),
        ("file.Ext.windows.zone_identifier", FieldType.LONG, False),
        ("aws.cloudtrail.request_parameters", FieldType.KEYWORD, False),
        ("gcp.audit.service_data.policy_delta.binding_deltas", FieldType.NESTED, False),
        ("@timestamp", FieldType.DATE, False),
        ("process.code_signature.trusted", FieldType.BOOLEAN, False),
    ],
)
def test_fields_have_the_types_elastic_gives_them(name: str, kind: FieldType, array: bool) -> None:
    info = default_catalogue()[name]
    assert (info.known, info.type, info.array) == (True, kind, array)


@pytest.mark.parametrize(
    ("name", "analyzer"), [("message", "standard"), ("powershell.file.script_block_text", "powershell")]
)
def test_text_fields_name_their_analyzer(name: str, analyzer: str) -> None:
    info = default_catalogue()[name]
    assert (info.type, info.analyzer) == (FieldType.TEXT, analyzer)


def test_every_text_field_has_an_analyzer_and_no_other_field_has() -> None:
    for info in default_catalogue():
        assert (info.analyzer is not None) == (info.type is FieldType.TEXT), info.name


def test_normalised_fields_are_the_lower_case_enumerations() -> None:
    named = {info.name for info in default_catalogue() if info.normalised}
    assert {"event.category", "event.type", "host.os.type", "event.outcome", "data_stream.dataset"} <= named
    assert not {"process.name", "event.action", "user.name"} & named


def test_multi_fields_read_their_parent() -> None:
    caseless = default_catalogue()["process.name.caseless"]
    assert (caseless.type, caseless.parent, caseless.folded) == (FieldType.KEYWORD, "process.name", True)
    text = default_catalogue()["process.command_line.text"]
    assert (text.type, text.parent, text.analyzer) == (FieldType.TEXT, "process.command_line", "standard")


def test_fields_below_a_flattened_one_are_flattened() -> None:
    info = default_catalogue()["aws.cloudtrail.flattened.request_parameters.policy.name"]
    assert (info.known, info.type) == (True, FieldType.FLATTENED)


def test_dynamic_fields_are_known_with_the_type_of_their_prefix() -> None:
    info = default_catalogue()["winlog.event_data.SomethingNobodyListed"]
    assert info == FieldInfo("winlog.event_data.SomethingNobodyListed")


def test_an_unknown_field_is_a_keyword_and_says_that_it_is_unknown() -> None:
    assert default_catalogue()["acme.thing"] == FieldInfo("acme.thing", known=False)
    assert "acme.thing" not in default_catalogue()


def test_wildcard_names_give_the_known_fields_in_order() -> None:
    found = default_catalogue().matching(pattern("file.hash.", ANY_RUN))
    assert {"file.hash.md5", "file.hash.sha1", "file.hash.sha256"} <= set(found)
    assert list(found) == sorted(found)
    assert all(name.startswith("file.hash.") for name in found)


def test_an_extension_overrides_and_keeps_dynamic_prefixes() -> None:
    base = Catalogue({"a.*": FieldInfo("a.*", FieldType.LONG), "b": FieldInfo("b")})
    wider = base.extended([FieldInfo("b", FieldType.IP), FieldInfo("c")])
    assert [wider[name].type for name in ("a.x", "b", "c")] == [FieldType.LONG, FieldType.IP, FieldType.KEYWORD]
    assert base["b"].type is FieldType.KEYWORD


def test_retyping_makes_a_field_known() -> None:
    assert default_catalogue().retyped({"acme.count": FieldType.LONG})["acme.count"] == FieldInfo(
        "acme.count", FieldType.LONG
    )


def test_no_field_stands_in_two_files_and_every_file_notes_its_origin() -> None:
    seen: Counter[str] = Counter()
    for name in FIELD_FILES:
        text = FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8")
        assert "# Origin: " in text, name
        table = tomllib.loads(text)
        for value in table.values():
            seen.update(line.removesuffix(" []") for line in (value.splitlines() if isinstance(value, str) else value))
    assert [field for field, count in seen.items() if count > 1] == []
    assert all(name == name.strip() and " " not in name for name in seen)


def test_every_data_file_is_listed() -> None:
    stems = {entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml")}
    assert stems == {*FIELD_FILES, "normalised"}
