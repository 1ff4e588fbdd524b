"""ECS documents as Splunk's fields (spec splunk 6.1)."""

import pytest

from backends.splunk.engine import Rendering, extract

DOCUMENT = {
    "_id": "1",
    "process": {"args": ["a", "b"], "pid": 4, "Ext": {"token": [{"name": "x"}, {"name": "y", "ids": [1, 2]}]}},
    "event.category": ["process"],
    "event": {"type": "start"},
    "flag": True,
    "ratio": 0.5,
    "empty": "",
    "nothing": None,
    "none": [],
}
BRACES = {
    "process.args{}": ("a", "b"),
    "process.pid": ("4",),
    "process.Ext.token{}.name": ("x", "y"),
    "process.Ext.token{}.ids{}": ("1", "2"),
    "event.category{}": ("process",),
    "event.type": ("start",),
    "flag": ("true",),
    "ratio": ("0.5",),
    "empty": ("",),
}
ALIASES = {
    "process.args": ("a", "b"),
    "process.Ext.token.name": ("x", "y"),
    "process.Ext.token.ids": ("1", "2"),
    "event.category": ("process",),
}


@pytest.mark.parametrize("rendering", ["braces", Rendering.BOTH])
def test_arrays_gain_braces(rendering: str) -> None:
    assert extract(DOCUMENT, rendering) == BRACES


def test_aliases_show_arrays_by_their_plain_names() -> None:
    assert extract(DOCUMENT) == {**BRACES, **ALIASES}


def test_an_alias_leaves_a_scalar_alone() -> None:
    mixed = {"event.type": "scalar", "event": {"type": ["array"]}}
    assert extract(mixed) == {"event.type": ("scalar",), "event.type{}": ("array",)}


def test_unknown_rendering() -> None:
    with pytest.raises(ValueError, match="neither"):
        extract({}, "neither")
