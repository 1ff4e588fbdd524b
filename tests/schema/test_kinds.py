"""Which kinds of event a predicate can hold."""

import pytest

from converter.ir import All, Always, Equal, Field, Like, Not, Predicate, Test, TextLiteral
from converter.ir.pattern import ANY_RUN, pattern
from converter.schema.kinds import PLATFORMS, kinds_of, platforms_of


def equals(field: str, *values: str) -> Test:
    return Test(Field(field), tuple(Equal(TextLiteral(value)) for value in values))


@pytest.mark.parametrize(
    ("predicate", "platform", "kinds"),
    [
        (equals("event.action", "exec", "exec_event"), "linux", {"process start"}),
        (equals("event.action", "creation", "rename"), "linux", {"file creation", "file rename"}),
        (equals("event.action", "file_create_event", "file_rename_event"), "linux", {"file creation", "file rename"}),
        (All((equals("event.category", "process"), equals("event.code", "10"))), "windows", {"process access"}),
        (equals("event.type", "deletion"), "windows", {"file deletion", "registry deletion", "security audit"}),
        (All((equals("event.category", "process"), equals("event.type", "start"))), "windows", {"process start"}),
        (
            All((equals("event.category", "process"), equals("event.type", "start"))),
            "linux",
            {"process start", "process fork"},
        ),
        (Test(Field("event.action"), (Like(pattern("Image loaded", ANY_RUN)),)), "windows", {"image load"}),
        (equals("event.code", "4624"), "windows", {"logon"}),
        (equals("event.action", "no such action"), "windows", set()),
        (equals("event.category", "registry"), "linux", set()),
    ],
)
def test_kinds_that_a_predicate_can_hold(predicate: Predicate, platform: str, kinds: set[str]) -> None:
    assert {kind for _, kind in kinds_of(predicate, (platform,))} == kinds


@pytest.mark.parametrize(
    ("predicate", "tags", "platforms"),
    [
        (equals("host.os.type", "linux"), (), ("linux",)),
        (equals("host.os.type", "linux"), ("windows",), ("linux",)),
        (Not(equals("host.os.type", "windows")), (), ("linux", "macos")),
        (Always(), ("windows",), ("windows",)),
        (Always(), (), PLATFORMS),
        (Test(Field("host.os.type"), (Like((ANY_RUN,)),)), ("windows",), PLATFORMS),
    ],
)
def test_platforms(predicate: Predicate, tags: tuple[str, ...], platforms: tuple[str, ...]) -> None:
    assert platforms_of(predicate, tags) == platforms
