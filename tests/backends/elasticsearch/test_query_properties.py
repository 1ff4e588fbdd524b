"""A clause that is written and read back means the predicate it was written for."""

import json

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backends.elasticsearch import body, query
from converter.evaluate.predicate import compile_predicate
from converter.events.event import Event
from converter.ir import Events, Predicate
from converter.languages import dsl
from tests.strategies import CATALOGUE, events, predicates


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(predicates, st.lists(events, min_size=1, max_size=4))
def test_the_body_read_back_selects_what_the_predicate_selects(predicate: Predicate, sample: list[Event]) -> None:
    try:
        written = body.EventSearch(query.clause(predicate)).to_json()
    except query.InexpressibleError:
        assume(False)

    read = dsl.read_search(json.loads(json.dumps(written)), CATALOGUE)

    assert isinstance(read, Events)
    wanted, found = compile_predicate(predicate, CATALOGUE), compile_predicate(read.predicate, CATALOGUE)
    assert [found(event) for event in sample] == [wanted(event) for event in sample], written
