"""The engine that verification sees: artifacts and target events in, observations out."""

import pytest

from backends.splunk.engine import SplError, SplunkEngine
from backends.splunk.engine.conf import read
from converter.backend import Artifact, Engine, Observations, TargetEvent

EVENTS = [
    TargetEvent("1", {"user": ("ann",), "pid": (4,), "ok": (True,)}, "s", 1_000.5),
    TargetEvent("2", {"user": ("bob",), "pid": (40,), "ok": (False,)}, None, 900_000),
    TargetEvent("3", {"user": ("ann",), "pid": (400,)}, None, 1_000_000),
]
NEW_TERMS = "* | stats min(_time) AS firstTime BY user, pid | addinfo | where firstTime > info_max_time - 540"


def observed(text: str, suffix: str = ".spl", now: float = 1_000_000) -> Observations:
    engine: Engine = SplunkEngine({"index": "*"})
    return engine.run([Artifact("rule", suffix, text)], EVENTS, now=now)


def test_events() -> None:
    assert observed("`index` ok=true") == Observations("events", frozenset({("1",)}))


def test_time_is_in_milliseconds_and_inclusive() -> None:
    assert observed("* | where _time<=1.0005 OR _time==1000").items == {("1",), ("3",)}
    assert observed("*", now=999_999).items == {("1",), ("2",)}


def test_rows_of_stats_are_groups() -> None:
    assert observed(NEW_TERMS) == Observations("groups", frozenset({("bob", "40"), ("ann", "400")}))


def test_no_rows_are_still_groups() -> None:
    assert observed("user=nobody | stats count BY user") == Observations("groups")


def test_saved_search_with_continuation_lines() -> None:
    conf = "# comment\n[Rule]\ndisabled = 1\nsearch = `only_ann` \\\n| where 'pid'>4 \\\n| search *\n\n"
    macros = "[only_ann]\ndefinition = user=ann\n"
    artifacts = [Artifact("rule", ".conf", conf), Artifact("macros", ".conf", macros)]
    assert SplunkEngine().run(artifacts, EVENTS, now=1_000_000).items == {("3",)}


def test_several_searches_are_a_union() -> None:
    artifacts = [Artifact("a", ".spl", "user=bob"), Artifact("b", ".spl", "pid=4")]
    assert SplunkEngine().run(artifacts, EVENTS, now=1_000_000).items == {("1",), ("2",)}


@pytest.mark.parametrize(
    "artifacts",
    [
        [],
        [Artifact("a", ".txt", "*")],
        [Artifact("a", ".conf", "[app]\nid = x\n")],
        [Artifact("a", ".spl", "*"), Artifact("b", ".spl", "* | stats count")],
    ],
)
def test_nothing_to_compare(artifacts: list[Artifact]) -> None:
    with pytest.raises(SplError) as raised:
        SplunkEngine().run(artifacts, EVENTS, now=1)
    assert raised.value.code == "spl-no-search"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[a]\nx = 1\n[a]\n", 3),
        ("[a]\nx = 1\nx = 2\n", 3),
        ("x = 1\n", 1),
        ("[a]\nnothing\n", 2),
        ("[a]\nx = 1 \\ \n  2\n", 2),
        ("[a]\nx = 1 \\\n\n  2\n", 3),
        ("[a]\nx = 1 \\", 2),
    ],
)
def test_conf_that_splunk_would_misread(text: str, line: int) -> None:
    with pytest.raises(SplError) as raised:
        read(text)
    assert (raised.value.code, raised.value.place.line) == ("spl-conf", line)


def test_conf_values_keep_their_line_breaks_and_equal_signs() -> None:
    assert read("[a b]\nkey = x=1 \\\n  | y\nother=2") == {"a b": {"key": "x=1 \n  | y", "other": "2"}}
