"""Every pass keeps the meaning of every predicate on every event."""

from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from converter.evaluate import compile_predicate
from converter.events.event import Event
from converter.ir import All, Any, Not, Predicate
from converter.ir.walk import rewrite
from converter.passes import NORMALISATION, Pass, canonical, normalise
from tests import strategies
from tests.ir.show import show
from tests.strategies import CATALOGUE


def holds(predicate: Predicate, event: Event) -> bool:
    return compile_predicate(predicate, CATALOGUE)(event)


@pytest.mark.parametrize(
    "change", [*dict.fromkeys(NORMALISATION), normalise, canonical], ids=lambda item: item.__name__
)
@settings(max_examples=150)
@given(predicate=strategies.predicates, event=strategies.events)
def test_meaning_is_kept(change: Pass, predicate: Predicate, event: Event) -> None:
    changed = change(predicate)
    note(f"{show(predicate)}\n--\n{show(changed)}")
    assert holds(changed, event) is holds(predicate, event)


@settings(max_examples=500)
@given(strategies.computes, strategies.events)
def test_revealed_scripts_keep_their_meaning(predicate: Predicate, event: Event) -> None:
    changed = normalise(predicate)
    note(f"{show(predicate)}\n--\n{show(changed)}")
    assert holds(changed, event) is holds(predicate, event)
    assert holds(normalise(Not(predicate)), event) is not holds(predicate, event)


@settings(max_examples=1000)
@given(strategies.disguises, strategies.short_events)
def test_patterns_in_disguise_keep_their_meaning(predicate: Predicate, event: Event) -> None:
    changed = normalise(predicate)
    note(f"{show(predicate)}\n--\n{show(changed)}")
    assert holds(changed, event) is holds(predicate, event)


@given(strategies.predicates)
def test_normalising_twice_changes_nothing(predicate: Predicate) -> None:
    once = normalise(predicate)
    assert normalise(once) == once
    assert canonical(canonical(predicate)) == canonical(predicate)


@given(strategies.predicates, st.randoms(use_true_random=False))
def test_canonical_form_forgets_order(predicate: Predicate, random: Random) -> None:
    assert canonical(shuffled(predicate, random)) == canonical(predicate)


def shuffled(predicate: Predicate, random: Random) -> Predicate:
    def shuffle(node: Predicate) -> Predicate:
        if isinstance(node, All | Any):
            items = list(node.items)
            random.shuffle(items)
            return type(node)(tuple(items))
        return node

    return rewrite(predicate, shuffle)
