"""Relations between fields: the parts of paths, and what setting one field does to the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.events.event import Scalar
from converter.events.generate.coherence import agrees, having, join_arguments, split_arguments
from converter.schema.catalogue import default_catalogue
from converter.schema.relation import CommandLine, PathParts, RegistryPath, relations

FILE = PathParts("file.path", "file.name", "file.directory", "file.extension")
LINE = CommandLine("process.command_line", "process.args", "process.args_count")
KEY = RegistryPath("registry.path", "registry.hive", "registry.key", "registry.value")


def test_the_fields_of_relations_are_in_the_catalogue() -> None:
    assert [name for name in relations() if name not in default_catalogue()] == []


@pytest.mark.parametrize(
    ("path", "name", "directory", "extension"),
    [
        ("C:\\a\\b.tar.gz", "b.tar.gz", "C:\\a", "gz"),
        ("/usr/bin/sh", "sh", "/usr/bin", None),
        ("/sh", "sh", "/", None),
        ("/home/u/.bashrc", ".bashrc", "/home/u", None),
        ("a.exe", "a.exe", None, "exe"),
        ("/var/", None, "/var", None),
        ("/var/a.", "a.", "/var", None),
    ],
)
def test_parts_of_a_path(path: str, name: str | None, directory: str | None, extension: str | None) -> None:
    parts = FILE.parts(path)
    assert [parts[field] for field in FILE.fields] == [
        (part,) if part else () for part in (path, name, directory, extension)
    ]


def test_parts_of_a_registry_path() -> None:
    assert KEY.parts("HKLM\\SOFTWARE\\Run\\x") == {
        "registry.path": ("HKLM\\SOFTWARE\\Run\\x",),
        "registry.hive": ("HKLM",),
        "registry.key": ("SOFTWARE\\Run",),
        "registry.value": ("x",),
    }


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("file.name", "y.so", "/var/d/y.so"),
        ("file.extension", "txt", "/var/d/x.txt"),
        ("file.directory", "/opt", "/opt/x.sh"),
        ("file.path", "C:\\z", "C:\\z"),
    ],
)
def test_setting_a_part_moves_the_path(field: str, value: str, path: str) -> None:
    changed = having(FILE, {"file.path": "/var/d/x.sh"}, field, value)
    assert changed["file.path"] == path
    assert changed[field] == value
    assert agrees(FILE, changed)


@pytest.mark.parametrize(
    ("field", "value", "line", "args"),
    [
        ("process.command_line", 'sh -c "a b"', 'sh -c "a b"', ["sh", "-c", "a b"]),
        ("process.args", "-x", "sh -x", ["sh", "-x"]),
        ("process.args_count", 3, "sh -c -2", ["sh", "-c", "-2"]),
        ("process.args_count", 1, "sh", ["sh"]),
    ],
)
def test_setting_part_of_a_command_line(field: str, value: Scalar, line: str, args: list[str]) -> None:
    changed = having(LINE, {"process.args": ["sh", "-c"]}, field, value)
    assert changed == {"process.command_line": line, "process.args": args, "process.args_count": len(args)}


@given(st.lists(st.text(alphabet="ab -/é", max_size=6)))
def test_joined_arguments_split_into_the_same(args: list[str]) -> None:
    assert split_arguments(join_arguments(args)) == args


@pytest.mark.parametrize(
    ("document", "agree"),
    [
        ({"file.path": "/a/b", "file.name": "b"}, True),
        ({"file.path": "/a/b", "file.name": "c"}, False),
        ({"file.path": "/a/b", "file.extension": "b"}, False),
        ({"file.path": None, "file.name": "c"}, True),
        ({"file.path": ["/a/b", "/a/c"]}, False),
        ({"file.name": "c"}, True),
    ],
)
def test_documents_that_agree_with_themselves(document: dict[str, object], agree: bool) -> None:
    assert agrees(FILE, document) is agree


def test_numbers_of_arguments_agree_with_the_arguments() -> None:
    assert not agrees(LINE, {"process.args": ["a", "b"], "process.args_count": 1})
    assert not agrees(LINE, {"process.args": ["a", "b"], "process.command_line": "a"})
