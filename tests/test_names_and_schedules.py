"""Names made from titles, and durations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.names import slug
from converter.schedule import LookBack, look_back, seconds


@given(st.text())
def test_slugs_are_safe_everywhere(title: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", slug(title))
    assert len(slug(title)) <= 80


@given(st.text())
def test_a_slug_is_its_own_slug(title: str) -> None:
    assert slug(slug(title)) == slug(title)


@pytest.mark.parametrize(
    ("title", "name"),
    [("Potential Café  (via -x)", "potential_cafe_via_x"), ("../../etc", "etc"), ("日本", "rule"), ("", "rule")],
)
def test_slugs(title: str, name: str) -> None:
    assert slug(title) == name


@pytest.mark.parametrize(
    ("text", "length"),
    [("30s", 30), ("5m", 300), (" 2h ", 7_200), ("1d", 86_400), ("1w", 604_800), ("1M", None), ("5", None), ("", None)],
)
def test_durations(text: str, length: int | None) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("now", LookBack(0, "s")),
        ("now-9m", LookBack(9, "m")),
        ("now-3H", LookBack(3, "h")),
        ("now-48h/h", LookBack(48, "h", "h")),
        ("now-30d/d", LookBack(30, "d", "d")),
        ("now-1M", None),
        ("now-1y", None),
        ("now-2w/w", None),
        ("now-1d/M", None),
        ("now+1d", None),
        ("now-1d-2h", None),
        ("2024-01-01", None),
    ],
)
def test_looks_back(text: str, back: LookBack | None) -> None:
    assert look_back(text) == back
