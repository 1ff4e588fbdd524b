"""Generated events look like those of the system that the rule speaks of."""

import pytest

from converter.events.generate import GeneratedEvent, generate
from converter.ir import Events, Field, NewTerms
from converter.languages import eql
from converter.schema.catalogue import FieldType, default_catalogue
from converter.schema.derivation.registry import HIVES

CATALOGUE = default_catalogue()


def detection(condition: str) -> Events:
    found = eql.lower(eql.parse(f"any where {condition}"), CATALOGUE).detection
    assert isinstance(found, Events)
    return found


def branches(condition: str) -> list[GeneratedEvent]:
    made = generate(detection(condition), CATALOGUE)
    assert made.uncovered == ()
    return [item for item in made.events if item.purpose.startswith("branch ")]


@pytest.mark.parametrize(
    ("systems", "separator"),
    [
        ('host.os.type == "windows"', "\\"),
        ('host.os.type == "linux"', "/"),
        ('host.os.type == "linux" and host.os.type in ("linux", "windows")', "/"),
        ('host.os.type != "linux"', "\\"),
        ("true", "/"),
    ],
)
def test_paths_that_nobody_constrains_are_those_of_the_system(systems: str, separator: str) -> None:
    item = branches(f'{systems} and process.name == "x" and process.executable != null')[-1]
    assert item.event.fields["process.executable"][0] in {"C:\\Program Files\\Sample\\x", "/usr/bin/x"}
    assert separator in str(item.event.fields["process.executable"][0])


@pytest.mark.parametrize(
    "pattern", ["*\\\\Software\\\\x", "H*\\\\Software\\\\x", "HKEY_USERS\\\\*", "HKLM\\\\*\\\\Run\\\\*"]
)
def test_registry_paths_begin_with_a_hive(pattern: str) -> None:
    (item,) = branches(f'registry.path : "{pattern}"')
    assert item.event.fields["registry.hive"][0] in HIVES.values()


@pytest.mark.parametrize(
    ("system", "line"),
    [("windows", 'sample "a b"'), ("linux", "sample a b"), ("macos", "sample a b")],
)
def test_command_lines_are_joined_as_the_system_does(system: str, line: str) -> None:
    item = branches(f'host.os.type == "{system}" and process.args == "a b"')[-1]
    assert item.event.fields["process.command_line"] == (line,)
    assert item.coherent


@pytest.mark.parametrize("name", ["source.as.number", "source.ip", "user.name"])
def test_new_terms_have_the_type_of_their_field(name: str) -> None:
    rule = NewTerms(detection('event.action == "x"').predicate, (Field(name),), history="now-5d", start="now-9m")
    items = generate(rule, CATALOGUE).events
    terms = [
        value for item in items if item.purpose.startswith("new terms") for value in item.event.fields.get(name, ())
    ]
    numeric = CATALOGUE[name].type is FieldType.LONG
    assert len(set(terms)) > 5
    assert all(isinstance(term, int) is numeric for term in terms)
