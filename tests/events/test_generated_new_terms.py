"""Scenarios of new terms: histories at every edge of both windows, lists, gaps, and terms that were seen apart."""

import pytest

from converter.events.generate import Generated, generate
from converter.ir import Events, Field, NewTerms
from converter.languages import eql
from converter.schema.catalogue import default_catalogue
from tests.events.scenarios import values, verdicts

CONDITION = 'event.action == "load" and not user.name : "svc*"'


def terms(*names: str, condition: str = CONDITION) -> Generated:
    found = eql.lower(eql.parse(f"any where {condition}"), default_catalogue()).detection
    assert isinstance(found, Events)
    rule = NewTerms(found.predicate, tuple(map(Field, names)), history="now-5d", start="now-9m")
    return generate(rule, default_catalogue())


@pytest.fixture(scope="module")
def plain() -> Generated:
    return terms("host.id", "user.name", "process.name")


@pytest.mark.parametrize(
    ("purpose", "matches"),
    [
        ("first seen inside the window", True),
        ("first seen one millisecond after its start", True),
        ("first seen exactly at its start", False),
        ("first seen one millisecond before its start", False),
        ("seen before its start and inside", False),
        ("seen at its start and inside", False),
        ("seen twice inside", True),
        ("seen at the start of history and inside", False),
        ("seen just inside history and inside", False),
        ("seen before history and inside", True),
        ("seen at the present", True),
        ("an old and a new one in user.name", True),
        ("two old ones in user.name", False),
        ("two new ones in host.id", True),
        ("process.name missing", False),
        ("process.name null", False),
        ("process.name an empty list", False),
        ("process.name missing before", True),
        ("host.id seen before in other case", True),
        ("user.name seen before, but not with the others", True),
        ("seen before in an event of another kind", True),
    ],
)
def test_a_history_matches_as_the_specification_says(plain: Generated, purpose: str, matches: bool) -> None:
    assert verdicts(plain)[f"new terms: {purpose}"] is matches


def test_values_seen_apart_are_new_together(plain: Generated) -> None:
    purpose = "new terms: user.name seen before, but not with the others"
    one, other, mixed = zip(values(plain, purpose, "host.id"), values(plain, purpose, "user.name"), strict=True)
    assert mixed == (one[0], other[1])
    assert one[1] != other[1]


@pytest.mark.parametrize("names", [("host.id",), ("host.id", "user.name"), ("source.ip", "process.pid", "user.name")])
def test_events_of_all_branches_have_terms_of_their_own(names: tuple[str, ...]) -> None:
    generated = terms(*names, condition='event.action in ("a", "b", "c")')
    assert [verdicts(generated)[f"event: branch {number}"] for number in (1, 2, 3)] == [True] * 3


def test_terms_that_the_predicate_fixes_are_kept_apart_by_streams() -> None:
    generated = terms("user.name", condition='user.name in ("root", "admin")')
    assert generated.uncovered == ()
    assert len(generated.streams) > 1
    assert verdicts(generated)["new terms: first seen inside the window"]
    assert verdicts(generated)["new terms: seen before its start and inside"] is False
